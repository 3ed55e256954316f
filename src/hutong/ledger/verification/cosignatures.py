"""Cosignatures of witnesses, against the checkpoints they stand under and every policy the log has declared."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from hutong.kernel.text import Text
from hutong.ledger.errors import BadEntry, BadKey, BadNote, BadPolicy
from hutong.ledger.logic import cosignatures, entries, locate, notes, policies
from hutong.ledger.logic.sm2 import Sm2Key
from hutong.ledger.models import CheckpointRow, CosignatureRow, EntryRow
from hutong.ledger.store import twin
from hutong.ledger.store.witnessing import POLICY
from hutong.ledger.types import Fault

BAD = Text(zh="见证方的会签不成立", en="the cosignature of the witness does not hold")


def check(checked: Counter[str]) -> Iterator[Fault]:
    """Faults of the stored lines."""
    if not CosignatureRow.objects.exists():
        return
    known = _keys()
    rows = CosignatureRow.objects.order_by("size", "witness").values_list("size", "witness", "line")
    for size, name, line in rows.iterator(500):
        checked["cosignatures"] += 1
        note = CheckpointRow.objects.filter(pk=size).values_list("note", flat=True).first()
        raw = bytes(line)
        if name == twin.NAME:
            if note is None or not _twin_holds(raw, bytes(note)):
                yield Fault("checkpoint", f"checkpoint {size}", BAD, name, 0, len(raw))
        elif note is None or not _holds(raw, bytes(note), known.get(name, [])):
            yield Fault("checkpoint", f"checkpoint {size}", BAD, name, *_spot(raw, note, known.get(name, [])))


def _spot(raw: bytes, note: bytes | memoryview | None, keys: list[cosignatures.WitnessKey]) -> locate.Spot:
    body = bytes(note) if note is not None else b""
    found = locate.flipped_bit(raw, lambda trial: _holds(trial, body, keys)) if keys and body else None
    return found or locate.Spot(0, len(raw))


def _holds(raw: bytes, note: bytes, keys: list[cosignatures.WitnessKey]) -> bool:
    try:
        text = notes.parse(note).text
        (line,) = cosignatures.read_lines(raw.decode())
    except (BadNote, ValueError):
        return False
    return str(line).encode() == raw and any(
        (line.name, line.key_id) == (key.name, key.key_id) and key.accepts(text.encode(), line.value)
        for key in keys
    )


def _twin_holds(raw: bytes, note: bytes) -> bool:
    try:
        text = notes.parse(note).text
        (line,) = cosignatures.read_lines(raw.decode())
    except (BadNote, ValueError):
        return False
    return str(line).encode() == raw and any(
        (line.name, line.key_id) == (key.name, key.key_id) and twin.accepts(key, text.encode(), line.value)
        for key in _twin_keys()
    )


def _twin_keys() -> list[Sm2Key]:
    found = []
    for leaf in EntryRow.objects.filter(kind=twin.DECLARED).order_by("id").values_list("leaf", flat=True):
        with suppress(BadEntry, BadKey, LookupError, TypeError, AttributeError):
            found.append(Sm2Key.parse(entries.read(bytes(leaf))["payload"]["key"]))
    return found


def _keys() -> dict[str, list[cosignatures.WitnessKey]]:
    found: dict[str, list[cosignatures.WitnessKey]] = {}
    for leaf in EntryRow.objects.filter(kind=POLICY).order_by("id").values_list("leaf", flat=True):
        try:
            rule = policies.parse(entries.read(bytes(leaf))["payload"]["policy"])
        except (BadEntry, BadPolicy, LookupError, TypeError):
            continue
        for each in rule.witnesses:
            found.setdefault(each.name, []).append(each.key)
    return found
