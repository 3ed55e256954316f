"""Coordinates between WGS 84, CGCS2000, GCJ-02 and BD-09."""
