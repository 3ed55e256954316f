"""Runs of joint computation as the pages list them."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.ledger import api as ledger
from hutong.privacy import words
from hutong.privacy.types import MatchRef
from hutong.ui.api import when


def runs_made(found: Iterable[MatchRef], bureau: Callable[[str], str]) -> dict[str, Any]:
    """Newest first; ``bureau`` names an organisation."""
    return {
        "caption": _("Joint runs of two organisations"),
        "columns": [
            {"key": "at", "title": _("When")},
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
        "empty": _("No joint run yet. “hutong private match” runs one side."),
    }


def _run(each: MatchRef, bureau: Callable[[str], str]) -> dict[str, Any]:
    return {
        "at": when(each.at),
        "run": f"{each.run} · {each.column}" if each.column else each.run,
        "side": bureau(each.organisation),
        "state": _state(each),
        "rows": words.number(Decimal(each.mine)) if each.mine else "—",
        "common": words.number(None if each.common is None else Decimal(each.common)),
        "chosen": _within(each.chosen, each.chosen_off),
        "sum": _within(each.total, each.total_off),
        "epsilon": words.number(each.epsilon) if each.epsilon else "—",
        "log": {"text": str(each.log_entry), "url": f"/id/{ledger.entry_urn(each.log_entry)}"}
        if each.log_entry
        else "—",
    }


def _state(each: MatchRef) -> dict[str, str]:
    match each.state:
        case "done":
            return {"text": _("Finished"), "state": "good"}
        case "failed":
            return {"text": f"{_('Failed')} {each.why}", "state": "bad"}
    return {"text": _("Reserved"), "state": "watch"}


def _within(value: int | None, off: int) -> str:
    return "—" if value is None else f"{value:,} ± {off:,}"
