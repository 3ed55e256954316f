"""The closure report as a page."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from hutong.accounts.api import Actor, Target, allow, current, may, requires
from hutong.catalog import closure as closing
from hutong.catalog.nav import tabs
from hutong.catalog.shown import organisation_title
from hutong.ui.api import Crumb

SHOWN = 200  # of each kind; the interface has all


@requires("catalog.view")
def closure(request: HttpRequest) -> HttpResponse:
    """Where duties, data, tables and systems do not meet."""
    actor = current(request)
    allow(actor, "catalog.view", Target(kind="closure"))
    chosen = request.GET.get("organisation", "")[:100]
    whole = closing.report(actor)
    found = closing.report(actor, chosen) if chosen else whole
    context = {
        "chosen": organisation_title(chosen),
        "json_url": "/api/catalog/closure" + (f"?{urlencode({'organisation': chosen})}" if chosen else ""),
        "whose": _whose(whole) if not chosen else None,
        "tabs": tabs(request, "/catalog/closure"),
        "figures": [
            {
                "title": str(gap.shown),
                "value": count,
                "format": "number",
                "url": f"#{gap}" if count else "/catalog/closure",
            }
            for gap, count in found.counts().items()
        ],
        "checked": found.checked,
        "sections": [_section(actor, gap, found) for gap, count in found.counts().items() if count],
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("Closure"))],
    }
    return render(request, "catalog/closure.html", context)


def _whose(found: closing.Report) -> dict[str, object] | None:
    """Who has how much to mend."""
    counted = found.organisations()
    if len(counted) < 2:
        return None
    return {
        "caption": _("By organisation"),
        "columns": [
            {"key": "organisation", "title": _("Organisation")},
            {"key": "open", "title": _("Open ends"), "kind": "number"},
        ],
        "rows": [
            {
                "organisation": {
                    "text": organisation_title(name) or _("of no organisation"),
                    "url": "?" + urlencode({"organisation": name}),
                }
                if name
                else _("of no organisation"),
                "open": count,
            }
            for name, count in counted.most_common()
        ],
    }


def _section(actor: Actor, gap: closing.Gap, found: closing.Report) -> dict[str, object]:
    return {
        "id": str(gap),
        "title": gap.shown,
        "mend": gap.mend,
        "table": {
            "caption": str(gap.shown),
            "columns": [
                {"key": "title", "title": _("Thing")},
                {"key": "organisation", "title": _("Organisation")},
                {"key": "what", "title": _("What is open")},
                {"key": "mend", "title": _("Mend")},
            ],
            "rows": [
                {
                    "title": {"text": str(each.title), "url": each.url},
                    "organisation": organisation_title(each.organisation),
                    "what": str(each.what),
                    "mend": _mend(actor, each),
                }
                for each in [line for line in found.lines if line.gap is gap][:SHOWN]
            ],
        },
    }


def _mend(actor: Actor, line: closing.Line) -> dict[str, str] | str:
    """Where it is mended, for whoever may; others are told by the column of organisations whom to ask."""
    hands = line.gap is closing.Gap.TABLE_WITHOUT_DATASET and may(actor, "catalog.hand")
    if not (hands or may(actor, "catalog.edit", Target(line.organisation, "general", "closure"))):
        return "—"
    named = _("Catalogue this table") if line.gap is closing.Gap.TABLE_WITHOUT_DATASET else _("Go and mend")
    return {"text": named, "url": line.mend_url}


urlpatterns = [path("catalog/closure", closure, name="catalog-closure")]
