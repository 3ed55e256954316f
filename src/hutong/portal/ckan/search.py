"""The part of Solr's language that CKAN's clients use: words, phrases, ``field:value``, groups, not, ranges."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from hutong.portal.ckan.errors import BadSearch
from hutong.portal.shelf import Asked

FIELDS: Final = {
    "organization": "organisation",
    "owner_org": "organisation",
    "groups": "theme",
    "tags": "tag",
    "res_format": "format",
    "license_id": "licence",
    "name": "name",
    "id": "name",
    "update": "update",
    "quality": "quality",
}
FACETS: Final = {name: facet for name, facet in FIELDS.items() if name not in {"name", "id"}}
_FREE: Final = {"title", "notes", "text", "author", "maintainer"}
_CONSTANT: Final = {"state": "active", "type": "dataset", "dataset_type": "dataset", "private": "false",
                    "capacity": "public", "site_id": "*", "entity_type": "package"}  # fmt: skip
_TOKEN: Final = re.compile(
    r"\s*(?P<mark>[+-])?(?:(?P<field>[A-Za-z_]+):)?"
    r"(?:(?P<group>\((?:[^()\"]|\"[^\"]*\")*\))|\"(?P<phrase>[^\"]*)\"|\[(?P<range>[^\]]*)\]|(?P<word>[^\s()\"]+))"
)
_PART: Final = re.compile(r'"([^"]*)"|(\S+)')
_SORTS: Final = {
    "metadata_modified": "modified", "metadata_created": "created", "name": "name", "title": "title",
    "title_string": "title", "quality": "quality", "views_recent": "modified", "id": "name",
}  # fmt: skip


@dataclass(slots=True)
class _Reading:
    words: list[str]
    must: list[tuple[str, tuple[str, ...]]]
    must_not: list[tuple[str, tuple[str, ...]]]
    nothing: bool = False
    since: float = 0.0
    until: float = 0.0


def read(q: str, filters: list[str], **page: Any) -> Asked | None:
    """The search; None where it cannot find anything. Raises ``BadSearch``."""
    found = _Reading([], [], [])
    for each in (q, *filters):
        if len(each) > 2000:
            raise BadSearch(f"Query too long: {len(each)}")
        _read(each, found)
    if found.nothing:
        return None
    return Asked(
        words=" ".join(found.words), must=tuple(found.must), must_not=tuple(found.must_not), since=found.since,
        until=found.until, **page,
    )  # fmt: skip


def sorting(text: str) -> tuple[tuple[str, bool], ...]:
    """``metadata_modified desc, name asc``; by relevance where it says score."""
    found = []
    for part in text.split(","):
        name, _, direction = part.strip().partition(" ")
        if not name or name == "score":
            continue
        if name not in _SORTS or direction.strip().lower() not in {"", "asc", "desc"}:
            raise BadSearch(f'Invalid "sort" parameter: {part.strip()[:80]}')
        found.append((_SORTS[name], direction.strip().lower() == "desc"))
    return tuple(found)


def _read(text: str, found: _Reading) -> None:
    place = 0
    text = text.strip()
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise BadSearch(f"Query cannot be read at {place}: {text[place : place + 40]}")
        place = token.end()
        _take(token, found)
        while place < len(text) and text[place].isspace():
            place += 1


def _take(token: re.Match[str], found: _Reading) -> None:
    field, negative = token["field"], token["mark"] == "-"
    if token["range"] is not None:
        _range(field or "", token["range"], found)
        return
    if token["group"] is not None:
        parts = [a or b for a, b in _PART.findall(token["group"][1:-1])]
        values = [each for each in parts if each not in {"OR", "AND", "||", "&&"}]
    else:
        values = [token["phrase"] if token["phrase"] is not None else token["word"]]
    if field is None and values in (["AND"], ["OR"], ["&&"], ["*"]):
        return
    if field is None and values == ["NOT"]:
        raise BadSearch("NOT is written as - before a word")
    if field is None or field in _FREE:
        found.words += [each.strip("*~") for each in values if each.strip("*~")]
        return
    if field in _CONSTANT:
        fits = any(each in {"*", _CONSTANT[field]} for each in values)
        found.nothing |= fits == negative
        return
    if field not in FIELDS:
        raise BadSearch(f"undefined field {field[:60]}")
    if values == ["*"]:
        return
    kept = [each.upper() if field == "res_format" else each for each in values]
    (found.must_not if negative else found.must).append((FIELDS[field], tuple(kept)))


def _range(field: str, text: str, found: _Reading) -> None:
    low, _, high = text.partition(" TO ")
    if field not in {"metadata_modified", "metadata_created"} or not high:
        raise BadSearch(f"range of {field[:60]}")
    found.since = max(found.since, _moment(low.strip(), 0.0))
    until = _moment(high.strip(), 0.0)
    found.until = min(found.until, until) if found.until and until else until or found.until


def _moment(text: str, default: float) -> float:
    if text == "*":
        return default
    now = datetime.now(UTC)
    relative = re.fullmatch(r"NOW(?:-(\d{1,5})(DAY|DAYS|HOUR|HOURS|MONTH|MONTHS|YEAR|YEARS))?(?:/DAY)?", text)
    if relative:
        days = {"D": 1.0, "H": 1 / 24, "M": 30.0, "Y": 365.0}[(relative[2] or "D")[0]] * int(relative[1] or 0)
        return now.timestamp() - days * 86_400
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSearch(f"Invalid Date String: {text[:60]}") from error
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
