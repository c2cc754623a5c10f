"""Analytics sessions."""
