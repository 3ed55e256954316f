"""Actions that write: datasets that live elsewhere are registered, changed and taken back here."""

import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from django.db import IntegrityError

from hutong.accounts.api import Actor
from hutong.kernel import clock
from hutong.kernel.db import atomic
from hutong.portal import cards, index, themes, together
from hutong.portal.ckan import asked as read
from hutong.portal.ckan.asked import Data
from hutong.portal.ckan.errors import Denied, Unfit
from hutong.portal.ckan.reading import fragment, package_of, refuse
from hutong.portal.errors import NameTaken
from hutong.portal.models import Package, Resource

Action = Callable[[Actor, Data], Any]
WRITE: Final[dict[str, Action]] = {}
_NAME: Final = re.compile(r"[a-z0-9_-]{2,100}\Z")
_RESERVED: Final = {"plan", "terms", "letters", "desk", "catalog"}  # addresses of the portal itself
_TAG: Final = re.compile(r"[\w .\-—·（）()]{2,100}\Z")
_TEXTS: Final = (
    "notes",
    "author",
    "author_email",
    "maintainer",
    "maintainer_email",
    "license_id",
    "version",
    "url",
)
_MOST_PARTS: Final = 200
_MOST_AT_ONCE: Final = 1_000
_MOST_TEXT: Final = 20_000
_TAKEN: Final = {"name": ["That URL is already in use."]}


def action(function: Action) -> Action:
    WRITE[function.__name__] = function
    return function


@action
def package_create(actor: Actor, data: Data) -> orjson.Fragment:
    """Register a dataset that lives elsewhere."""
    refuse(actor, "portal.publish")
    with together.coming():
        body, owner = draft(data, None)
    try:
        return fragment(together.register(body, owner))
    except NameTaken as error:
        raise Unfit(_TAKEN) from error
    except IntegrityError as error:
        raise Unfit({"id": ["Dataset id already exists"]}) from error


@action
def package_create_many(actor: Actor, data: Data) -> dict[str, Any]:
    """Register up to 1,000 datasets (``packages``) in one transaction; all or none. Not part of CKAN."""
    refuse(actor, "portal.publish")
    wrong: dict[str, Any] = {}
    packages = _maps(data, "packages", wrong, most=_MOST_AT_ONCE)
    if wrong or not packages:
        raise Unfit(wrong or {"packages": ["Missing value"]})
    drafts = []
    for number, each in enumerate(packages):
        try:
            drafts.append(draft(each, None))
        except Unfit as error:
            raise Unfit(
                {"packages": [{"number": number, "name": str(each.get("name"))[:100], **error.found}]}
            ) from error
    try:
        with index.turn(), atomic():
            rows = index.register_many(drafts)
    except IntegrityError as error:
        raise Unfit({"packages": ["A name or id is already in use."]}) from error
    return {"count": len(rows), "names": [each.name for each in rows]}


@action
def package_update(actor: Actor, data: Data) -> orjson.Fragment:
    """Write a registered dataset anew; what is left out is gone."""
    return _changed(actor, data, {})


@action
def package_patch(actor: Actor, data: Data) -> orjson.Fragment:
    """Change some keys of a registered dataset."""
    refuse(actor, "portal.publish")
    row = _own(actor, read.needed(data, "id"))
    return _changed(actor, data, orjson.loads(row.body))


@action
def package_delete(actor: Actor, data: Data) -> None:
    """Take a registered dataset back; it stays in the log."""
    refuse(actor, "portal.publish")
    row = _own(actor, read.needed(data, "id"))
    body = orjson.loads(row.body) | {"state": "deleted"}
    index.write_anew(body, row.organisation, row)


def _changed(actor: Actor, data: Data, base: Mapping[str, Any]) -> orjson.Fragment:
    refuse(actor, "portal.publish")
    row = _own(actor, read.text(data, "id") or read.needed(data, "name"))
    body, owner = draft({**base, "name": row.name, "owner_org": row.organisation, **data}, row)
    try:
        with index.turn(), atomic():
            if Package.objects.filter(name=body["name"]).exclude(pk=row.pk).exists():
                raise Unfit(_TAKEN)
            return fragment(index.write_anew(body, owner, row))
    except IntegrityError as error:
        raise Unfit({"resources": ["Resource id already exists"]}) from error


def _own(actor: Actor, wanted: str) -> Package:
    row = package_of(actor, wanted)
    if row.origin != "registered":
        raise Denied("this dataset is kept in the catalog, change it there")
    return row


def draft(data: Data, row: Package | None) -> tuple[dict[str, Any], str]:
    """The checked body of a dataset and its organisation; raises ``Unfit`` with all that is wrong."""
    wrong: dict[str, Any] = {}
    body: dict[str, Any] = {key: _short(data, key, wrong) for key in _TEXTS}
    name = read.text(data, "name")
    if not name:
        wrong["name"] = ["Missing value"]
    elif not _NAME.match(name) or name in _RESERVED:
        wrong["name"] = ["Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_"]
    body["name"] = name
    body["title"] = (_short(data, "title", wrong) or name)[:300]
    body["id"] = row.uuid if row else _id(data, wrong)
    body["state"] = read.text(data, "state", "active")
    if body["state"] not in {"active", "draft", "deleted"}:
        wrong["state"] = ["Unexpected state"]
    body["private"] = read.flag(data, "private", False)
    found = cards.organisation_named(read.text(data, "owner_org"))
    if not read.text(data, "owner_org"):
        wrong["owner_org"] = ["An organization must be provided"]
    elif found is None:
        wrong["owner_org"] = ["Organization does not exist"]
    body["owner_org"] = found.id if found else ""
    body["groups"] = _groups(data, wrong)
    body["tags"] = _tags(data, wrong)
    body["extras"] = _extras(data, wrong)
    body["resources"] = _resources(data, body["id"], row, wrong)
    if wrong:
        raise Unfit(wrong)
    now = clock.now()
    owner = body["owner_org"]
    return cards.finish(body, row.created_at if row else now, now), owner


