"""The reading side:

counts, series, curves over positions, pages of viewings and viewers. Knows no web, no vendor.
"""
