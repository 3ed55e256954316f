"""Decisions about indicators; no I/O."""
