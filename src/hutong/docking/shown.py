"""What the docking's pages show: a peer and how it stands, batches with their proofs, differences, conflicts."""

import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.catalog import api as catalog
from hutong.docking import peers
from hutong.docking.models import Batch, Conflict, Copy, Head, Progress
from hutong.docking.types import Peer
from hutong.kernel.errors import NotFound
from hutong.kernel.text import Text
from hutong.ledger import api as ledger
from hutong.ui.api import when

SHOWN = 50
_LEVELS = {"city": Text(zh="市级", en="City"), "district": Text(zh="区级", en="District")}
_RULES = {
    "owner": Text(zh="归属方为准", en="The owner's stands"),
    "city": Text(zh="市级为准", en="The city's stands"),
    "manual": Text(zh="人工裁定", en="A person decides"),
}
_STATES = {
    "open": Text(zh="待裁定", en="To decide"),
    "ours": Text(zh="保留本方", en="Ours stands"),
    "theirs": Text(zh="采用对方", en="Theirs taken"),
    "past": Text(zh="已过时", en="Past"),
}
_WAYS = {"sent": Text(zh="发出", en="Sent"), "received": Text(zh="收到", en="Received")}


def progress(name: str) -> Progress:
    return Progress.objects.filter(pk=name).first() or Progress(peer=name)


def peer(found: Peer) -> dict[str, Any]:
    at = progress(found.name)
    error = at.error and str(Text(**at.error["message"]))
    counts = (at.report or {}).get("counts", {})
    return {
        "name": found.called,
        "url": f"/catalog/docking/{found.name}",
        "error": error,
        "terms": [
            {"term": _("Address"), "text": found.url, "kind": "code"},
            {"term": _("Level"), "text": str(_LEVELS[found.level])},
            {"term": _("Signs as"), "text": found.organisation, "kind": "code"},
            {"term": _("Conflicts"), "text": str(_RULES[found.rule])},
            {"term": _("Last exchange"), "text": when(at.at) if at.at else _("none yet")},
            {"term": _("Its log, last seen"), "text": _seen(found)},
        ],
        "figures": [
            {
                "title": _("Only here"),
                "value": counts.get("only_here"),
                "format": "number",
                "url": f"/catalog/docking/{found.name}",
            },
            {
                "title": _("Only there"),
                "value": counts.get("only_there"),
                "format": "number",
                "url": f"/catalog/docking/{found.name}",
            },
            {
                "title": _("Differ"),
                "value": counts.get("differ"),
                "format": "number",
                "url": f"/catalog/docking/{found.name}",
            },
        ]
        if counts
        else [],
    }


def _seen(found: Peer) -> str:
    """The last checkpoint of the peer's log that went on from the one before."""
    row = Head.objects.filter(pk=found.name).first()
    if row is None:
        return _("not yet")
    return _("%(size)s entries, root %(root)s…, %(at)s") % {
        "size": f"{row.size:,}", "root": row.root[:16], "at": when(row.at),
    }  # fmt: skip


def alarm(name: str) -> dict[str, Any] | None:
    row = Head.objects.filter(pk=name).first()
    if row is None or row.alarm is None:
        return None
    said = row.alarm
    return {
        "id": name,
        "peer": _called(name),
        "text": str(Text(**said["text"])),
        "at": when(datetime.fromisoformat(said["at"])),
        "entry": f"/id/{ledger.entry_urn(said['entry'])}",
        "url": f"/catalog/docking/{name}/trust",
        "table": {
            "caption": _("What the peer signed"),
            "columns": [
                {"key": "what", "title": _("Checkpoint")},
                {"key": "size", "title": _("Entries under it"), "kind": "number"},
                {"key": "root", "title": _("Root"), "kind": "code"},
            ],
            "rows": [
                {"what": title, "size": said["sizes"][place], "root": said["roots"][place]}
                for place, title in enumerate((_("shown before"), _("shown now, refused")))
            ],
        },
    }


def batches(name: str) -> dict[str, Any]:
    heads = (
        ("at", _("Time"), ""), ("way", pgettext("docking", "Way"), ""), ("items", _("Versions"), "number"),
        ("sha256", _("Digest"), "code"), ("entry", _("Our log"), ""), ("proof", _("Their proof"), ""),
    )  # fmt: skip
    return {
        "caption": _("What went over the line"),
        "columns": [
            {"key": key, "title": title, **({"kind": kind} if kind else {})} for key, title, kind in heads
        ],
        "rows": [
            {
                "at": when(row.at),
                "way": str(_WAYS[row.direction]),
                "items": len(row.items),
                "sha256": row.sha256[:16],
                "entry": {"text": f"#{row.entry}", "url": f"/id/{ledger.entry_urn(row.entry)}"},
                "proof": {"text": _("download"), "url": f"/catalog/docking/proof/{row.pk}"}
                if row.proof
                else _("not yet"),
            }
            for row in Batch.objects.filter(peer=name)[:SHOWN]
        ],
        "empty": _("Nothing has gone over the line yet."),
    }


