"""Every text that a person reads, in both languages, in one file for each page or command."""
