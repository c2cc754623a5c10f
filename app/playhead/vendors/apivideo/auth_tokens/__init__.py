"""The token operations."""
