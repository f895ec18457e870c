"""Questions, one `.rq` file each, and the catalogue that reads their headers."""
