"""CDN delivery statistics."""
