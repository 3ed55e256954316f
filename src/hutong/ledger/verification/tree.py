"""Entries against tiles against signed roots, 256 leaves at a time, in memory that does not grow with the log."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy

from hutong.kernel.text import Text
from hutong.ledger.logic import tiles
from hutong.ledger.logic.locate import difference
from hutong.ledger.logic.merkle import HASH, CompactRange, complete_root, leaf_hash
from hutong.ledger.models import CheckpointRow, TileRow
from hutong.ledger.types import Checkpoint, Fault
from hutong.ledger.verification.checkpoints import Roots
from hutong.ledger.verification.leaves import Follows, Leaf, LeafCheck, chunks

ROOT = Text(
    zh="签名的根与条目不符：历史被改写",
    en="the signed root is not that of the entries: history was rewritten",
)
TILE = Text(zh="数据块与条目不符", en="the tile differs from the entries")
NO_TILE = Text(zh="数据块缺失", en="the tile is missing")
STRAY_TILE = Text(zh="不该有的数据块", en="a tile that should not be there")
LENGTH = Text(zh="数据块长度不对", en="the tile has a wrong length")


class TreeCheck:
    """One pass over the log. ``faults`` and ``checked`` are filled as it goes."""

    def __init__(
        self,
        signed: Roots,
        faults: list[Fault],
        checked: Counter[str],
        follower: Follows,
        known: Checkpoint | None = None,
    ) -> None:
        self.size = signed.last.size if signed.last else 0
        self.faults, self.checked = faults, checked
        self.signed, self.known = signed, known
        self.tree = CompactRange()
        self.leaves = LeafCheck(self.size, faults, checked, follower)
        self.runs: dict[int, bytearray] = {}
        self.counts: Counter[int] = Counter()
        self._last_above: tuple[int, bytes] | None = None

    def run(self, progress: Callable[[int, int], None] | None) -> None:
        self._check_root()
        for index, chunk in chunks(self.size):
            self._take(index, chunk)
            if progress:
                progress(self.tree.size, self.size)
        self._finish_tiles()
        self.leaves.check_outside()
        self._check_stray_tiles()

    def _take(self, index: int, chunk: list[Leaf | None]) -> None:
        """Settle what the leaves of one chunk truly are, then blame what differs."""
        stored = self._stored(0, index)
        slots = [stored[at : at + HASH] for at in range(0, HASH * len(chunk), HASH)] if stored else []
        slots += [b""] * (len(chunk) - len(slots))
        if self._undisturbed(index, chunk, stored):
            return
        candidates = [self.leaves.likely(chunk, slots)]
        if stored and len(stored) >= HASH * len(chunk):
            candidates.append(slots)
        truth = next((each for each in candidates if self._agrees(index, each)), candidates[0])
        self.leaves.check(index * tiles.WIDTH, chunk, truth)
        for leaf in truth:
            self.tree.push(leaf)
            self._check_root()
        self._grow(0, b"".join(truth))

    def _undisturbed(self, index: int, chunk: list[Leaf | None], stored: bytes) -> bool:
        """A whole chunk that nothing contradicts: entries, stored hashes, tile and the tile above say the same.

        What was signed inside it asks for more, and is left to the long way.
        """
        if len(chunk) < tiles.WIDTH or self._any_within(self.tree.size, self.tree.size + tiles.WIDTH - 1):
            return False
        hashes = [leaf_hash(row.leaf) for row in chunk if row is not None]
        if b"".join(hashes) != stored or any(
            row is None or row.leaf_hash != each for row, each in zip(chunk, hashes, strict=True)
        ):
            return False
        root = complete_root(stored)
        place = index % tiles.WIDTH * HASH
        if self._above(index)[place : place + HASH] != root:
            return False
        self.leaves.accept(chunk)
        self.tree.push_complete(root, tiles.WIDTH)
        self._check_root()
        self.checked["tiles"] += 1
        self.counts[0] += 1
        self._grow(1, root)
        return True

    def _above(self, index: int) -> bytes:
        """The tile that holds the root of this chunk; the same one for 256 of them."""
        above = index // tiles.WIDTH
        if self._last_above is None or self._last_above[0] != above:
            self._last_above = above, self._stored(1, above)
        return self._last_above[1]

    def _agrees(self, index: int, hashes: Sequence[bytes]) -> bool:
        """Whether the tree above, as signed or else as stored, knows these leaves."""
        if any(len(each) != HASH for each in hashes):
            return False
        tree, judged = deepcopy(self.tree), False
        for each in hashes:
            tree.push(each)
            if (root := self._root(tree.size)) is not None:
                judged = True
                if tree.root() != root:
                    return False
        if judged and self._root(tree.size) is not None:
            return True
        place = index % tiles.WIDTH * HASH
        return complete_root(b"".join(hashes)) == self._above(index)[place : place + HASH]

    def _root(self, size: int) -> bytes | None:
        """What is signed for a size; what whoever asks had verified before goes first."""
        if self.known is not None and self.known.size == size:
            return self.known.root
        return self.signed.get(size)

    def _any_within(self, after: int, upto: int) -> bool:
        known = self.known is not None and after < self.known.size <= upto
        return known or self.signed.any_within(after, upto)

    def _check_root(self) -> None:
        """Where the tree has come to a size that was signed, its root is the signed one."""
        root = self._root(self.tree.size)
        if root is None:
            return
        self.checked["roots"] += 1
        if self.tree.root() != root:
            self.faults.append(Fault("checkpoint", f"checkpoint {self.tree.size}", ROOT))

    def _grow(self, level: int, hashes: bytes) -> None:
        """Compare tiles as they become complete; their roots make the level above."""
        run = self.runs.setdefault(level, bytearray())
        run += hashes
        if len(run) == tiles.WIDTH * HASH:
            full = bytes(run)
            run.clear()
            self._compare(level, self.counts[level], full)
            self.counts[level] += 1
            self._grow(level + 1, complete_root(full))

    def _finish_tiles(self) -> None:
        for level, run in sorted(self.runs.items()):
            if run:
                self._compare(level, self.counts[level], bytes(run))

    def _compare(self, level: int, index: int, expected: bytes) -> None:
        self.checked["tiles"] += 1
        name = str(tiles.TilePath(level, index))
        stored = self._stored(level, index)
        if not stored:
            self.faults.append(Fault("tile", name, NO_TILE))
            return
        spot = difference(stored[: len(expected)], expected)
        if spot:
            self.faults.append(Fault("tile", name, TILE, "", *spot))

    def _check_stray_tiles(self) -> None:
        """Tiles the tree does not have, or longer than it is. What was integrated meanwhile is allowed for."""
        rows = list(_widths())
        latest = CheckpointRow.objects.order_by("-size").values_list("size", flat=True).first() or 0
        grown = max(self.size, latest if latest - self.size < 1 << 32 else 0)
        for level, index, length in rows:
            name = f"tile/{level}/{tiles.encode_index(index)}" if index >= 0 else f"tile/{level}/{index}"
            wide = tiles.width_at(grown, level, index) if 0 <= level < 64 and index >= 0 else 0
            if not wide:
                self.faults.append(Fault("tile", name, STRAY_TILE))
            elif length % HASH or length > wide * HASH:
                spot = (wide * HASH, length - wide * HASH) if length > wide * HASH else (length, 1)
                self.faults.append(Fault("tile", name, LENGTH, "", *spot))

    def _stored(self, level: int, index: int) -> bytes:
        row = TileRow.objects.filter(level=level, index=index).values_list("data", flat=True).first()
        return bytes(row) if row is not None else b""


def _widths() -> Iterator[tuple[int, int, int]]:
    for level, index, data in TileRow.objects.values_list("level", "index", "data").iterator(500):
        yield level, index, len(bytes(data))
