"""Three witnesses beside a demo district: city, district, auditor, each a process with its own key and state.

They run on one machine under one hand, so they show the protocol, not independence.
"""

import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from hutong.ledger.logic.notes import VerifierKey
from hutong.ledger.witness.book import Book
from hutong.ledger.witness.commands import create

NAMES = ("city", "district", "auditor")
NEEDED = 2
_MARK = "# made for the demo district; its witnesses share one machine and prove nothing to outsiders\n"


def prepare(home: Path) -> list[list[str]]:
    """Keys, states and policy, and the commands that start the witnesses; none where the log has no key yet or
    somebody has set witnesses of their own.
    """
    verifier, policy = home / "keys" / "ledger.vkey", home / "witnesses.policy"
    if not verifier.is_file() or (policy.is_file() and not policy.read_text("utf8").startswith(_MARK)):
        return []
    log = VerifierKey.parse(verifier.read_text("utf8").strip())
    commands, lines = [], []
    for name, port in zip(NAMES, _free_ports(len(NAMES)), strict=True):
        folder = home / "witnesses" / name
        signer = create(folder, f"witness.localhost/{name}")
        book = Book(folder)
        book.trust(log)
        book.close()
        lines.append(f"witness {name} {signer.verifier} http://127.0.0.1:{port}")
        commands.append(
            [sys.executable, "-m", "hutong.ledger.witness", "run", "--home", str(folder), "--port", str(port)]
        )
    group = f"group all-three {NEEDED} {' '.join(NAMES)}"
    policy.write_text(
        _MARK + "".join(f"{line}\n" for line in [f"log {log}", *lines, group, "quorum all-three"]), "utf8"
    )
    return commands


def _free_ports(count: int) -> Sequence[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
