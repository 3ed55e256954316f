"""The log for people: its state, its entries, and each entry's way up to the signed root."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_safe

from hutong.accounts import api as accounts
from hutong.accounts.api import requires
from hutong.kernel import deeds, details
from hutong.kernel.given import counted
from hutong.kernel.urn import BadUrn, Urn, resolver
from hutong.ledger import api, trust_pages
from hutong.ledger.logic.merkle import inclusion_steps
from hutong.ledger.models import CheckpointRow, EntryRow
from hutong.ledger.reasons import IN_BROWSER
from hutong.ledger.types import Entry
from hutong.ui.api import Crumb, month, title, when

PAGE = 25
_FILTERS = ("q", "kind", "organisation", "subject")


@require_safe
@requires("ledger.view")
def overview(request: HttpRequest) -> HttpResponse:
    """How long the log is, what it signed last, what is in it."""
    query = {name: request.GET[name] for name in _FILTERS if request.GET.get(name)}
    number = request.GET.get("page", "1")
    page = counted(number, 10**6) or 1
    found = api.find(
        text=query.get("q", ""),
        kind=query.get("kind", ""),
        organisation=query.get("organisation", ""),
        subject=query.get("subject", ""),
        offset=(page - 1) * PAGE,
        limit=PAGE,
    )
    checkpoint, counts = api.checkpoint(), api.counts()
    context = {
        "checkpoint": checkpoint,
        "verifier": api.verifier_key(),
        "figures": _figures(checkpoint.size, counts),
        "chart": _chart(api.activity()),
        "filters": _filters(query, counts),
        "table": _table(found.entries, query),
        "pager": {"page": page, "size": PAGE, "total": found.total, "query": query},
        "found": found.total,
        "filtered": bool(query),
    }
    return render(request, "ledger/overview.html", context)


@require_safe
@requires("ledger.view")
def entry_page(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry and its inclusion proof, which the reader's browser can recompute."""
    proof = api.inclusion(entry_id, settle=False)
    found = api.entry(entry_id)
    steps = inclusion_steps(proof.index, proof.size, proof.leaf_hash, proof.hashes)
    context = {
        "entry": found,
        "facts": _facts(found),
        "kind": deeds.title(found.kind),
        "contents": _contents(found.payload),
        "leaf": json.dumps(json.loads(found.leaf), ensure_ascii=False, indent=2),
        "leaf_hash": found.leaf_hash.hex(),
        "steps": [
            {"left": step.from_left, "sibling": step.sibling.hex(), "node": step.node.hex()} for step in steps
        ],
        "proof": proof,
        "root": proof.checkpoint.root.hex(),
        "evidence": api.evidence(entry_id, settle=False),
        "reasons": _reasons(),
        "crumbs": [Crumb(gettext("Ledger"), "/ledger"), Crumb(gettext("Entry %(id)s") % {"id": entry_id})],
    }
    return render(request, "ledger/entry.html", context)


@resolver("entry")
def entry_path(urn: Urn) -> str | None:
    """The page of an entry; None when the log has none of that number."""
    number = urn.local
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return f"/ledger/entries/{int(number)}" if EntryRow.objects.filter(pk=int(number)).exists() else None


def log_size() -> int | None:
    """For the frame of every page: one indexed read; None while there are no tables."""
    try:
        return CheckpointRow.objects.order_by("-size").values_list("size", flat=True).first()
    except DatabaseError:
        return None


