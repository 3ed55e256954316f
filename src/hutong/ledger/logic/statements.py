"""What organisations sign: exact bytes, each beginning with what kind of statement it is.

The first line keeps the kinds apart, so that no signature given for one purpose serves another. The log's origin
is inside, so that none serves another log.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hutong.ledger.logic.canonical import canonical

ENTRY = b"hutong-entry/2\n"
COSIGNATURE = b"hutong-cosignature/1\n"
MESSAGE = b"hutong-message/1\n"


def moment(at: datetime) -> str:
    """A time as leaves and statements write it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry(origin: str, fields: Mapping[str, Any]) -> bytes:
    """What the organisation of an entry signs: everything but the number, which the log gives."""
    said = {name: fields[name] for name in ("kind", "subject", "organisation", "payload")}
    return ENTRY + canonical({"log": origin, "at": moment(fields["at"]), **said})


def cosignature(origin: str, fields: Mapping[str, Any], proposal: str, cosigner: str, at: datetime) -> bytes:
    """What each co-signer signs of a proposed entry; its time is the co-signer's own."""
    said = {name: fields[name] for name in ("kind", "subject", "organisation", "payload")}
    return COSIGNATURE + canonical(
        {"log": origin, "proposal": proposal, "cosigner": cosigner, "at": moment(at), **said}
    )


def message(text: bytes) -> bytes:
    """Anything else an organisation signs."""
    return MESSAGE + text
