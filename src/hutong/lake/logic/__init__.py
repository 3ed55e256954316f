"""Decisions of the lake, without input or output: what SQL to run and what its answers mean."""
