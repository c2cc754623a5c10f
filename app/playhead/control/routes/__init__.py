"""Routes of the control API."""
