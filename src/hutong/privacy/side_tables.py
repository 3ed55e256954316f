"""Sides of joint runs as the pages show them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.exchange.types import ContractRef
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.ledger import api as ledger
from hutong.privacy import match_tables, reading, tables, words
from hutong.privacy.errors import BadQuestion
from hutong.privacy.types import Stage, StartRef
from hutong.ui.api import when

Context = dict[str, Any]


def stage(each: StartRef) -> dict[str, str]:
    """How far it is, in words and as a state."""
    if each.stage.active and each.stopping:
        return {"text": pgettext("privacy", "Being stopped"), "state": "watch"}
    named = {
        Stage.READY: (_("Ready to start"), "none"),
        Stage.ASKED: (_("Waiting for the worker"), "running"),
        Stage.PREPARING: (_("Taking own rows"), "running"),
        Stage.WAITING: (_("Waiting for the other side"), "running"),
        Stage.COMPUTING: (_("Both sides are computing"), "running"),
        Stage.DONE: (_("Finished"), "good"),
        Stage.FAILED: (pgettext("privacy", "Came to nothing"), "bad"),
    }
    text, state = named[each.stage]
    return {"text": text, "state": state}


def sides(found: Iterable[StartRef]) -> Context:
    return {
        "caption": _("Own sides"),
        "columns": [
            {"key": "at", "title": _("When"), "kind": "when"},
            {"key": "run", "title": _("Run")},
            {"key": "what", "title": pgettext("privacy", "What it tells")},
            {"key": "state", "title": _("State"), "kind": "badge"},
        ],
        "rows": [
            {
                "at": each.begun or each.at,
                "run": {"text": each.side.run, "url": f"/exchange/private/runs/{each.id}"},
                "what": told(each),
                "state": stage(each),
            }
            for each in found
        ],
        "empty": _("None was written down yet."),
    }


def told(each: StartRef) -> str:
    """What a run tells: what is in common, or a sum too."""
    if not each.side.column:
        return _("What is in common")
    shape = lake.contract(each.dataset)
    title = str(shape.column(each.side.column).title) if each.side.column in _names(each.dataset) else ""
    facts = {"column": title or each.side.column, "epsilon": words.number(each.side.epsilon)}
    return _("Sum of %(column)s, with ε %(epsilon)s") % facts


def facts(each: StartRef, found: ContractRef, other: StartRef | None) -> list[Context]:
    """What was written down of a side; how far the ``other`` is, where it is of this installation."""
    side = each.side
    met = {}
    if other is not None:
        at = stage(other)
        met = {"text": f"{tables.bureau(_other(each, found))} · {at['text']}", "state": at["state"]}
    rows = [
        {"term": _("Contract"), "text": found.id, "url": f"/exchange/private/{found.id}"},
        {"term": _("Side"), "text": f"{tables.bureau(side.organisation)} · {_role(each)}"},
        {"term": pgettext("privacy", "The other side"), "text": tables.bureau(_other(each, found)), **met},
        {"term": pgettext("privacy", "What it tells"), "text": told(each)},
        {"term": pgettext("privacy", "Own rows"), "text": _rows(each)},
    ]
    if side.where:
        label = _("Rows that take part") if each.provider or not side.column else _("Rows that are chosen")
        rows.append({"term": label, "text": conditions(side.where, side.table)})
    rows.append({"term": pgettext("privacy", "Purpose of the run"), "text": words.purpose(side.purpose)})
    rows.append({"term": pgettext("privacy", "Addresses"), "text": _addresses(each)})
    limits = {"wait": f"{side.wait:,}", "seconds": f"{side.seconds:,}"}
    rows.append(
        {
            "term": pgettext("privacy", "Limits"),
            "text": _("%(wait)s s for the other side to come, %(seconds)s s in all") % limits,
        }
    )
    if each.begun:
        rows.append({"term": pgettext("privacy", "Begun"), "text": when(each.begun)})
    return rows


def result(each: StartRef) -> list[Context]:
    """What came out, for the side it is of."""
    found = each.result
    if found is None:
        return []
    common, chosen, total = match_tables.outcome(found)
    rows = [
        {"term": _("Own keys"), "text": words.number(Decimal(found.mine))},
        {"term": _("In common"), "text": common},
    ]
    if found.column:
        rows.append({"term": _("Chosen (95%)"), "text": chosen})
        rows.append({"term": _("Sum (95%)"), "text": total})
    took = {"match": f"{found.match_ms / 1000:.1f}", "sum": f"{found.sum_ms / 1000:.1f}"}
    rows.append(
        {
            "term": pgettext("privacy", "Took"),
            "text": _("%(match)s s for what is in common, %(sum)s s for the sum") % took,
        }
    )
    if found.log_entry:
        url = f"/id/{ledger.entry_urn(found.log_entry)}"
        rows.append({"term": pgettext("privacy", "Log entry"), "text": f"#{found.log_entry}", "url": url})
    return rows


def error(each: StartRef) -> Context:
    """What was wrong and what to do."""
    if not each.error:
        return {}
    said, fix = each.error.get("message"), each.error.get("fix")
    return {
        "said": str(Text(**said)) if isinstance(said, dict) else "",
        "fix": str(Text(**fix)) if isinstance(fix, dict) else "",
    }


def conditions(lines: Iterable[str], table: str) -> str:
    """Conditions in words; as they stand where the table has changed since."""
    listed = list(lines)
    try:
        return words.conditions(reading.conditions(listed), lake.contract(table))
    except BadQuestion:
        return "; ".join(listed)


def _role(each: StartRef) -> str:
    return (
        pgettext("privacy", "gives the values") if each.provider else pgettext("privacy", "chooses the rows")
    )


def _other(each: StartRef, found: ContractRef) -> str:
    return found.consumer if each.provider else found.provider


def _rows(each: StartRef) -> str:
    if each.file:
        return f"{each.file} · {each.side.key}"
    shape = lake.contract(each.side.table)
    known = each.side.key in {column.name for column in shape.columns}
    title = str(shape.column(each.side.key).title) if known else each.side.key
    return f"{shape.title or each.side.table} · {title or each.side.key}"


def _addresses(each: StartRef) -> str:
    if not each.own:
        return pgettext("privacy", "chosen at the start")
    if each.here:
        return _("both on this machine: %(own)s and %(peer)s") % {"own": each.own, "peer": each.peer}
    return _("listens at %(own)s, calls %(peer)s") % {"own": each.own, "peer": each.peer}


def _names(dataset: str) -> set[str]:
    return {column.name for column in lake.contract(dataset).columns}
