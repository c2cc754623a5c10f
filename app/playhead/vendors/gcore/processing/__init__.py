"""Transcoding and storage statistics."""
