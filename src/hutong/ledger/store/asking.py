"""Asking one witness for its cosignature: the log's side of C2SP tlog-witness."""

import http.client
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from hutong.ledger.errors import BadNote, BadSignature
from hutong.ledger.logic import cosignatures, notes
from hutong.ledger.logic.policies import Witness

_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """``line`` is the verified signature line; else ``error`` says why not. ``known``: the size the witness has."""

    witness: str
    line: str = ""
    error: str = ""
    status: int = 0
    known: int | None = None
    alarm: bool = False


def ask(witness: Witness, note: str, old: int, proof: Sequence[bytes], timeout: float) -> Answer:
    """One request. On ``known`` the caller asks again with a proof from that size."""
    try:
        status, kind, text = _post(witness.url, request(old, proof, note), timeout)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(witness.name, error=f"{type(error).__name__}: {error}")
    if status == 200:
        return _verified(witness, note, text)
    known = None
    if status == 409 and kind.startswith("text/x.tlog.size") and text.strip().isdigit():
        known = int(text.strip()[:19])
    return Answer(
        witness.name, "", text.strip()[:300] or f"HTTP {status}", status, known, alarm=status == 422
    )


def request(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """The body of add-checkpoint."""
    lines = [f"old {old}", *(b64encode(each).decode() for each in proof)]
    return ("\n".join(lines) + "\n\n" + note).encode()


def _verified(witness: Witness, note: str, text: str) -> Answer:
    """The line of this witness out of the answer, once it is seen to hold; lines of unknown keys are ignored."""
    try:
        for line in cosignatures.read_lines(text):
            own = (line.name, line.key_id) == (witness.key.name, witness.key.key_id)
            if own and witness.key.accepts(notes.parse(note).text.encode(), line.value):
                return Answer(witness.name, str(line), status=200)
    except (BadNote, BadSignature) as error:
        return Answer(witness.name, error=str(error), status=200)
    return Answer(witness.name, error="its answer holds no valid cosignature", status=200)


def _post(url: str, body: bytes, timeout: float) -> tuple[int, str, str]:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the address of a witness begins with http:// or https://")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    try:
        path = f"{parts.path.rstrip('/')}/add-checkpoint"
        connection.request("POST", path, body, {"Content-Type": "text/plain; charset=utf-8"})
        answer = connection.getresponse()
        text = answer.read(_LARGEST).decode("utf8", "replace")
        return answer.status, answer.headers.get("Content-Type", ""), text
    finally:
        connection.close()
