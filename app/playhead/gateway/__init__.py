"""The gateway: how a request reaches a vendor, and what happens to it on the way."""
