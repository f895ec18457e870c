"""Lists of things of a kind: what they can be narrowed by, how they are counted and sorted."""