def differences(name: str, report: dict[str, Any]) -> dict[str, Any]:
    kinds = (("only_here", _("Only here")), ("only_there", _("Only there")), ("differ", _("Differ")))
    copies = dict(Copy.objects.filter(peer=name).values_list("urn", "title"))
    return {
        "caption": _("How the two catalogs differ"),
        "columns": [
            {"key": "kind", "title": _("Difference")},
            {"key": "title", "title": _("Entry")},
            {"key": "urn", "title": "URN", "kind": "code"},
        ],
        "rows": [
            {"kind": title, "title": _entry(name, urn, copies), "urn": urn}
            for key, title in kinds
            for urn in report.get(key, ())[:SHOWN]
        ],
        "empty": _("Nothing differs."),
    }


def _entry(name: str, urn: str, copies: dict[str, str]) -> dict[str, str] | str:
    """The entry by its title: ours where it is ours, else the copy."""
    try:
        ours = catalog.entry(urn)
    except NotFound:
        title = copies.get(urn)
        return (
            {"text": title or urn, "url": f"/catalog/docking/{name}/entries/{urn}"} if urn in copies else ""
        )
    return {"text": str(ours.title), "url": f"/id/{urn}"}


def conflict(row: Conflict) -> dict[str, Any]:
    return {
        "row": row,
        "peer": _called(row.peer),
        "why": why(row),
        "title": _title(row),
        "url": f"/id/{row.urn}",
        "table": _sides(row),
    }


def _called(name: str) -> str:
    """The peer as people call it; its name when it is a peer no more."""
    found = peers.known().peers.get(name)
    return found.called if found else name


def why(row: Conflict) -> str:
    """Why it came up, in the reader's language; what was noted in one language stays so."""
    try:
        return str(Text(**json.loads(row.why)))
    except (ValueError, TypeError):
        return row.why


def _sides(row: Conflict) -> dict[str, Any]:
    """Ours beside theirs, where they differ."""
    try:
        ours = catalog.entry(row.urn)
        found = catalog.readable(ours.kind, ours.body, row.body)
    except NotFound:
        found = []
    return {
        "caption": _("Ours and theirs"),
        "columns": [
            {"key": "what", "title": _("What differs here")},
            {"key": "ours", "title": _("Ours")},
            {"key": "theirs", "title": _("Theirs")},
        ],
        "rows": [
            {
                "what": each.what,
                "ours": catalog.titled(each.key, each.before) or "—",
                "theirs": catalog.titled(each.key, each.after) or "—",
            }
            for each in found[:SHOWN]
        ],
        "empty": _("The same text; the peer has retired it."),
    }


def _briefly(row: Conflict) -> str:
    """The first things that differ, for one cell; what was taken since differs no more."""
    rows = _sides(row)["rows"]
    colon, between = Text(zh="：", en=": "), Text(zh="；", en="; ")
    return str(between).join(f"{each['what']}{colon}{each['ours']} → {each['theirs']}" for each in rows[:3])


def _title(row: Conflict) -> str:
    """The title as it came; the URN where what came has none."""
    title = row.body.get("title")
    if not isinstance(title, dict) or not title.get("zh"):
        return row.urn
    return str(Text(str(title["zh"]), str(title.get("en", ""))))


def settled() -> dict[str, Any]:
    return {
        "caption": _("Settled conflicts"),
        "columns": [
            {"key": "urn", "title": _("Entry")},
            {"key": "what", "title": _("Ours and theirs")},
            {"key": "rule", "title": _("Rule")},
            {"key": "peer", "title": _("Peer")},
            {"key": "state", "title": _("Outcome")},
            {"key": "why", "title": _("Reason")},
            {"key": "at", "title": _("Time")},
        ],
        "rows": [
            {
                "urn": {"text": _title(row), "url": f"/id/{row.urn}"},
                "what": _briefly(row),
                "rule": str(_RULES[row.rule]),
                "peer": _called(row.peer),
                "state": str(_STATES[row.state]),
                "why": row.reason or why(row),
                "at": when(row.at),
            }
            for row in Conflict.objects.exclude(state="open")[:SHOWN]
        ],
        "empty": _("No conflict so far."),
    }
