"""Indicators and plans: what a figure means, what it is on a day, and what was promised.

Computes over lake tables and remembers what it read; never edits data.
"""
