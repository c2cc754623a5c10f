"""Integrations: pytest, testcontainers, a background server."""
