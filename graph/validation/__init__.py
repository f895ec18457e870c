"""Data against the shapes of the ontology: a whole store, or what a change can have touched."""
