"""Knowledge about graphs: the store and its releases, isolated queries, inference; no file formats of users, no HTTP."""
