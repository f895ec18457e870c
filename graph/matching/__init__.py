"""Triple patterns, the graphs they are matched against, and what they lead to."""
