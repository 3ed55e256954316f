"""Words of the portal for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.catalog.api import update_title
from hutong.kernel.text import Text
from hutong.portal.models import Letter
from hutong.ui.api import when

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


def letter(row: Letter) -> dict[str, Any]:
    """A letter as pages show it."""
    return {
        "id": row.pk,
        "kind": _("Request for data") if row.kind == Letter.Kind.REQUEST else _("Feedback"),
        "title": row.title,
        "text": row.text,
        "sent": when(row.sent_at),
        "dataset": row.dataset,
        "answer": row.answer,
        "answered": when(row.answered_at) if row.answered_at else "",
    }
