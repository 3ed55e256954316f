"""The form of an entry: its fields as the page shows them, and what was written as text, field by field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.accounts.api import Actor, Target, may, organisations
from hutong.catalog import store
from hutong.catalog.logic import column_lines
from hutong.catalog.logic.faults import Fault
from hutong.catalog.logic.fields import FIELDS, GROUPS
from hutong.catalog.logic.metadata import Field
from hutong.catalog.shown import RHYTHMS, choice_title, organisation_title, plain
from hutong.catalog.types import Kind
from hutong.kernel.given import counted
from hutong.lake.types import ColumnType

Options = dict[str, Any]
GRID: Final = 120  # columns in a grid; more are written as lines, for a form has a limit of fields
FREE: Final = 5  # empty rows at the end of the grid
_CHOICES: Final = {"grade": "grade", "sharing.kind": "sharing", "opening.kind": "opening", "format": "format",
                   "sharing.by": "by", "state": "state", "cloud": "cloud"}  # fmt: skip
_WIDE: Final = {"opening.kind", "basis"}  # alone in their row
_KINDS: Final = {"long": "textarea", "basis": "textarea", "date": "date", "columns": "textarea"}


def given(kind: Kind, posted: QueryDict) -> dict[str, str]:
    """What the form says, field by field; the grid of columns as lines, rhythm and deadline as one."""
    said = {name: str(posted.get(name, "")).replace("\0", "") for name in posted}
    found = {field.path: said.get(field.path, "") for field in FIELDS[kind]}
    if "id" in said:
        found["id"] = said["id"].strip()
    if until := said.get("update.by", "").strip():
        found["update"] = f"{found['update']} by {_deadline(until)}"
    if sent := counted(said.get("columns", ""), 10_000):
        count = min(sent, GRID + FREE)
        rows = [
            {part: said.get(f"column-{number}-{part}", "") for part in column_lines.PARTS}
            for number in range(count)
        ]
        found["table.columns"] = column_lines.joined(row for row in rows if row["name"].strip())
    return found


def groups(
    kind: Kind, actor: Actor, said: Mapping[str, str], faults: Sequence[Fault], *, new: bool = False
) -> list[Options]:
    """The fields by group, each with its help, its value and what is wrong with it."""
    made: dict[str, list[Options]] = {}
    for field in FIELDS[kind]:
        if field.kind == "columns":
            continue
        fields = made.setdefault(field.group, [])
        if field.kind == "update":
            fields += _update(field, said[field.path], faults)
        else:
            fields.append(_field(field, kind, actor, said[field.path], faults))
    if new:
        made["what"].append(_identifier(said.get("id", ""), faults))
    titles = {name: GROUPS[name] for name in GROUPS if name in made}
    return [
        {
            "title": str(title),
            "fields": [{"shown": each, "wide": each["name"] in _WIDE} for each in made[name]],
        }
        for name, title in titles.items()
    ]


def grid(
    text: str, faults: Sequence[Fault], *, fixed: Iterable[str] = (), held: Mapping[str, str] | None = None
) -> Options:
    """The columns as rows to fill in. Name and type of those in ``fixed`` stay; ``held`` is what values suggest."""
    rows, keep, found = column_lines.split(text), set(fixed), held or {}
    field = next(each for each in FIELDS[Kind.DATASET] if each.kind == "columns")
    errors = [str(each.what) for each in faults if each.field == field.path]
    options: Options = {
        "title": str(GROUPS["columns"]),
        "errors": errors,
        "hint": str(field.hint),
        "held": bool(found),
    }
    if len(rows) > GRID:
        return {**options, "lines": text, "label": str(field.title)}
    empty = [dict.fromkeys(column_lines.PARTS, "") for _row in range(0 if keep else FREE)]
    types = [{"value": each.value, "label": choice_title("type", each.value)} for each in ColumnType]
    return {
        **options,
        "rows": [
            {
                "number": number,
                "name": row["name"],
                "zh": row["title.zh"],
                "en": row["title.en"],
                "type": row["type"] or "text",
                "type_title": choice_title("type", row["type"] or "text"),
                "unit": row["unit"],
                "sensitive": bool(row["sensitive"]),
                "fixed": row["name"] in keep,
                "held": found.get(row["name"], ""),
                "label": row["name"] or _("new row %(n)s") % {"n": number + 1},
            }
            for number, row in enumerate([*rows, *empty])
        ],
        "count": len(rows) + len(empty),
        "types": types,
        "free": not keep,
    }


def places(kind: Kind, faults: Sequence[Fault]) -> list[Options]:
    """The fields that have to be mended, in the order of the form, each with where it stands on the page."""
    wrong = {each.field for each in faults}
    titles = {"id": _("Identifier")} | {each.path: plain(str(each.title)) for each in FIELDS[kind]}
    titles["reason"] = pgettext("catalog", "Reason")
    return [
        {"title": title, "url": "#columns" if path == "table.columns" else f"#field-{path}"}
        for path, title in titles.items()
        if path in wrong
    ]


def loose(kind: Kind, faults: Sequence[Fault]) -> list[str]:
    """Faults that belong to no field of the form."""
    paths = {each.path for each in FIELDS[kind]} | {"id", "reason"}
    return [f"{each.key}: {each.what}" for each in faults if each.field not in paths]


def reason(posted: QueryDict, faults: Sequence[Fault]) -> Options:
    """What was given as the reason of the change, and what is wrong with it."""
    return _with_error({"value": posted.get("reason", "")}, "reason", faults)


def _field(field: Field, kind: Kind, actor: Actor, value: str, faults: Sequence[Fault]) -> Options:
    options: Options = {
        "name": field.path,
        "label": str(field.title),
        "value": value,
        "hint": str(field.hint),
        "kind": _KINDS.get(field.kind, "text"),
    }
    if choices := _choices(field, kind, actor, value):
        options |= {"kind": "select", "choices": choices}
    if field.required:
        options["required"] = True
    return _with_error(options, field.path, faults)


def _with_error(options: Options, path: str, faults: Sequence[Fault]) -> Options:
    wrong = [_begun(str(each.what)) for each in faults if each.field == path]
    return {**options, "error": "；".join(wrong)} if wrong else options


def _begun(text: str) -> str:
    """As a sentence begins."""
    return text[:1].upper() + text[1:]


def _choices(field: Field, kind: Kind, actor: Actor, value: str) -> list[Options]:
    if field.choices:
        known = [(each, choice_title(_CHOICES[field.path], each)) for each in field.choices]
    elif field.kind == "organisation":
        known = [(each.id, str(each.title)) for each in organisations() if _may_write(actor, each.id, kind)]
        if value and value not in {each for each, _title in known}:
            known.append((value, organisation_title(value)))
    elif field.kind == "duty":
        known = [
            (each.id, f"{each.title}（{organisation_title(each.organisation)}）")
            for each in store.entries(Kind.DUTY)
            if _may_write(actor, each.organisation, Kind.DATASET) or each.id == value
        ]
    elif field.kind == "system":
        known = [(each.id, str(each.title)) for each in store.entries(Kind.SYSTEM)]
    else:
        return []
    if value and value not in {each for each, _title in known}:
        known.append((value, value))  # what was written stays until it is mended
    none = [] if field.required and value else [("", "—")]
    return [{"value": each, "label": title} for each, title in none + known]


def _may_write(actor: Actor, organisation: str, kind: Kind) -> bool:
    return bool(may(actor, "catalog.edit", Target(organisation, "general", str(kind))))


def _identifier(value: str, faults: Sequence[Fault]) -> Options:
    return _with_error(
        {
            "name": "id",
            "label": _("Identifier"),
            "value": value,
            "hint": _(
                "Lower-case letters, digits and hyphens; empty: made from the English title. It never changes."
            ),
        },
        "id",
        faults,
    )


def _update(field: Field, value: str, faults: Sequence[Fault]) -> list[Options]:
    """Rhythm and deadline beside each other."""
    rhythm, _by, until = value.partition(" by ")
    choices = [{"value": each, "label": str(title)} for each, title in RHYTHMS.items()]
    if rhythm and rhythm not in RHYTHMS:
        choices.append({"value": rhythm, "label": rhythm})
    none = [] if rhythm else [{"value": "", "label": "—"}]
    first = {
        "name": field.path,
        "label": str(field.title),
        "kind": "select",
        "value": rhythm,
        "choices": none + choices,
        "hint": str(field.hint),
        "required": True,
    }
    second = {
        "name": "update.by",
        "label": _("Deadline"),
        "value": until.removeprefix("day "),
        "hint": _("A day of the month (15), or an hour of the day (06:00); may be empty."),
    }
    return [_with_error(first, field.path, faults), second]


def _deadline(text: str) -> str:
    return f"day {text}" if text.isdecimal() else text
