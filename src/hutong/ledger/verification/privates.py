"""Private parts: readable and as committed, or erased with an entry that says so. Anything else is a fault."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from hutong.kernel.text import Text
from hutong.ledger.errors import BadProof
from hutong.ledger.logic import private
from hutong.ledger.models import KeptRow
from hutong.ledger.store import private as store
from hutong.ledger.types import Fault

LOST = Text(zh="密钥不见了，又没有删除记录", en="its key is missing, and no entry says that it was erased")
GONE = Text(zh="封存的内容不见了", en="the sealed value is missing")
CHANGED = Text(zh="封存的内容与承诺不符", en="the sealed value is not the one committed to")
STILL = Text(zh="日志称已删除，密钥却还在", en="the log says it was erased, yet its key is still there")


class PrivateCheck:
    """Collects private parts entry by entry; ``finish`` judges them, since erasure comes later in the log."""

    def __init__(self, checked: Counter[str]) -> None:
        self.checked = checked
        self.parts: dict[str, tuple[str, str]] = {}
        self.erased: set[str] = set()

    def take(self, name: str, fields: Mapping[str, Any]) -> None:
        for commitment, sealed in private.parts(fields["payload"]):
            self.parts[commitment] = name, sealed
        if fields["kind"] == store.ERASED:
            self.erased |= set(fields["payload"]["erased"])

    def finish(self) -> Iterator[Fault]:
        keys = store.kept_keys()
        for commitment, (name, sealed) in self.parts.items():
            row = KeptRow.objects.filter(pk=sealed).values_list("data", flat=True).first()
            if row is None:
                yield Fault("entry", name, GONE, commitment)
            elif commitment in self.erased:
                self.checked["erased"] += 1
                if commitment in keys:
                    yield Fault("key", name, STILL, commitment)
            elif commitment not in keys:
                yield Fault("key", name, LOST, commitment)
            else:
                self.checked["private"] += 1
                yield from self._open(name, commitment, bytes(row))

    def _open(self, name: str, commitment: str, data: bytes) -> Iterator[Fault]:
        try:
            private.unseal(bytes.fromhex(commitment), data, store.find_key(commitment) or b"")
        except (BadProof, ValueError):
            yield Fault("entry", name, CHANGED, commitment)
