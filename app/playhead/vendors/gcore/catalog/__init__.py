"""Streams, videos and playlists."""
