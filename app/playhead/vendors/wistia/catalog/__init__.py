"""Wistia's catalogue:

account, media, and the projects that /modern calls folders — evidence/wistia.md §7.1, §7.2.
"""
