"""Entries of other catalogs: whoever receives them registers here; the catalog finds them and says whose they are."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from hutong.catalog import search
from hutong.catalog.types import EntryRef


class Source(Protocol):
    """Keeps entries of other catalogs, each under a key of its own (an URN may be known from several)."""

    def found(self, keys: Iterable[str]) -> Mapping[str, EntryRef]:
        """Those of ``keys`` that are kept, with ``origin`` set."""

    def everything(self, limit: int) -> list[EntryRef]:
        """What there is to browse."""

    def page_of(self, origin: str, urn: str) -> str | None:
        """Where an entry is shown; with an empty ``origin``, that of whoever has it."""

    def title_of(self, origin: str) -> str:
        """What people call the other catalog."""


_sources: list[Source] = []
MOST = 5000


def provide(source: Source) -> None:
    """Make the entries of ``source`` findable."""
    if source not in _sources:
        _sources.append(source)


def index(key: str, title: str, body: str) -> None:
    """Let the words of a foreign entry be found, in the caller's transaction."""
    search.put(key, title, body)


def forget(key: str) -> None:
    search.drop(key)


def found(keys: Iterable[str]) -> dict[str, EntryRef]:
    wanted = list(keys)
    return {key: each for source in _sources for key, each in source.found(wanted).items()}


def everything() -> list[EntryRef]:
    return [each for source in _sources for each in source.everything(MOST)]


def page_of(origin: str, urn: str) -> str | None:
    return next((page for source in _sources if (page := source.page_of(origin, urn))), None)


def title_of(origin: str) -> str:
    return next((title for source in _sources if (title := source.title_of(origin))), origin)
