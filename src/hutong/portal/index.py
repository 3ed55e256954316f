"""The index of what is open: follows catalog and lake by itself, and takes in datasets registered here.

A registration, its words, its log entry and its audit record are one transaction.
"""

import fcntl
import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import orjson
from django.db import connection

from hutong.catalog.types import EntryRef
from hutong.kernel import audit, clock
from hutong.kernel.db import alone, atomic, is_sqlite
from hutong.kernel.settings import home
from hutong.lake import api as lake
from hutong.ledger import api as ledger
from hutong.ledger.types import NewEntry
from hutong.portal import cards, editions, opened, words_index
from hutong.portal.errors import NotOpen
from hutong.portal.logic import mqa
from hutong.portal.models import Package, Resource

AGE: Final = 1.0
_looked: list[float] = [0.0]


def follow(*, at_once: bool = False) -> None:
    """Make the index say what catalog and lake say now; looks at most once a second."""
    now = time.monotonic()
    if not at_once and now - _looked[0] < AGE:
        return
    wanted = {each.id: each for each in opened.entries()}
    standing = {
        row.mark.partition("|")[0]: row for row in Package.objects.filter(origin="catalog").defer("body")
    }
    changed = [
        each for name, each in wanted.items()
        if name not in standing or not standing[name].listed or standing[name].mark.split("|")[1] != str(each.version)
    ]  # fmt: skip
    gone = [row for name, row in standing.items() if row.listed and name not in wanted]
    if changed or gone:
        with atomic():
            for row in gone:
                _unlist(row)
            for each in changed:
                _take(each)
    _looked[0] = now


def follow_snapshot(dataset: str) -> None:
    """Write the card of a dataset anew: its rows have changed."""
    found = next((each for each in opened.entries() if each.id == dataset), None)
    if found is not None:
        with atomic():
            _take(found)


def _mark(entry: EntryRef) -> str:
    """What the card of a dataset is made of: its version in the catalog and its snapshot in the lake."""
    newest = lake.latest(entry.id)
    return f"{entry.id}|{entry.version}|{newest.sequence if newest else 0}"


def _take(entry: EntryRef) -> None:
    """Write the card of one dataset of the catalog."""
    try:
        table = opened.of(entry)
    except NotOpen:
        return
    row = Package.objects.filter(urn=entry.urn).first()
    name = entry.id
    if row is None and Package.objects.filter(name=name).exists():
        name = f"{name}-{cards.identify(entry.urn)[:8]}"  # someone registered another dataset under that name
    created = row.created_at if row else clock.now()
    body = cards.opened(entry, table, created)
    body["name"] = row.name if row else name
    columns = " ".join(f"{each.name} {each.title.zh} {each.title.en}" for each in table.columns)
    fields = _fields(body) | {
        "urn": entry.urn, "origin": "catalog", "organisation": entry.organisation,
        "update": entry.update.partition(" ")[0], "listed": True, "created_at": created, "mark": _mark(entry),
    }  # fmt: skip
    if row is None:
        row = Package.objects.create(change=next_change(), **fields)
    else:
        Package.objects.filter(pk=row.pk).update(change=next_change(), version=row.version + 1, **fields)
    _keep_parts(row.pk, body)
    title = f"{entry.title.zh} {entry.title.en}"
    words_index.put(row.pk, title, f"{entry.summary.zh} {entry.summary.en} {entry.id} {columns}")


