"""The data folder: numbered releases, the one writer, and the way from one to the next."""
