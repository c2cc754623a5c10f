"""Videos and live streams."""
