"""Decisions of the log without input or output: trees, tiles, bundles, notes, checkpoints, manifests."""
