"""Stores that other engines hold, spoken to by SPARQL 1.1 Protocol and Graph Store Protocol."""
