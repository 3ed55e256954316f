"""Things of the exchange as tables and lists of the design system."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hutong.accounts import api as accounts
from hutong.exchange import words
from hutong.exchange.logic.links import Out, Part
from hutong.exchange.types import (
    AccessRef,
    ContractRef,
    FileRef,
    IssueRef,
    LinkRef,
    Page,
    RequestRef,
    StepRef,
)
from hutong.exchange.usage import Day
from hutong.lake import api as lake
from hutong.lake.types import ColumnType
from hutong.ledger import api as ledger
from hutong.ui.api import unit, when

Shown = dict[str, Any]


def requests(found: Sequence[RequestRef], caption: str, empty: str) -> Shown:
    return {
        "caption": caption,
        "columns": [
            {"key": "id", "title": _("Request"), "kind": "code"},
            {"key": "title", "title": _("Dataset")},
            {"key": "consumer", "title": _("Consumer")},
            {"key": "provider", "title": _("Provider")},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "due", "title": _("Due")},
        ],
        "rows": [
            {
                "id": {"text": each.id, "url": f"/exchange/requests/{each.id}"},
                "title": str(each.title),
                "consumer": words.bureau(each.consumer),
                "provider": words.bureau(each.provider),
                "state": words.badge(each.state),
                "due": due(each),
            }
            for each in found
        ],
        "empty": empty,
    }


def due(each: RequestRef | IssueRef) -> Any:
    """The day it is due; pinned when it has passed."""
    if each.due is None:
        return "—"
    if each.overdue:
        return {
            "text": _("Overdue since %(day)s") % {"day": each.due.isoformat()},
            "kind": "badge",
            "state": "bad",
        }
    return each.due.isoformat()


def contracts(found: Sequence[ContractRef]) -> Shown:
    return {
        "caption": _("Contracts"),
        "columns": [
            {"key": "id", "title": _("Contract"), "kind": "code"},
            {"key": "title", "title": _("Dataset")},
            {"key": "consumer", "title": _("Consumer")},
            {"key": "provider", "title": _("Provider")},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "end", "title": _("Last day")},
        ],
        "rows": [
            {
                "id": {"text": f"{each.id} v{each.version}", "url": f"/exchange/contracts/{each.id}"},
                "title": str(each.title),
                "consumer": words.bureau(each.consumer),
                "provider": words.bureau(each.provider),
                "state": words.contract_badge(each),
                "end": each.terms.end.isoformat(),
            }
            for each in found
        ],
        "empty": _("No contract yet."),
    }


def issues(found: Sequence[IssueRef]) -> Shown:
    return {
        "caption": _("Corrections, disputes and return flow"),
        "columns": [
            {"key": "matter", "title": _("Matter")},
            {"key": "title", "title": pgettext("exchange", "Title")},
            {"key": "asked", "title": _("Raised by")},
            {"key": "answers", "title": _("Answered by")},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "due", "title": _("Due")},
        ],
        "rows": [
            {
                "matter": words.matter(each.matter),
                "title": {"text": each.title, "url": f"/exchange/issues/{each.id}"},
                "asked": words.bureau(each.asked_by),
                "answers": words.bureau(each.answers),
                "state": words.badge(each.state),
                "due": due(each),
            }
            for each in found
        ],
        "empty": _("Nothing has been raised."),
    }


def steps(found: Sequence[StepRef]) -> list[Shown]:
    return [
        {
            "when": when(each.at),
            "title": words.event(each.event),
            "text": " · ".join(part for part in (words.bureau(each.organisation), each.note) if part),
            "url": f"/id/{ledger.entry_urn(each.log_entry)}",
        }
        for each in reversed(found)
    ]


def columns(contract: ContractRef) -> Shown:
    shape = lake.contract(contract.table)
    titles = {each.name: each.title for each in shape.columns}
    return {
        "caption": _("Columns granted"),
        "columns": [
            {"key": "name", "title": _("Column"), "kind": "code"},
            {"key": "title", "title": pgettext("exchange", "Title")},
            {"key": "mask", "title": _("How it is shown")},
        ],
        "rows": [
            {"name": name, "title": str(titles[name]), "mask": words.mask(mask, shape.column(name).type)}
            for name, mask in contract.terms.columns.items()
        ],
    }


def links(found: Sequence[LinkRef]) -> Shown:
    return {
        "caption": _("Link groups"),
        "columns": [
            {"key": "id", "title": _("Link group"), "kind": "code"},
            {"key": "title", "title": pgettext("exchange", "Title")},
            {"key": "consumer", "title": _("Consumer")},
            {"key": "parts", "title": _("Contracts"), "kind": "number"},
            {"key": "state", "title": _("State"), "kind": "badge"},
        ],
        "rows": [
            {
                "id": {"text": each.id, "url": f"/exchange/links/{each.id}"},
                "title": each.title,
                "consumer": words.bureau(each.consumer),
                "parts": len(each.contracts),
                "state": words.badge(each.standing),
            }
            for each in found
        ],
        "empty": _("No contracts are handed over joined."),
    }


def members(parts: Sequence[Part]) -> Shown:
    """The contracts of a link group with their keys."""
    return {
        "caption": _("Contracts and keys"),
        "columns": [
            {"key": "contract", "title": _("Contract"), "kind": "code"},
            {"key": "title", "title": _("Dataset")},
            {"key": "provider", "title": _("Provider")},
            {"key": "keys", "title": _("Join keys")},
            {"key": "end", "title": _("Last day")},
        ],
        "rows": [
            {
                "contract": {"text": each.contract.id, "url": f"/exchange/contracts/{each.contract.id}"},
                "title": str(each.contract.title),
                "provider": words.bureau(each.contract.provider),
                "keys": words.listed(_key(parts[0], left, each, right) for left, right in each.on)
                or _("first table"),
                "end": each.contract.terms.end.isoformat(),
            }
            for each in parts
        ],
    }


def _key(base: Part, left: str, part: Part, right: str) -> str:
    """Both columns of a key by their titles, once where these are the same."""
    titles = [str(base.shape.column(left).title or left), str(part.shape.column(right).title or right)]
    return " = ".join(dict.fromkeys(titles))


def joined_columns(parts: Sequence[Part], out: Sequence[Out]) -> Shown:
    """What a link group hands over."""

    def row(each: Out) -> Shown:
        part = parts[each.part]
        column = part.shape.column(each.column)
        mask = part.contract.terms.columns[each.column]
        return {
            "name": each.name,
            "title": str(column.title or each.column),
            "of": str(part.contract.title),
            "mask": words.mask(mask, column.type),
        }

    return {
        "caption": _("Columns of the joined rows"),
        "columns": [
            {"key": "name", "title": _("Column"), "kind": "code"},
            {"key": "title", "title": pgettext("exchange", "Title")},
            {"key": "of", "title": _("Dataset")},
            {"key": "mask", "title": _("How it is shown")},
        ],
        "rows": [row(each) for each in out],
    }


def accesses(found: Sequence[AccessRef], contract: ContractRef) -> Shown:
    """Who read what, when. Columns are named by their titles; whoever asked for none had all that are granted."""
    told = lake.contract(contract.table)
    titles = {each.name: str(each.title or each.name) for each in told.columns}
    people = {each.urn: str(each.name) for each in accounts.people()} if found else {}

    def asked(names: Sequence[str]) -> str:
        if not names or set(names) >= set(contract.terms.columns):
            return _("all")
        return words.listed(titles.get(each, each) for each in names)

    return {
        "caption": _("Accesses"),
        "columns": [
            {"key": "at", "title": _("When")},
            {"key": "actor", "title": _("Who")},
            {"key": "channel", "title": _("Way")},
            {"key": "columns", "title": _("Columns read")},
            {"key": "rows", "title": _("Rows"), "kind": "number"},
            {"key": "outcome", "title": _("Outcome"), "kind": "badge"},
            {"key": "entry", "title": _("Log entry")},
        ],
        "rows": [
            {
                "at": when(each.at),
                "actor": people.get(each.actor) or each.actor.rpartition(":")[2],
                "channel": words.channel(each.channel),
                "columns": asked(each.columns),
                "rows": each.rows,
                "outcome": words.outcome(each),
                "entry": {"text": str(each.log_entry), "url": f"/id/{ledger.entry_urn(each.log_entry)}"}
                if each.log_entry
                else _("soon"),
            }
            for each in found
        ],
        "empty": _("Nothing has been read yet."),
    }


def usage(found: Sequence[Day]) -> Shown:
    return {
        "id": "usage",
        "title": _("Rows read by day"),
        "kind": "bar",
        "labels": [each.day.strftime("%m-%d") for each in found],
        "series": [{"name": _("Rows"), "values": [each.rows for each in found]}],
        "note": _("%(calls)s accesses and %(refused)s refused in %(days)s days")
        % {
            "calls": sum(each.calls for each in found),
            "refused": sum(each.refused for each in found),
            "days": len(found),
        },
    }


def files(found: Sequence[FileRef]) -> Shown:
    return {
        "caption": _("Files"),
        "columns": [
            {"key": "name", "title": _("File")},
            {"key": "rows", "title": _("Rows"), "kind": "number"},
            {"key": "sha256", "title": "SHA-256", "kind": "code"},
            {"key": "until", "title": _("Last day")},
        ],
        "rows": [
            {
                "name": {"text": each.name, "url": f"/exchange/files/{each.id}"}
                if each.state == "ready"
                else each.name,
                "rows": each.rows,
                "sha256": each.sha256[:16] or words.file_state(each.state),
                "until": when(each.expires_at),
            }
            for each in found
        ],
        "empty": _("No file has been made."),
    }


def rows(found: Page, caption: str) -> Shown:
    """A page of rows, each column in the unit that its heading names."""
    heads, cells = [], [dict[str, Any]() for _row in found.rows]
    for at, name in enumerate(found.columns):
        column = found.of.get(name)
        coarser = name in found.masked and column is not None and column.type is ColumnType.MONTH
        values = [row[at] for row in found.rows]
        written = lake.write(None if coarser else column, values, get_language() or "zh-hans")
        title = str(column.title) if column and column.title.zh else name
        measure = unit(written.unit) if written.unit else ""
        title = f"{title} ({measure})" if measure else title
        star = " *" if name in found.masked else ""
        heads.append(
            {"key": str(at), "title": title + star, **({"kind": "number"} if written.numeric else {})}
        )
        for row, text in zip(cells, written.texts, strict=True):
            row[str(at)] = text
    return {
        "caption": caption,
        "columns": heads,
        "rows": cells,
        "empty": _("No row meets the conditions."),
        "dense": True,
    }
