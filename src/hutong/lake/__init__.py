"""The lake: contracts, loading, quality, snapshots, lineage and queries over tables.

Owns rows and how they came in; never what they mean to a bureau (catalog) or a leader (indicators).
"""
