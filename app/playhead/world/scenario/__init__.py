"""Scenarios: their schema, their checks and their files."""
