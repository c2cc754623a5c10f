"""Faults: rules that make matching requests fail, wait or break."""
