"""Accounts: a name, a world, an overlay of its own, an anchor and a clock."""
