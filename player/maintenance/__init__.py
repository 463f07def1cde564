"""The maintenance page: who gets to it and what is on it, as values; painting is the stage's affair."""
