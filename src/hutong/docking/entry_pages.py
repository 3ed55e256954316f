"""One entry of another catalog: what it says, how it came, and the way to the proof of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from hutong.accounts.api import Target, allow, current, requires
from hutong.catalog import api as catalog
from hutong.docking import foreign, peers, proving
from hutong.docking.errors import NoSuchPeer
from hutong.docking.models import Batch, Copy
from hutong.kernel.errors import HutongError
from hutong.ledger import api as ledger
from hutong.ui.api import Crumb, when


@require_GET
@requires("catalog.view")
def entry(request: HttpRequest, name: str, urn: str) -> HttpResponse:
    """The entry as it came."""
    row = _seen(request, name, urn)
    found = foreign.entry(row)
    columns = catalog.columns(row.body.get("table") or {}) if isinstance(row.body.get("table"), dict) else {}
    context = {
        "entry": found,
        "origin": foreign.title_of(name),
        "terms": [{"term": term, "text": text} for term, text in catalog.told(found.kind, row.body)],
        "columns": {
            "caption": _("Columns of its table"),
            "columns": [
                {"key": "name", "title": pgettext("docking", "Column"), "kind": "code"},
                {"key": "says", "title": _("What the contract says")},
            ],
            "rows": [{"name": each, "says": text} for each, text in columns.items()],
        }
        if columns
        else None,
        "way": _way(row),
        "file_url": f"/catalog/docking/{name}/proofs/{urn}" if row.batch else "",
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(found.title)],
    }
    return render(request, "docking/entry.html", context)


@require_GET
@requires("catalog.view")
def proof(request: HttpRequest, name: str, urn: str) -> HttpResponse:
    """Entry, batch and the evidence of the other log in one file; `hutong dock check` verifies it offline."""
    row = _seen(request, name, urn)
    answer = JsonResponse(proving.build(row), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{row.sha256[:12]}.json"'
    return answer


def _seen(request: HttpRequest, name: str, urn: str) -> Copy:
    allow(current(request), "catalog.view", Target(kind="foreign"))
    row = foreign.copy(name, urn)
    if row is None:
        raise NoSuchPeer(name=urn[:200])
    return row


def _way(row: Copy) -> list[dict[str, Any]]:
    """From the entry to their log, step by step; the last step is checked as the page is drawn."""
    batch = Batch.objects.filter(pk=row.batch).first() if row.batch else None
    steps: list[dict[str, Any]] = [
        {"term": "URN", "text": row.urn, "kind": "code"},
        {"term": _("Version"), "text": f"{row.version} · {when(row.received_at)}"},
        {"term": _("Digest of the entry"), "text": row.sha256, "kind": "code"},
    ]
    if batch is None:
        return steps
    steps += [
        {"term": _("Digest of the batch it came in"), "text": batch.sha256, "kind": "code"},
        {
            "term": _("Our log says that it came"),
            "text": f"#{batch.entry}",
            "url": f"/id/{ledger.entry_urn(batch.entry)}",
        },
    ]
    try:
        found = proving.check(proving.build(row), peers.peer(row.peer).log)
    except HutongError as error:
        return [*steps, {"term": _("Their log says that it was sent"), "text": str(error), "state": "bad"}]
    told = _("entry %(index)s of %(size)s of %(origin)s") % {
        "index": f"{found.index:,}", "size": f"{found.checkpoint.size:,}", "origin": found.checkpoint.origin,
    }  # fmt: skip
    return [
        *steps,
        {"term": _("Their log says that it was sent"), "text": told},
        {"term": _("Signed by"), "text": ", ".join(found.signers), "kind": "code"},
        {"term": _("Proof"), "text": _("checked just now: it holds"), "state": "good"},
    ]


urlpatterns = [
    path("catalog/docking/<slug:name>/entries/<path:urn>", entry, name="docking-entry"),
    path("catalog/docking/<slug:name>/proofs/<path:urn>", proof, name="docking-entry-proof"),
]
