"""The verifiable log: entries, Merkle tree, tiles, signed checkpoints, proofs and their re-checking.

Owns the append-only record of what was committed to and the keys that sign it. It never interprets what an
entry is about, never reads the lake or the catalog (they register how their own evidence is re-checked), and
never changes or removes an entry.
"""
