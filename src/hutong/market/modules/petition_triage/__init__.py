"""Petitions to a three-level category, with the words that decided."""
