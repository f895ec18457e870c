"""Knowledge about graphs: the store and its releases, isolated queries and inference."""
