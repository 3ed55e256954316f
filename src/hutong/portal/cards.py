"""Datasets in CKAN's form: those the catalog has opened, made here; addresses begin with ``{site}``."""

import re
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from hutong.accounts.api import OrganisationRef, organisation, organisations
from hutong.catalog.api import update_title
from hutong.catalog.types import EntryRef
from hutong.kernel.settings import value
from hutong.kernel.urn import Urn
from hutong.lake import api as lake
from hutong.portal import terms, themes
from hutong.portal.types import OpenTable, Type

SITE: Final = "{site}"
FILES: Final[Mapping[str, tuple[str, str]]] = {
    "csv": ("CSV", "text/csv"),
    "json": ("JSON", "application/json"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "geojson": ("GEOJSON", "application/geo+json"),
}
_AGE: Final = 1.0
_held: tuple[float, dict[str, OrganisationRef]] = (0.0, {})
_DATED: Final = re.compile(r"\d{4}-\d{2}(-\d{2})?")


@lru_cache(maxsize=16_384)
def identify(*names: str) -> str:
    """The UUID that CKAN's clients see for a thing of ours: always the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(names)))


def package_urn(own: str) -> str:
    """The identifier of a dataset registered here."""
    return str(Urn(str(value("HUTONG_PACK")), "package", own))


def moment(at: datetime) -> str:
    """A time as CKAN writes it: UTC without a zone."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")


def kinds(table: OpenTable) -> list[str]:
    """The files a dataset is offered in."""
    if table.people:
        return []
    placed = bool(table.geometry or table.place)
    return [each for each in FILES if each != "geojson" or placed]


def opened(entry: EntryRef, table: OpenTable, created: datetime) -> dict[str, Any]:
    """A dataset of the catalog."""
    said = terms.current()
    snapshot = table.snapshot
    modified = max(entry.changed_at, snapshot.committed_at) if snapshot else entry.changed_at
    first, last = _period(table)
    extras = {
        "urn": entry.urn,
        "update": update_title(entry.update),
        "accrual": entry.update.partition(" ")[0],
        "access_rights": "RESTRICTED" if table.people else "PUBLIC",
        "spatial": said.district.zh,
        "temporal_start": first,
        "temporal_end": last,
        "issued": moment(created)[:10],
        "modified": moment(modified)[:10],
        "snapshot": snapshot.urn if snapshot else "",
        "rows": str(snapshot.rows) if snapshot else "",
        "title_en": entry.title.en,
        "notes_en": entry.summary.en,
        "resource_code": str(entry.body.get("code", "")),
        "synthetic": "true" if entry.body.get("synthetic") else "",
    }
    own = identify(entry.urn)
    return finish(
        {
            "id": own,
            "name": entry.id,
            "title": str(entry.title.zh or entry.title.en),
            "notes": str(entry.summary.zh or entry.summary.en),
            "owner_org": entry.organisation,
            "maintainer": _named(entry.organisation),
            "maintainer_email": said.contact,
            "license_id": said.licence,
            "license_title": str(said.licence_title),
            "license_url": said.licence_url,
            "url": f"{SITE}/open/{entry.id}",
            "groups": [{"name": each} for each in entry.themes],
            "tags": [{"name": each} for each in _words(table)],
            "extras": [{"key": key, "value": value} for key, value in extras.items() if value],
            "resources": [_file(entry, table, kind, own, modified) for kind in kinds(table)]
            if snapshot
            else [],
        },
        created,
        modified,
    )


def _file(entry: EntryRef, table: OpenTable, kind: str, package: str, modified: datetime) -> dict[str, Any]:
    label, media = FILES[kind]
    address = f"{SITE}/open/{entry.id}/files/{entry.id}.{kind}"
    return {
        "id": identify(entry.urn, kind),
        "package_id": package,
        "name": f"{entry.title.zh}（{label}）",
        "description": "",
        "format": label,
        "mimetype": media,
        "url": address,
        "download_url": address,
        "datastore_active": kind == "csv",
        "reachable": True,
        "rights": f"{SITE}/open/terms",
        "state": "active",
        "last_modified": moment(modified),
        "created": moment(modified),
        "url_type": None,
        "hash": "",
        "size": table.snapshot.rows * len(table.columns) * 8 if table.snapshot else None,
    }


