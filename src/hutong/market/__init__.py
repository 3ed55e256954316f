"""The supermarket of reusable service modules: manifests, subscriptions, keys, metering, ratings and the first modules.

Runs modules on what callers send, in processes of their own; keeps nothing of what was sent. Of the lake it reads only
the public areas of the district that placing an address needs.
"""
