"""Searching and browsing: words, facets, pages."""

from collections import Counter
from collections.abc import Mapping

from hutong.catalog import foreign, search
from hutong.catalog.logic import words
from hutong.catalog.models import Entry
from hutong.catalog.store import ref
from hutong.catalog.types import EntryRef, Found, Hit

FACETS = ("kind", "organisation", "grade", "sharing", "opening", "theme", "origin")
HERE = "here"


def find(
    query: str,
    chosen: Mapping[str, str],
    *,
    offset: int = 0,
    limit: int = 20,
    only_open: bool = False,
    retired: bool = False,
) -> Found:
    """Entries that hold the query's words and have the chosen facet values, best first.

    ``only_open`` leaves out what the public may not see, entries of other catalogs among it. ``retired`` asks for
    those that stand no more instead. Facets count all results, not the page.
    """
    rows = _rows(query, only_open=only_open, retired=retired)
    kept = [
        row for row in rows if all(value in _values(row, facet) for facet, value in chosen.items() if value)
    ]
    facets: dict[str, dict[str, int]] = {}
    for facet in FACETS:
        others = {name: value for name, value in chosen.items() if name != facet and value}
        within = [row for row in rows if all(value in _values(row, name) for name, value in others.items())]
        facets[facet] = dict(Counter(value for row in within for value in _values(row, facet)).most_common())
    hits = tuple(Hit(row, _fragment(row, query)) for row in kept[offset : offset + limit])
    return Found(total=len(kept), hits=hits, facets=facets)


def _rows(query: str, *, only_open: bool, retired: bool) -> list[EntryRef]:
    wanted = Entry.objects.filter(retired=retired)
    others = not (only_open or retired)
    if not query.strip():
        found = [ref(row) for row in wanted.order_by("kind", "order")]
        found += foreign.everything() if others else []
    else:
        keys = search.matching(query)
        known = {row.urn: ref(row) for row in wanted.filter(urn__in=keys)}
        if others:
            known |= foreign.found(key for key in keys if key not in known)
        found = [known[key] for key in keys if key in known]
    return [each for each in found if each.is_open] if only_open else found


def _values(row: EntryRef, facet: str) -> tuple[str, ...]:
    if facet == "theme":
        return row.themes
    if facet == "grade":
        return (row.grade.partition("-")[0],) if row.grade else ()
    if facet == "origin":
        return (row.origin or HERE,)
    if facet == "organisation" and row.origin:
        return ()  # its names are another catalog's
    value = str(getattr(row, facet))
    return (value,) if value else ()


def _fragment(row: EntryRef, query: str) -> tuple[tuple[str, bool], ...]:
    return words.fragment(str(row.summary), query) if query.strip() else ((str(row.summary), False),)
