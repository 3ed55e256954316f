"""Docking of two running instances, a city and a district: push, pull, divergence and its resolution.

Carries catalog entries with proof; never changes them on the way.
"""
