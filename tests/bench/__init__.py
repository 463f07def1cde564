"""The camera benchmark: how exact, how lean and how quick the player is, beside its peers."""
