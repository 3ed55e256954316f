"""What entries say, as they come by: their columns, signatures, keys, locks, private parts, and the map."""

from collections import Counter
from types import TracebackType
from typing import Self

from hutong.ledger.errors import BadEntry
from hutong.ledger.logic import entries
from hutong.ledger.types import Fault
from hutong.ledger.verification.judges import Judges
from hutong.ledger.verification.leaves import Leaf, check_columns
from hutong.ledger.verification.mapped import MapCheck
from hutong.ledger.verification.meaning import BAD, MeaningCheck


class Follower:
    """Takes entries in the order of the log, each found to be what the tree says.

    What they say counts once every entry is whole: ``give_up`` when one is not. Signatures and roots of the first
    ``known`` entries are not judged again: those very bytes were, under a checkpoint.
    """

    def __init__(self, origin: str, checked: Counter[str], known: int) -> None:
        self.columns: list[Fault] = []
        self._checked, self._seen, self._known = checked, Counter[str](), known
        self._said: list[Fault] = []
        self._whole = True
        self._judges = Judges[str]()
        self._meaning = MeaningCheck(origin, self._seen, self._judges)
        self._map = MapCheck(self._seen, known)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._judges.close(at_once=kind is not None or not self._whole)
        self._map.close()

    def give_up(self) -> None:
        self._whole = False

    def take(self, row: Leaf) -> None:
        try:
            fields = entries.read(row.leaf)
            self.columns += check_columns(row, row.leaf, fields)
            if not self._whole:
                return
            if row.place is not None:
                self._map.take(row.place, fields, row.leaf_hash)
            old = row.place is not None and row.place < self._known
            self._said += self._meaning.take(row.name, row.id, fields, known=old)
        except (BadEntry, LookupError, TypeError, AttributeError):
            self.columns.append(Fault("entry", row.name, BAD, "leaf"))

    def finish(self) -> list[Fault]:
        """All that was found; columns alone when not every entry was whole."""
        if not self._whole or self.columns:
            return self.columns
        self._said += [Fault("entry", wrong, BAD, "signature") for wrong in self._judges.wrong()]
        self._said += self._meaning.privates.finish()
        self._said += self._map.finish()
        self._checked.update(self._seen)
        return self._said
