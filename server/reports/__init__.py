"""A report of a submission as people and programs read it: one module for each form of it."""