def _id(data: Data, wrong: dict[str, Any]) -> str:
    given = read.text(data, "id")
    if not given:
        return str(uuid.uuid4())
    try:
        return str(uuid.UUID(given))
    except ValueError:
        wrong["id"] = ["Invalid id provided"]
        return ""


def _short(data: Data, key: str, wrong: dict[str, Any]) -> str | None:
    found = data.get(key)
    if found is None:
        return None
    if not isinstance(found, str | int | float) or len(str(found)) > _MOST_TEXT:
        wrong[key] = ["Must be a string of at most 20000 characters"]
        return None
    return str(found).replace("\x00", "")


def _maps(data: Data, key: str, wrong: dict[str, Any], *, most: int = _MOST_PARTS) -> list[dict[str, Any]]:
    found = data.get(key) or []
    if not isinstance(found, list) or len(found) > most or not all(isinstance(each, dict) for each in found):
        wrong[key] = [f"Must be a list of at most {most} dictionaries"]
        return []
    return found


def _groups(data: Data, wrong: dict[str, Any]) -> list[dict[str, Any]]:
    known = {cards.identify("theme", each): each for each in themes.names()}
    names = []
    for each in _maps(data, "groups", wrong):
        asked = str(each.get("name") or each.get("id") or "")
        name = asked if asked in known.values() else known.get(asked, "")
        if not name:
            wrong["groups"] = [{"id": [f"Group does not exist: {asked[:60]}"]}]
        names.append(name)
    return [{"name": each} for each in dict.fromkeys(names)]


def _tags(data: Data, wrong: dict[str, Any]) -> list[dict[str, Any]]:
    names = [str(each.get("name") or "").strip() for each in _maps(data, "tags", wrong)]
    if not names and isinstance(data.get("tag_string"), str):
        names = [each.strip() for each in data["tag_string"].split(",") if each.strip()][:_MOST_PARTS]
    bad = [each for each in names if not _TAG.match(each)]
    if bad:
        wrong["tags"] = [f'Tag "{bad[0][:60]}" must be 2 to 100 alphanumeric characters or symbols: -_.']
    return [{"name": each} for each in dict.fromkeys(names)]


def _extras(data: Data, wrong: dict[str, Any]) -> list[dict[str, Any]]:
    found = _maps(data, "extras", wrong)
    keys = [str(each.get("key") or "") for each in found]
    if not all(keys):
        wrong["extras"] = [{"key": ["Missing value"]}]
    elif len(set(keys)) < len(keys):
        wrong["extras"] = [{"key": ["Duplicate key"]}]
    return [
        {
            "key": key[:100],
            "value": str(each.get("value") if each.get("value") is not None else "")[:_MOST_TEXT],
        }
        for key, each in zip(keys, found, strict=True)
    ]


def _resources(data: Data, package: str, row: Package | None, wrong: dict[str, Any]) -> list[dict[str, Any]]:
    parts, faults = [], []
    now = cards.moment(clock.now())
    for each in _maps(data, "resources", wrong):
        fault: dict[str, Any] = {}
        part = {key: _short(each, key, fault) for key in _PART_TEXTS}
        if part["url"] and not re.match(r"(https?|ftp)://[^\s]+\Z", part["url"]):
            fault["url"] = ["Please provide a valid URL"]
        own = read.text(each, "id")
        if own and not re.fullmatch(r"[A-Za-z0-9-]{8,36}", own):
            fault["id"] = ["Invalid id provided"]
        faults.append(fault)
        parts.append(
            {
                **part, "id": own or str(uuid.uuid4()), "package_id": package, "state": "active", "created": now,
                "format": (part["format"] or _suffix(part["url"] or "")).upper()[:20], "datastore_active": False,
                "size": each.get("size") if isinstance(each.get("size"), int) else None, "url_type": None,
                "last_modified": part["last_modified"] or now,
            }
        )  # fmt: skip
    ids = [each["id"] for each in parts]
    given = [
        str(each["id"])
        for each, source in zip(parts, data.get("resources") or [], strict=False)
        if source.get("id")
    ]
    if any(faults):
        wrong["resources"] = faults
    elif len(set(ids)) < len(ids) or (given and _taken(given, row)):
        wrong["resources"] = [{"id": ["Resource id already exists."]}]
    return parts


def _taken(ids: list[str], row: Package | None) -> bool:
    """Whether resources of other datasets have these ids."""
    found = Resource.objects.filter(uuid__in=ids)
    return (found.exclude(package=row) if row else found).exists()


_PART_TEXTS: Final = (
    "name", "description", "url", "download_url", "format", "mimetype", "rights", "hash", "last_modified",
)  # fmt: skip


def _suffix(url: str) -> str:
    found = re.search(r"\.([A-Za-z0-9]{2,8})(?:\?|#|$)", url.rpartition("/")[2])
    return found[1] if found else ""
