"""The door of the catalog."""

from hutong.catalog.browse import find as search
from hutong.catalog.editing import write as edit
from hutong.catalog.feed import Change, changes, digests, last, newest
from hutong.catalog.history import as_of, versions
from hutong.catalog.identifiers import page_of
from hutong.catalog.locking import cosign
from hutong.catalog.logic import words
from hutong.catalog.logic.bodies import digest
from hutong.catalog.nav import tabs
from hutong.catalog.offers import Offer, offer
from hutong.catalog.shown import update_title
from hutong.catalog.store import entries, entry, find, retire
from hutong.catalog.types import EntryRef, Kind

__all__ = [
    "Change",
    "EntryRef",
    "Kind",
    "Offer",
    "as_of",
    "changes",
    "cosign",
    "dataset",
    "digest",
    "digests",
    "edit",
    "entries",
    "entry",
    "find",
    "last",
    "newest",
    "offer",
    "page_of",
    "retire",
    "search",
    "tabs",
    "update_title",
    "versions",
    "words",
]


def dataset(table: str) -> EntryRef:
    """The dataset whose table it is (they share their id); raises ``NoSuchEntry``."""
    return find(Kind.DATASET, table)
