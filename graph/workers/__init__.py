"""Queries, updates and documents of strangers, in processes that can do no harm."""
