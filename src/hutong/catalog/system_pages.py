"""The register of information systems: who answers for each, how far it is built, where it stands in the cloud."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import dataset_pages, store
from hutong.catalog.logic.grades import rank
from hutong.catalog.nav import tabs
from hutong.catalog.shown import choice_title, organisation_title
from hutong.catalog.types import EntryRef, Kind
from hutong.packs import api as packs
from hutong.ui.api import Crumb

_STATES = {"running": "good", "building": "running", "planned": "none"}


@requires("catalog.view")
def systems(request: HttpRequest) -> HttpResponse:
    """The register of information systems."""
    allow(current(request), "catalog.view", Target(kind="system", public=True))
    query = request.GET.get("q", "").strip()
    rows = store.entries(Kind.SYSTEM)
    if cloud := request.GET.get("cloud", ""):
        rows = [row for row in rows if row.body.get("cloud", "unknown") == cloud]
    if query:
        wanted = query.casefold()
        rows = [
            row for row in rows
            if wanted in f"{row.title.zh}{row.title.en}{row.body.get('named_as', '')}".casefold()
        ]  # fmt: skip
    held: dict[str, list[EntryRef]] = {}
    for each in store.entries(Kind.DATASET):
        if may(current(request), "catalog.view", dataset_pages.target(each)):
            held.setdefault(str(each.body.get("system", "")), []).append(each)
    context = {
        "tabs": tabs(request, "/catalog/systems"),
        "figures": _clouds(store.entries(Kind.SYSTEM)),
        "may_add": bool(may(current(request), "catalog.edit")),
        "query": query,
        "table": {
            "caption": _("Information systems"),
            "columns": [
                {"key": "row", "title": pgettext("catalog", "Row"), "kind": "code"},
                {"key": "title", "title": _("System")},
                {"key": "named", "title": _("As the plan names it")},
                {"key": "owner", "title": _("Owner")},
                {"key": "state", "title": _("State"), "kind": "badge"},
                {"key": "cloud", "title": _("Cloud")},
                {"key": "datasets", "title": _("Datasets")},
                {"key": "grade", "title": _("Highest grade")},
                {"key": "reference", "title": _("Reference")},
            ],
            "rows": [_system_row(each, held.get(each.id, [])) for each in rows],
            "empty": _("No system has this name."),
        },
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("Information systems"))],
    }
    return render(request, "catalog/systems.html", context)


def _clouds(rows: list[EntryRef]) -> list[dict[str, Any]]:
    """How many systems stand where in the move to the cloud."""
    counted = Counter(row.body.get("cloud", "unknown") for row in rows)
    return [
        {
            "title": choice_title("cloud", each),
            "value": counted[each],
            "format": "number",
            "url": f"?cloud={each}",
        }
        for each in ("in", "moving", "outside", "unknown")
    ]


def _system_row(row: EntryRef, datasets: list[EntryRef]) -> dict[str, Any]:
    state = row.body.get("state", "")
    return {
        "row": row.body.get("capability", ""),
        "title": {"text": str(row.title), "url": f"/catalog/versions/{row.urn}"},
        "named": row.body.get("named_as", ""),
        "owner": organisation_title(row.organisation),
        "state": {"text": choice_title("state", state), "state": _STATES.get(state, "none")},
        "cloud": choice_title("cloud", row.body.get("cloud", "unknown")),
        "datasets": "、".join(str(each.title) for each in datasets),
        "grade": choice_title("grade", max((each.grade for each in datasets), key=rank)) if datasets else "",
        "reference": str(packs.cite(packs.installed(), row.body.get("reference", ""))),
    }


urlpatterns = [path("catalog/systems", systems, name="catalog-systems")]
