"""The catalog: duties, datasets, tables and information systems, and how to find them.

Describes data and who answers for it; never holds rows.
"""
