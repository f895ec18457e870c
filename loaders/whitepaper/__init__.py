"""A white paper's text, from its PDF or its HTML pages, as a proposal of tables for a person."""
