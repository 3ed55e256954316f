"""Decisions of the portal without any reading or writing."""
