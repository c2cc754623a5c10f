"""Wistia's analytics, which count by their own rules and not as the statistics do —
evidence/wistia.md §7.3.
"""
