"""The /data metrics."""