@contextmanager
def turn() -> Iterator[None]:
    """One writer after the other, over all processes of this home: SQLite polls for its lock, this one wakes them."""
    if not is_sqlite() or connection.in_atomic_block:
        yield
        return
    place = home() / "portal"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "writing.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def register_many(
    drafts: Sequence[tuple[dict[str, Any], str]], origins: Sequence[audit.Origin] = ()
) -> list[Package]:
    """New datasets in the caller's transaction, each with its log entry and its audit record; ``origins`` say who
    asked for which. Written together, table by table: that costs a fraction of one after the other.
    """
    if not drafts:
        return []
    entries = ledger.append_many([_entry(body, organisation, "added") for body, organisation in drafts])
    change = next_change()
    rows = Package.objects.bulk_create(
        [
            Package(change=change + number, **_registered(body, organisation, entry.id))
            for number, ((body, organisation), entry) in enumerate(zip(drafts, entries, strict=True))
        ]
    )
    Resource.objects.bulk_create(
        [
            Resource(uuid=part["id"], package_id=row.pk)
            for row, (body, _) in zip(rows, drafts, strict=True)
            for part in body["resources"]
        ]
    )
    words_index.put_new(
        [
            (row.pk, body["title"], _words(body))
            for row, (body, _) in zip(rows, drafts, strict=True)
            if row.listed
        ]
    )
    audit.record_many(
        "portal.publish",
        [
            (row.urn, by, {"name": body["name"], "state": body["state"]})
            for row, (body, _), by in zip(rows, drafts, origins or [audit.origin()] * len(rows), strict=True)
        ],
    )
    return rows


def write_anew(body: dict[str, Any], organisation: str, row: Package) -> Package:
    """Write a registered dataset over ``row``; ``body`` is checked already."""
    with turn(), atomic():
        entry = ledger.append_many([_entry(body, organisation, "changed")])[0]
        fields = _registered(body, organisation, entry.id) | {"created_at": row.created_at}
        Package.objects.filter(pk=row.pk).update(change=next_change(), version=row.version + 1, **fields)
        _keep_parts(row.pk, body)
        row.refresh_from_db()
        if row.listed:
            words_index.put(row.pk, body["title"], _words(body))
        else:
            words_index.drop(row.pk)
        audit.record("portal.publish", row.urn, name=body["name"], state=body["state"])
        return row


def _entry(body: Mapping[str, Any], organisation: str, change: str) -> NewEntry:
    said = {"name": body["name"], "change": change, "state": body["state"], "body_sha256": _digest(body)}
    return NewEntry("portal.package", _urn(body), said, organisation)


def _registered(body: Mapping[str, Any], organisation: str, entry: int) -> dict[str, Any]:
    """The row of a dataset that lives elsewhere."""
    return _fields(body) | {
        "urn": _urn(body), "origin": "registered", "organisation": organisation, "log_entry": entry,
        "listed": body["state"] == "active" and not body["private"], "update": _extra(body, "update"),
        "created_at": clock.now(),
    }  # fmt: skip


def _words(body: Mapping[str, Any]) -> str:
    return " ".join([body["notes"] or "", body["name"], *(each["name"] for each in body["tags"])])


def next_change() -> int:
    """The next number of a change; needs the transaction of the change, which holds the numbers until it ends."""
    alone("portal.change")
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(change) FROM portal_package")
        return int(cursor.fetchone()[0] or 0) + 1


def _fields(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": body["name"],
        "uuid": body["id"],
        "title": str(body["title"])[:300],
        "themes": [each["name"] for each in body["groups"]],
        "tags": [each["name"] for each in body["tags"]],
        "formats": sorted({str(each.get("format") or "").upper()[:20] for each in body["resources"]} - {""}),
        "licence": str(body.get("license_id") or "")[:100],
        "quality": mqa.score(body).points,
        "modified_at": datetime.fromisoformat(body["metadata_modified"] + "+00:00"),
        "body": orjson.dumps(body).decode(),
    }


def _keep_parts(package: int, body: Mapping[str, Any]) -> None:
    Resource.objects.filter(package_id=package).delete()
    Resource.objects.bulk_create(
        [Resource(uuid=each["id"], package_id=package) for each in body["resources"]]
    )


def _unlist(row: Package) -> None:
    Package.objects.filter(pk=row.pk).update(listed=False, change=next_change())
    words_index.drop(row.pk)
    editions.drop(row.mark.partition("|")[0])


def _urn(body: Mapping[str, Any]) -> str:
    return cards.package_urn(body["id"])


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _extra(body: Mapping[str, Any], key: str) -> str:
    found = next((each["value"] for each in body["extras"] if each["key"] == key), "")
    return str(found)[:40]


def forget() -> None:
    """Look again at once."""
    _looked[0] = 0.0
