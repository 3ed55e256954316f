"""Decisions of the supermarket; no I/O."""