def _figures(size: int, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    pending = max(0, sum(counts.values()) - size)
    return [
        {"title": gettext("Entries in the tree"), "value": size, "format": "number", "url": "/ledger/checkpoint"},
        {"title": gettext("Entries waiting for their place"), "value": pending, "format": "number",
         "url": "/ledger"},
        {"title": gettext("Kinds of entries"), "value": len(counts), "format": "number", "url": "#entries"},
        {"title": gettext("Signed checkpoints"), "value": CheckpointRow.objects.count(), "format": "number",
         "url": "/ledger/checkpoint"},
    ]  # fmt: skip


def _chart(activity: list[tuple[str, str, int]]) -> dict[str, Any] | None:
    if not activity:
        return None
    months = sorted({each for each, _, _ in activity})
    counted: dict[str, Counter[str]] = {}
    for at, kind, count in activity:
        counted.setdefault(kind.partition(".")[0], Counter())[at] += count
    names = {"observation": gettext("Figures"), "docking": gettext("Docking with the city")}
    series = [
        {
            "name": names.get(area) or title(area),
            "values": [each[at] for at in months],
        }
        for area, each in sorted(counted.items(), key=lambda item: -item[1].total())
    ]
    return {
        "id": "activity",
        "title": gettext("Entries by area, monthly"),
        "kind": "stack",
        "labels": [month(date.fromisoformat(f"{each}-01")) for each in months],
        "series": series,
    }


def _filters(query: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, Any]:
    kinds = [{"value": "", "label": pgettext("ledger", "All kinds")}]
    named = sorted((deeds.title(kind), kind, count) for kind, count in counts.items())
    kinds += [{"value": kind, "label": f"{said} ({count:,})"} for said, kind, count in named]
    bureaus = [{"value": "", "label": gettext("All organisations")}]
    titles = _titles()
    bureaus += [
        {"value": each, "label": titles.get(_tail(each), _tail(each))} for each in api.organisations()
    ]
    return {
        "label": gettext("Search subjects, kinds, numbers"),
        "value": query.get("q", ""),
        "clear": "/ledger",
        "selects": [
            {
                "name": "kind",
                "label": pgettext("ledger", "Kind"),
                "value": query.get("kind", ""),
                "choices": kinds,
            },
            {
                "name": "organisation",
                "label": gettext("Organisation"),
                "value": query.get("organisation", ""),
                "choices": bureaus,
            },
        ],
    }


def _titles() -> dict[str, str]:
    """Organisations by their ids, as the reader calls them."""
    return {each.id: str(each.title) for each in accounts.organisations()}


def _table(entries: tuple[Entry, ...], query: Mapping[str, str]) -> dict[str, Any]:
    titles = _titles()
    return {
        "caption": gettext("Entries"),
        "empty": gettext("No entry matches."),
        "query": query,
        "columns": [
            {"key": "id", "title": gettext("Entry")},
            {"key": "at", "title": gettext("Time"), "kind": "when"},
            {"key": "kind", "title": pgettext("ledger", "Kind")},
            {"key": "subject", "title": gettext("About")},
            {"key": "organisation", "title": gettext("Organisation")},
            {"key": "index", "title": gettext("Place in the tree"), "kind": "number"},
        ],
        "rows": [
            {
                "id": {"text": f"#{each.id}", "url": f"/ledger/entries/{each.id}"},
                "at": each.at,
                "kind": {"text": deeds.title(each.kind), "title": each.kind},
                "subject": {"text": _tail(each.subject), "url": f"?{urlencode({'subject': each.subject})}"},
                "organisation": titles.get(_tail(each.organisation), _tail(each.organisation)),
                "index": each.index,
            }
            for each in entries
        ],
    }


def _facts(entry: Entry) -> list[dict[str, Any]]:
    return [
        {"term": gettext("Identifier"), "text": entry.urn, "kind": "code"},
        {"term": pgettext("ledger", "Kind"), "text": _kind(entry.kind)},
        {"term": gettext("About"), "text": entry.subject, "url": _address(entry.subject)},
        {
            "term": gettext("Organisation"),
            "text": _bureau(entry.organisation) or None,
            "url": f"/ledger/organisations/{entry.organisation}" if entry.organisation else "",
        },
        {"term": gettext("Time"), "text": when(entry.at)},
        {"term": gettext("Place in the tree"), "text": entry.index},
    ]


def _kind(code: str) -> str:
    """The kind in words, and the code that the log has."""
    said = deeds.title(code)
    return f"{said} · {code}" if said != code else code


def _bureau(name: str) -> str:
    return _titles().get(_tail(name), name) if name else ""


def _contents(payload: Mapping[str, Any], prefix: str = "") -> list[dict[str, Any]]:
    """The payload flat, key by key, for people; long lists are left to the exact text below them."""
    found: list[dict[str, Any]] = []
    for key, value in payload.items():
        name = f"{prefix}{details.title(key)}"
        if isinstance(value, Mapping):
            found += _contents(value, f"{name} · ")
        elif isinstance(value, list):
            many = ngettext("%(count)s item in a list", "%(count)s items in a list", len(value))
            found.append({"term": name, "text": many % {"count": len(value)}})
        elif isinstance(value, bool):
            found.append({"term": name, "text": gettext("yes") if value else gettext("no")})
        else:
            url = _address(value) if isinstance(value, str) else ""
            said = value if url or not isinstance(value, str) else details.exact(key, value)
            found.append({"term": name, "text": said, "url": url})
    return found[:200]


def _reasons() -> dict[str, str]:
    """What verify.mjs says when a proof does not hold, in the reader's language."""
    return {name: str(told) for name, told in IN_BROWSER.items()}


def _tail(text: str) -> str:
    try:
        return Urn.parse(text).local
    except BadUrn:
        return text


def _address(text: str) -> str:
    try:
        return Urn.parse(text).path
    except BadUrn:
        return ""


urlpatterns = [
    path("ledger", overview, name="ledger"),
    path("ledger/entries/<int:entry_id>", entry_page, name="ledger-entry"),
    *trust_pages.urlpatterns,
]
