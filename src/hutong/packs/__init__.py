"""Packs: the language in which a district and its solutions are written, its loader and its checker.

Knows how sections are declared, never what they mean: capabilities register the sections they understand.
"""
