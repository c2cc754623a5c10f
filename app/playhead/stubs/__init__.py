"""Stubs: fixed answers for matching requests."""
