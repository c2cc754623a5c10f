"""Built-in player statistics."""
