"""Decisions of the exchange, without input or output."""
