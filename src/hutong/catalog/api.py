"""The door of the catalog."""

from hutong.catalog import foreign
from hutong.catalog.beside import MOST as BESIDE_MOST
from hutong.catalog.beside import Beside
from hutong.catalog.beside import Item as BesideItem
from hutong.catalog.beside import provide as provide_beside
from hutong.catalog.browse import find as search
from hutong.catalog.editing import add, retire
from hutong.catalog.editing import write as edit
from hutong.catalog.feed import Change, changes, digests, last, newest, waiting
from hutong.catalog.history import as_of, versions
from hutong.catalog.identifiers import page_of
from hutong.catalog.locking import cosign
from hutong.catalog.logic import words
from hutong.catalog.logic.bodies import digest
from hutong.catalog.logic.readable import columns, readable
from hutong.catalog.logic.themes import THEMES
from hutong.catalog.logic.themes import title as theme_title
from hutong.catalog.nav import tabs
from hutong.catalog.offers import Offer, offer
from hutong.catalog.proposing import of_table as proposed
from hutong.catalog.shown import titled, told, update_title
from hutong.catalog.store import entries, entry, find
from hutong.catalog.types import EntryRef, Kind
from hutong.catalog.unclaimed import hand

__all__ = [
    "BESIDE_MOST",
    "THEMES",
    "Beside",
    "BesideItem",
    "Change",
    "EntryRef",
    "Kind",
    "Offer",
    "add",
    "as_of",
    "changes",
    "columns",
    "cosign",
    "dataset",
    "digest",
    "digests",
    "edit",
    "entries",
    "entry",
    "find",
    "foreign",
    "hand",
    "last",
    "newest",
    "offer",
    "page_of",
    "proposed",
    "provide_beside",
    "readable",
    "retire",
    "search",
    "tabs",
    "theme_title",
    "titled",
    "told",
    "update_title",
    "versions",
    "waiting",
    "words",
]


def dataset(table: str) -> EntryRef:
    """The dataset whose table it is (they share their id); raises ``NoSuchEntry``."""
    return find(Kind.DATASET, table)
