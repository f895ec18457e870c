"""The Flask application, its pages and the `hakusho` command."""
