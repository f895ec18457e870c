"""The text of queries and updates: its tokens, what it may contain, and how it is rewritten."""
