"""What entries say, in the order of the log: signatures by keys valid at that place, locks kept, nothing twice."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from hutong.kernel.text import Text
from hutong.ledger.logic import entries, statements
from hutong.ledger.logic.keyring import Keyring
from hutong.ledger.logic.locks import Locks
from hutong.ledger.store.organisations import subject_of
from hutong.ledger.types import Fault
from hutong.ledger.verification.judges import Judges
from hutong.ledger.verification.privates import PrivateCheck

UNSIGNED = Text(zh="以单位名义写入却没有签名", en="in the name of an organisation, but not signed")
BAD = Text(zh="签名不是该单位当时有效密钥所签", en="not signed by a key the organisation had then")
KEY = Text(zh="密钥变更无效：{why}", en="the change of keys does not hold: {why}")
LOCK = Text(zh="违反锁定规则：{why}", en="against the lock: {why}")


class MeaningCheck:
    """Follows a log entry by entry; ``faults`` of each are yielded, save signatures that ``judges`` find wrong."""

    def __init__(self, origin: str, checked: Counter[str], judges: Judges[str]) -> None:
        self.ring, self.locks, self.checked = Keyring(origin), Locks(), checked
        self.privates = PrivateCheck(checked)
        self.judges = judges
        self._subject = cache(subject_of)  # asked for every entry

    def take(self, name: str, number: int, fields: dict[str, Any], *, known: bool = False) -> Iterator[Fault]:
        """``known``: its signatures were found to hold before, by whoever has seen these very bytes."""
        if not known:
            yield from self._signature(name, fields)
        self.privates.take(name, fields)
        why = self.ring.take(number, fields)
        if why:
            yield Fault("entry", name, KEY.format(why=why), "payload")
        cosigners = []
        for each in entries.cosignatures(fields):
            self.checked["co-signatures"] += not known
            if known or self.ring.cosigned(
                self._subject(each.organisation), fields, fields["proposal"], each
            ):
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
        key = self.ring.present(self._subject(by), given.key)
        if key is None:
            yield Fault("entry", name, BAD, "signature")
        else:
            self.judges.ask(key, given.value, statements.entry(self.ring.origin, fields), name)
