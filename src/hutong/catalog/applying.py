"""From a pack to the catalog: duties, datasets with their tables, systems.

A locked entry that the pack would change becomes a proposal instead (``locking``).
"""

from hutong.catalog import following, locking, store
from hutong.catalog.drafts import draft
from hutong.catalog.types import Kind
from hutong.lake import api as lake
from hutong.packs.api import Item, Pack


def apply_duties(pack: Pack, items: tuple[Item, ...]) -> None:
    """First level: what organisations must do, by which law."""
    _put(Kind.DUTY, pack, items)


def apply_datasets(pack: Pack, items: tuple[Item, ...]) -> None:
    """Second and third level: datasets, and the contracts of their tables in the lake."""
    _put(Kind.DATASET, pack, items)
    standing = {each.urn: each.body.get("table") for each in store.entries(Kind.DATASET)}
    for item in items:
        drafted = draft(Kind.DATASET, pack.id, item.value)
        if standing.get(drafted.urn) == drafted.body.get("table"):  # else it waits for co-signatures
            lake.define(item.value.contract)


def apply_systems(pack: Pack, items: tuple[Item, ...]) -> None:
    """The register of information systems."""
    _put(Kind.SYSTEM, pack, items)


def _put(kind: Kind, pack: Pack, items: tuple[Item, ...]) -> None:
    drafts = [draft(kind, pack.id, item.value) for item in items]
    following.put_all(kind, drafts, locked=locking.propose_from_pack)
