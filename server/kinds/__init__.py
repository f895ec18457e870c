"""What the page of each kind of thing shows besides what is said about it."""
