"""The commands of `hakusho`, one or a few of a kind in a module."""
