"""The text index of a release: how text is folded, indexed, found and shown to match."""
