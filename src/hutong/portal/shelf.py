"""The index in memory: facets, filters and orders over all packages in a few milliseconds.

A process reads what has changed since it last looked (``Package.change``) and keeps, for each value of each facet,
which packages have it. What it holds is some hundred bytes a package.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db.models import Max

from hutong.portal import index, words_index
from hutong.portal.logic import mqa
from hutong.portal.models import Package

FACETS: Final = ("organisation", "theme", "format", "update", "quality", "licence", "tag", "origin")
Slots = npt.NDArray[np.intp]
_MOST_KEPT: Final = 2_000
_FIELDS: Final = (
    "id", "name", "organisation", "themes", "tags", "formats", "licence", "update", "quality", "listed", "modified_at",
    "created_at", "change", "title", "origin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A search. ``must`` and ``must_not`` list, for a facet or ``name``/``id``, the values of which one is wanted."""

    words: str = ""
    must: tuple[tuple[str, tuple[str, ...]], ...] = ()
    must_not: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = ()
    own_facets: bool = False  # a facet's counts leave out what is chosen in it
    since: float = 0.0  # modified at or after, as a timestamp
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found: ids of the page, how many there are, and the facets' counts."""

    total: int
    ids: tuple[int, ...]
    facets: Mapping[str, Mapping[str, int]]


@dataclass(slots=True)
class _Shelf:
    change: int = 0
    size: int = 0
    slots: dict[int, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(1024, np.int64))
    listed: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(1024, bool))
    modified: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(1024))
    created: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(1024))
    quality: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(1024, np.int32))
    titles: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    values: dict[str, dict[str, npt.NDArray[np.bool_]]] = field(
        default_factory=lambda: {each: {} for each in FACETS}
    )
    holds: list[tuple[tuple[str, str], ...]] = field(default_factory=list)
    tags: dict[str, set[int]] = field(default_factory=dict)  # very many, each on few packages
    tagged: list[tuple[str, ...]] = field(default_factory=list)
    kept: "OrderedDict[Asked, Listed]" = field(default_factory=OrderedDict)


_lock = threading.RLock()
_shelves: dict[str, _Shelf] = {}


def search(asked: Asked) -> Listed:
    """Ids of packages that fit, in order, and the facets asked for."""
    index.follow()
    with _lock:
        shelf = _current()
        found = shelf.kept.get(asked)
        if found is None:
            found = _search(shelf, asked)
            shelf.kept[asked] = found
            while len(shelf.kept) > _MOST_KEPT:
                shelf.kept.popitem(last=False)
        return found


def names() -> list[str]:
    """Names of all that is listed, in alphabetical order."""
    index.follow()
    with _lock:
        shelf = _current()
        return sorted(shelf.called[slot] for slot in np.flatnonzero(shelf.listed[: shelf.size]))


def counts(facet: str) -> dict[str, int]:
    """How many listed packages have each value."""
    return dict(search(Asked(limit=0, facets=(facet,))).facets[facet])


def forget() -> None:
    """Read the index anew."""
    with _lock:
        _shelves.clear()


def _search(shelf: _Shelf, asked: Asked) -> Listed:
    fits = shelf.listed[: shelf.size].copy()
    ranked: Slots | None = None
    if asked.words:
        ids = words_index.matching(asked.words)
        ranked = np.fromiter((shelf.slots[each] for each in ids if each in shelf.slots), np.intp)
        matched = np.zeros(shelf.size, bool)
        matched[ranked] = True
        fits &= matched
    if asked.since:
        fits &= shelf.modified[: shelf.size] >= asked.since
    if asked.until:
        fits &= shelf.modified[: shelf.size] <= asked.until
    for facet, values in asked.must_not:
        fits &= ~_any(shelf, facet, values)
    chosen = [(facet, _any(shelf, facet, values)) for facet, values in asked.must]
    every = _both(fits, [mask for _, mask in chosen])
    facets = {}
    for facet in asked.facets:
        others = [mask for other, mask in chosen if not (asked.own_facets and other == facet)]
        facets[facet] = _counted(shelf, facet, _both(fits, others) if asked.own_facets else every)
    slots = _ordered(shelf, every, ranked, asked.sort)
    page = slots[asked.offset : asked.offset + asked.limit]
    return Listed(int(np.count_nonzero(every)), tuple(int(shelf.ids[each]) for each in page), facets)


