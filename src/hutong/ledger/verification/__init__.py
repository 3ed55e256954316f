"""Re-checking everything the log holds, from entries to signatures, naming the first bad byte.

Nothing stored is believed by itself. Every leaf is known three times (the entry's bytes, its stored hash, the
level-0 tile) and again through the signed roots: what disagrees with the rest is what was changed.
"""
