"""The Stats API."""
