"""The supermarket of reusable service modules: manifests, subscriptions, keys, metering, ratings and the first modules.

Runs modules on what callers send; never reads the lake for them.
"""
