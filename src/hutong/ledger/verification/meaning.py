"""What entries say, in the order of the log: signatures by keys valid at that place, locks kept, nothing twice."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from hutong.kernel.text import Text
from hutong.ledger.errors import BadEntry
from hutong.ledger.logic import entries
from hutong.ledger.logic.keyring import Keyring
from hutong.ledger.logic.locks import Locks
from hutong.ledger.models import EntryRow
from hutong.ledger.store.organisations import subject_of
from hutong.ledger.types import Fault
from hutong.ledger.verification.privates import PrivateCheck

UNSIGNED = Text(zh="以单位名义写入却没有签名", en="in the name of an organisation, but not signed")
BAD = Text(zh="签名不是该单位当时有效密钥所签", en="not signed by a key the organisation had then")
KEY = Text(zh="密钥变更无效：{why}", en="the change of keys does not hold: {why}")
LOCK = Text(zh="违反锁定规则：{why}", en="against the lock: {why}")


class MeaningCheck:
    """Follows a log entry by entry; ``faults`` of each are yielded."""

    def __init__(self, origin: str, checked: Counter[str]) -> None:
        self.ring, self.locks, self.checked = Keyring(origin), Locks(), checked
        self.privates = PrivateCheck(checked)
        self._subject = cache(subject_of)  # asked for every entry

    def take(self, number: int, fields: dict[str, Any]) -> Iterator[Fault]:
        name = f"entry {number}"
        yield from self._signature(name, fields)
        self.privates.take(name, fields)
        why = self.ring.take(number, fields)
        if why:
            yield Fault("entry", name, KEY.format(why=why), "payload")
        cosigners = []
        for each in entries.cosignatures(fields):
            self.checked["co-signatures"] += 1
            if self.ring.cosigned(self._subject(each.organisation), fields, fields["proposal"], each):
                cosigners.append(each.organisation)
            else:
                yield Fault("entry", name, BAD, "cosignatures")
        why = self.locks.take(number, fields, cosigners)
        if why:
            yield Fault("entry", name, LOCK.format(why=why), "cosignatures")

    def _signature(self, name: str, fields: dict[str, Any]) -> Iterator[Fault]:
        by, given = fields["organisation"], entries.signature(fields)
        if given is None:
            if by and self.ring.keys(self._subject(by)):
                yield Fault("entry", name, UNSIGNED, "signature")
            return
        self.checked["signatures"] += 1
        if not self.ring.signed(self._subject(by), fields, given):
            yield Fault("entry", name, BAD, "signature")


def check(origin: str, checked: Counter[str]) -> Iterator[Fault]:
    """All entries that have a place, then those waiting for theirs."""
    follow = MeaningCheck(origin, checked)
    placed = EntryRow.objects.filter(leaf_index__isnull=False).order_by("leaf_index")
    waiting = EntryRow.objects.filter(leaf_index=None).order_by("id")
    for rows in (placed, waiting):
        for number, leaf in rows.values_list("id", "leaf").iterator(1000):
            try:
                yield from follow.take(number, entries.read(bytes(leaf)))
            except (BadEntry, LookupError, TypeError, AttributeError):
                yield Fault("entry", f"entry {number}", BAD, "leaf")
    yield from follow.privates.finish()
