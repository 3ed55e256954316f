"""The verifiable log: entries, Merkle tree, checkpoints and proofs.

Keeps commitments to what happened elsewhere; never the data itself and never a decision about it.
"""
