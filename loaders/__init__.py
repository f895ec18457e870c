"""Facts into quads: one module per kind of input, and the packaged editions as tables."""