def finish(body: dict[str, Any], created: datetime, modified: datetime) -> dict[str, Any]:
    """Fill in what CKAN's clients expect of every dataset."""
    owner = organisation_named(body["owner_org"]) if body["owner_org"] else None
    body.update(
        {
            "type": "dataset",
            "state": body.get("state", "active"),
            "private": bool(body.get("private", False)),
            "isopen": str(body.get("license_id") or "").upper().startswith(("CC-BY", "CC0", "ODC", "OGL")),
            "author": body.get("author"),
            "author_email": body.get("author_email"),
            "creator_user_id": None,
            "version": body.get("version"),
            "owner_org": identify(owner.urn) if owner else "",
            "organization": organisation_body(owner) if owner else None,
            "metadata_created": moment(created),
            "metadata_modified": moment(modified),
            "groups": [group_body(each["name"]) for each in body["groups"]],
            "tags": [_tag(each["name"]) for each in body["tags"]],
            "num_tags": len(body["tags"]),
            "num_resources": len(body["resources"]),
            "relationships_as_subject": [],
            "relationships_as_object": [],
        }
    )
    for place, each in enumerate(body["resources"]):
        each["position"] = place
    return body


def organisation_body(found: OrganisationRef) -> dict[str, Any]:
    """An organisation as it stands inside a dataset."""
    return {
        "id": identify(found.urn),
        "name": found.id,
        "title": str(found.title.zh or found.title.en),
        "type": "organization",
        "description": "",
        "image_url": "",
        "created": "2021-01-01T00:00:00.000000",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def group_body(name: str) -> dict[str, Any]:
    """A theme as CKAN's group."""
    title = str(themes.title(name).zh or name)
    return {
        "id": identify("theme", name),
        "name": name,
        "title": title,
        "display_name": title,
        "description": "",
        "image_display_url": "",
    }


def organisation_named(text: str) -> OrganisationRef | None:
    """An organisation by id, URN or CKAN's UUID; those that are not closed are held for a second."""
    global _held  # noqa: PLW0603 - replaced whole, so that no thread sees half of it
    until, held = _held
    if until <= time.monotonic():
        listed = organisations()
        held = {name: each for each in listed for name in (each.id, each.urn, identify(each.urn))}
        _held = (time.monotonic() + _AGE, held)
    return held.get(text) or organisation(text)


def forget() -> None:
    """Ask for organisations again at once."""
    global _held  # noqa: PLW0603 - as above
    _held = (0.0, {})


def _tag(name: str) -> dict[str, Any]:
    return {
        "id": identify("tag", name), "name": name, "display_name": name, "state": "active", "vocabulary_id": None,
    }  # fmt: skip


def _named(name: str) -> str:
    found = organisation(name)
    return str(found.title.zh) if found else name


def _words(table: OpenTable) -> list[str]:
    """Keywords: the titles of the columns."""
    return list(dict.fromkeys(str(each.title.zh or each.name)[:100] for each in table.columns))[:20]


def _period(table: OpenTable) -> tuple[str, str]:
    """From when to when the data reach, as the profile of the snapshot has it."""
    if table.snapshot is None or table.people:  # the first and the last day are one person's
        return "", ""
    dated = {each.name for each in table.columns if each.type in {Type.DATE, Type.DATETIME}} | {
        each.name for each in table.columns if each.source.type == "month"
    }
    found = [
        (each.low or "", each.high or "")
        for each in lake.profile(table.snapshot.urn).columns
        if each.column in dated and _DATED.match(each.low or "") and _DATED.match(each.high or "")
    ]
    if not found:
        return "", ""
    return min(low for low, _ in found)[:10], max(high for _, high in found)[:10]
