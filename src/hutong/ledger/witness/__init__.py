"""A witness: cosigns checkpoints of logs it knows, after it has checked that they only grew (C2SP tlog-witness).

It is a process of its own with its own key and its own small state, and needs nothing of the district: neither its
database nor its settings. Nothing here may import Django's parts.
"""
