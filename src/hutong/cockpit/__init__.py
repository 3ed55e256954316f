"""The cockpit: situation pages, and the walk from every figure to its rows and its proof.

Arranges what other capabilities know; owns no data.
"""
