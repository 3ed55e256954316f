"""Petitions about the same matter found together, by words, places and time."""
