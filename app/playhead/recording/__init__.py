"""Recording: media, broadcasts and viewings written into an account's overlay."""
