"""The demo district: synthetic sources for every dataset of the pack, generated and loaded.

Makes files as bureaus would hand them in; the rest of the system cannot tell them from real ones, save by their mark.
"""
