"""The things of a store as a network: what connects them, and what holds them together."""