def _ordered(
    shelf: _Shelf, fits: npt.NDArray[np.bool_], ranked: Slots | None, sort: Sequence[tuple[str, bool]]
) -> Sequence[int] | Slots:
    """Slots in order: as ranked, or by what is asked, else the newest first."""
    if ranked is not None and not sort:
        return ranked[fits[ranked]]
    slots = np.flatnonzero(fits)
    for key, down in reversed(sort or (("modified", True),)):
        if key in {"title", "name"}:
            texts = shelf.titles if key == "title" else shelf.called
            slots = np.array(sorted(slots.tolist(), key=lambda each: texts[each], reverse=down), np.intp)
            continue
        numbers: Mapping[str, npt.NDArray[Any]] = {
            "modified": shelf.modified,
            "created": shelf.created,
            "quality": shelf.quality,
        }
        keys = numbers[key][slots]
        slots = slots[np.argsort(-keys if down else keys, kind="stable")]
    return slots


def _any(shelf: _Shelf, facet: str, values: Collection[str]) -> npt.NDArray[np.bool_]:
    found = np.zeros(shelf.size, bool)
    if facet == "name":
        for each in values:
            if each in shelf.names:
                found[shelf.names[each]] = True
        return found
    if facet == "tag":
        slots = [slot for each in values for slot in shelf.tags.get(each, ())]
        found[np.array(slots, np.intp)] = True
        return found
    for each in values:
        mask = shelf.values.get(facet, {}).get(each)
        if mask is not None:
            found |= mask[: shelf.size]
    return found


def _both(fits: npt.NDArray[np.bool_], masks: Sequence[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    found = fits
    for each in masks:
        found = found & each
    return found


def _counted(shelf: _Shelf, facet: str, fits: npt.NDArray[np.bool_]) -> dict[str, int]:
    if facet == "tag":
        return dict(
            Counter(tag for slot in np.flatnonzero(fits) for tag in shelf.tagged[slot]).most_common(1000)
        )
    found = {
        value: int(np.count_nonzero(mask[: shelf.size] & fits)) for value, mask in shelf.values[facet].items()
    }
    return dict(sorted(((v, n) for v, n in found.items() if n), key=lambda each: (-each[1], each[0])))


def _current() -> _Shelf:
    """The shelf of the process's home, with what has changed since it was looked at last."""
    from hutong.kernel.settings import home  # noqa: PLC0415 - tests change the home

    shelf = _shelves.setdefault(str(home()), _Shelf())
    newest = Package.objects.aggregate(newest=Max("change"))["newest"] or 0
    if newest < shelf.change:  # a home that was restored
        shelf = _shelves[str(home())] = _Shelf()
    if newest != shelf.change:
        for row in (
            Package.objects.filter(change__gt=shelf.change).order_by("change").values(*_FIELDS).iterator()
        ):
            _put(shelf, row)
        shelf.change = newest
        shelf.kept.clear()
    return shelf


def _put(shelf: _Shelf, row: Mapping[str, Any]) -> None:
    slot = shelf.slots.get(row["id"])
    if slot is None:
        slot = shelf.slots[row["id"]] = shelf.size
        shelf.size += 1
        if slot >= len(shelf.ids):
            _grow(shelf)
        shelf.titles.append("")
        shelf.called.append("")
        shelf.holds.append(())
        shelf.tagged.append(())
    for each in shelf.tagged[slot]:
        shelf.tags[each].discard(slot)
    shelf.tagged[slot] = tuple(row["tags"])
    for each in row["tags"]:
        shelf.tags.setdefault(each, set()).add(slot)
    for facet, value in shelf.holds[slot]:
        shelf.values[facet][value][slot] = False
    shelf.ids[slot], shelf.listed[slot] = row["id"], row["listed"]
    shelf.modified[slot], shelf.created[slot] = row["modified_at"].timestamp(), row["created_at"].timestamp()
    shelf.quality[slot] = row["quality"]
    shelf.titles[slot], shelf.called[slot] = row["title"], row["name"]
    shelf.names[row["name"]] = slot
    shelf.holds[slot] = held = tuple(_held(row))
    for facet, value in held:
        mask = shelf.values[facet].get(value)
        if mask is None:
            mask = shelf.values[facet][value] = np.zeros(len(shelf.ids), bool)
        mask[slot] = True


def _held(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    several = {"theme": row["themes"], "format": row["formats"]}
    single = {"organisation": row["organisation"], "update": row["update"], "licence": row["licence"],
              "quality": mqa.band(row["quality"]), "origin": row["origin"]}  # fmt: skip
    found = [(facet, each) for facet, values in several.items() for each in values]
    return found + [(facet, each) for facet, each in single.items() if each]


def _grow(shelf: _Shelf) -> None:
    room = len(shelf.ids)
    for name in ("ids", "listed", "modified", "created", "quality"):
        array = getattr(shelf, name)
        setattr(shelf, name, np.concatenate([array, np.zeros(room, array.dtype)]))
    for masks in shelf.values.values():
        for value, mask in masks.items():
            masks[value] = np.concatenate([mask, np.zeros(room, bool)])
