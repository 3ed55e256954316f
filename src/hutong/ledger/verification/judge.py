"""A process that judges signatures: ``python -m hutong.ledger.verification.judge``, bytes in and bytes out.

It is told batches (see ``judges``) and answers each with one byte a signature: 1 when it holds.
"""

import sys

from hutong.ledger.logic.notes import VerifierKey
from hutong.ledger.verification.batches import LENGTH, unpack


def main() -> None:
    keys: dict[bytes, VerifierKey] = {}
    ask, tell = sys.stdin.buffer, sys.stdout.buffer
    while head := ask.read(LENGTH.size):
        held = bytearray()
        for key, value, message in unpack(ask.read(*LENGTH.unpack(head))):
            known = keys.get(key) or keys.setdefault(key, VerifierKey("", key))
            held.append(known.accepts(message, value))
        tell.write(held)
        tell.flush()


if __name__ == "__main__":
    main()
