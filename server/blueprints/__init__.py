"""One blueprint for each kind of address."""
