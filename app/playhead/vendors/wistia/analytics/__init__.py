"""Wistia's analytics, which count by their own rules and not as the statistics do — contracts/wistia.md §7.3."""
