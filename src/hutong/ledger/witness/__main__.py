"""``python -m hutong.ledger.witness``: the same as ``hutong witness``, in less memory."""

from hutong.ledger.witness.commands import witness

if __name__ == "__main__":
    witness()
