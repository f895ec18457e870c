"""Charts of indicators: what is drawn, as a Vega-Lite specification, and the drawing of it."""
