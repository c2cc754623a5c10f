"""Plain values that every layer uses."""
