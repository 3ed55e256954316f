"""Runs of joint computation as the pages list them."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.ledger import api as ledger
from hutong.privacy import words
from hutong.privacy.errors import (
    AnswerFailed,
    BadMatch,
    NoEngine,
    OtherAbsent,
    RunCut,
    RunStopped,
    TermsDiffer,
)
from hutong.privacy.logic.terms import MINIMUM
from hutong.privacy.types import MatchRef
from hutong.ui.api import unit

_WHY = {
    each.code: each.message
    for each in (NoEngine, AnswerFailed, RunStopped)
} | {
    RunCut.code: Text(zh="本系统中途停止", en="this installation stopped on the way"),
    TermsDiffer.code: Text(zh="双方约定不一致", en="the two sides had agreed on different things"),
    OtherAbsent.code: Text(zh="对方未到", en="the other side did not come"),
    BadMatch.code: Text(zh="文件或参数不合要求", en="a file or an option was not as agreed"),
}  # fmt: skip


def runs_made(found: Iterable[MatchRef], bureau: Callable[[str], str]) -> dict[str, Any]:
    """Newest first; ``bureau`` names an organisation."""
    return {
        "caption": _("Joint runs of two organisations"),
        "columns": [
            {"key": "at", "title": _("When"), "kind": "when"},
            {"key": "run", "title": _("Run")},
            {"key": "side", "title": _("Side")},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "rows", "title": _("Own keys"), "kind": "text"},
            {"key": "common", "title": _("In common"), "kind": "text"},
            {"key": "chosen", "title": _("Chosen (95%)"), "kind": "text"},
            {"key": "sum", "title": _("Sum (95%)"), "kind": "text"},
            {"key": "epsilon", "title": _("ε"), "kind": "text"},
            {"key": "log", "title": pgettext("privacy", "Log entry")},
        ],
        "rows": [_run(each, bureau) for each in found],
        "empty": _("No joint run yet. Each side is started under the contract."),
    }


def outcome(each: MatchRef) -> tuple[str, str, str]:
    """What is in common, how many were chosen, and their sum."""
    return (
        _common(each),
        _within(each.chosen, each.chosen_off),
        _within(each.total, each.total_off, _summed(each)[1]),
    )


def _run(each: MatchRef, bureau: Callable[[str], str]) -> dict[str, Any]:
    return {
        "at": each.at,
        "run": f"{each.run} · {_summed(each)[0]}" if each.column else each.run,
        "side": bureau(each.organisation),
        "state": _state(each),
        "rows": words.number(Decimal(each.mine)) if each.mine else "—",
        **dict(zip(("common", "chosen", "sum"), outcome(each), strict=True)),
        "epsilon": words.number(each.epsilon) if each.epsilon else "—",
        "log": {"text": f"#{each.log_entry}", "url": f"/id/{ledger.entry_urn(each.log_entry)}"}
        if each.log_entry
        else "—",
    }


def _state(each: MatchRef) -> dict[str, str]:
    match each.state:
        case "done":
            return {"text": _("Finished"), "state": "good"}
        case "failed":
            why = _WHY.get(each.why)
            return {"text": f"{_('Failed')}: {why or each.why}", "state": "bad"}
    return {"text": _("Reserved"), "state": "watch"}


def _summed(each: MatchRef) -> tuple[str, str]:
    """The column that is summed as people call it, and the unit of its sum."""
    shape = lake.contract(each.dataset)
    if each.column not in {column.name for column in shape.columns}:
        return each.column, ""
    column = shape.column(each.column)
    return str(column.title) or column.name, unit(column.unit)


def _common(each: MatchRef) -> str:
    """How many; withheld where few; and said so where it is the other side's to see."""
    if each.common is not None:
        return words.number(Decimal(each.common))
    if each.state != "done":
        return "—"
    fewer = _("fewer than %(least)s, withheld") % {"least": MINIMUM}
    return fewer if each.visible else pgettext("privacy", "for that side alone")


def _within(value: int | None, off: int, measured: str = "") -> str:
    return "—" if value is None else f"{value:,} ± {off:,} {measured}".strip()
