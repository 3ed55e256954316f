"""Words of the portal for people."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.catalog.api import update_title
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.portal import opened
from hutong.portal.errors import NotOpen
from hutong.portal.models import Letter
from hutong.portal.types import OpenColumn
from hutong.ui.api import unit, when

TYPES = {
    "text": Text(zh="文本", en="Text"),
    "integer": Text(zh="整数", en="Integer"),
    "number": Text(zh="数值", en="Number"),
    "boolean": Text(zh="是否", en="Yes or no"),
    "date": Text(zh="日期", en="Date"),
    "datetime": Text(zh="时间", en="Time"),
    "geometry": Text(zh="空间图形", en="Geometry"),
}


def rhythm(update: str) -> str:
    """How often it is updated, as people say it; what is not a rhythm stays as it is."""
    return update_title(update) if update else ""


def said(body: Mapping[str, Any], key: str) -> str:
    """The title or the notes of a dataset in the reader's language, where it has them."""
    text = str(body.get(key) or "")
    if (get_language() or "zh").startswith("zh"):
        return text
    extras = {each["key"]: each["value"] for each in body["extras"]}
    return str(extras.get(f"{key}_en") or text)


def listed(found: Iterable[str]) -> str:
    """Several words in a row, as the reader's language sets them apart."""
    return ("、" if (get_language() or "zh").startswith("zh") else ", ").join(found)


def title_of(dataset: str) -> str:
    """An open dataset as people call it; its name when it is open no more."""
    try:
        return str(opened.entry(dataset).title) if dataset else ""
    except NotOpen:
        return dataset


def heading(column: OpenColumn) -> str:
    """A column's title with its unit."""
    measured = unit(column.unit)
    if not measured:
        return str(column.title)
    chinese = (get_language() or "zh").startswith("zh")
    return f"{column.title}（{measured}）" if chinese else f"{column.title} ({measured})"


def cell(column: OpenColumn | None, value: Any) -> Any:
    """A value for people: a code with what it means, a coordinate whole, a moment in Beijing time."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str):
        meant = str(column.codes.get(value, "")) if column else ""
        return f"{value} {meant}" if meant and meant != value else value[:200]
    if value is None:
        return None
    if column is not None and column.source.type in {"longitude", "latitude"}:
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return _moment(value)
    return value if isinstance(value, int | float) else value.isoformat()


def _moment(utc: datetime) -> str:
    """A moment of an edition, which keeps them in UTC, by the clock on the wall; seconds where there are some."""
    here = clock.local(utc if utc.tzinfo else utc.replace(tzinfo=UTC))
    return f"{here:%Y-%m-%d %H:%M:%S}" if here.second else f"{here:%Y-%m-%d %H:%M}"


def letter(row: Letter) -> dict[str, Any]:
    """A letter as pages show it."""
    return {
        "id": row.pk,
        "kind": _("Request for data") if row.kind == Letter.Kind.REQUEST else _("Feedback"),
        "title": row.title,
        "text": row.text,
        "sent": when(row.sent_at),
        "dataset": row.dataset,
        "about": title_of(row.dataset),
        "answer": row.answer,
        "answered": when(row.answered_at) if row.answered_at else "",
    }
