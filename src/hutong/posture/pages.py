"""The posture for the security officer; auditors and the data office see it too."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from hutong.accounts.api import Target, current, may, requires
from hutong.posture import alerts, asked, audit_pages, findings, gathering, scoring, settling_pages, shown
from hutong.posture.logic import risk
from hutong.posture.types import AlertState, FindingState, Severity
from hutong.ui.api import Crumb, when

TOP = 5  # of each kind on the first page


@require_safe
@requires("posture.view")
def home(request: HttpRequest) -> HttpResponse:
    """The district's score, the riskiest things, what stands out, what the rules find."""
    asked.see(request)
    risks, weak = scoring.standing(), findings.listed()
    raised, waiting = alerts.listed(state=AlertState.OPEN.value, limit=TOP)
    open_ones = [each for each in weak if each.state is FindingState.OPEN]
    line = scoring.trend()
    watched = alerts.last_watch()
    context = {
        "figures": _figures(waiting, open_ones, line),
        "datasets": shown.riskiest(
            [each for each in risks if each.kind == "dataset"][:TOP], _("Riskiest datasets"), _("Dataset")
        ),
        "systems": shown.riskiest(
            [each for each in risks if each.kind == "system"][:3],
            _("Riskiest systems"),
            _("Information system"),
        ),
        "alerts": shown.alerts(raised, _("Open alerts")),
        "findings": shown.findings(open_ones[:TOP], _("Open findings")),
        "trend": shown.trend(line, _("Score of the district"), "posture-trend"),
        "seen": when(watched.at) if watched else "",
        "seen_count": watched.accesses if watched else 0,
        "may_export": bool(may(current(request), "audit.view", Target(kind="audit"))),
    }
    return render(request, "posture/home.html", context)


def _figures(waiting: int, weak: list[Any], line: list[tuple[date, float]]) -> list[dict[str, Any]]:
    score = line[-1][1] if line else scoring.district()
    high = sum(each.severity is Severity.HIGH for each in weak)
    level = shown.level(score)
    return [
        {
            "title": _("Risk of the district"), "value": score, "format": "number", "url": "/posture/datasets",
            "large": True, "state": risk.level(score), "state_text": level["text"],
            "note": _("0 to 100, lower is better"),
        },
        {
            "title": _("Open alerts"), "value": waiting, "format": "number", "url": "/posture/alerts",
            "state": "bad" if waiting else "good",
            "state_text": _("To settle") if waiting else pgettext("posture", "Nothing waits"),
        },
        {
            "title": _("Open findings"), "value": len(weak), "format": "number", "url": "/posture/findings",
            "state": "bad" if high else "watch" if weak else "good",
            "state_text": _("%(count)s high") % {"count": high} if weak else pgettext("posture", "Nothing waits"),
        },
    ]  # fmt: skip


@require_safe
@requires("posture.view")
def datasets(request: HttpRequest) -> HttpResponse:
    """Every dataset and system with its score."""
    asked.see(request)
    found = scoring.standing()
    holding = [each for each in found if each.kind == "system" and each.score]
    context = {
        "datasets": shown.risks(
            [each for each in found if each.kind == "dataset"], _("Datasets"), _("Dataset")
        ),
        "systems": shown.risks(holding, _("Information systems"), _("Information system")),
        "without": sum(each.kind == "system" for each in found) - len(holding),
        "crumbs": [asked.crumb(), Crumb(_("Datasets and systems"))],
    }
    return render(request, "posture/datasets.html", context)


@require_safe
@requires("posture.view")
def thing(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """One dataset or system: its score with its parts, who can reach it, what stands out and what to mend."""
    asked.see(request)
    found = scoring.of(kind, name)
    line = scoring.trend(found.urn)
    raised = alerts.about(gathering.entry(kind, name), asked.SIZE)
    weak = [each for each in findings.listed() if each.dataset == name or each.subject == found.urn]
    shares = found.exposure
    context = {
        "risk": found,
        "badge": shown.level(found.score),
        "shares": shown.shares(found.shares),
        "exposure": [
            {"term": _("Open to everyone"), "text": _("Yes") if shares.opened else _("No")},
            {"term": _("Organisations with a contract"), "text": str(shares.organisations)},
            {"term": _("Columns shown as they are"), "text": str(shares.clear)},
            {"term": _("Columns masked"), "text": str(shares.masked)},
            {"term": _("Sensitive columns shown as they are"), "text": str(shares.sensitive_clear)},
            {"term": _("Keys alive"), "text": str(shares.keys)},
        ],
        "alerts": shown.alerts(raised, _("Alerts")),
        "findings": shown.findings(weak, _("Findings")),
        "trend": shown.trend(line, _("Score"), "posture-trend"),
        "catalog": f"/catalog/datasets/{name}" if kind == "dataset" else "/catalog/systems",
        "crumbs": [asked.crumb(), Crumb(_("Datasets and systems"), "/posture/datasets"), Crumb(found.title)],
    }
    return render(request, "posture/thing.html", context)


urlpatterns = [
    path("posture", home, name="posture"),
    path("posture/datasets", datasets, name="posture-datasets"),
    path("posture/datasets/<path:name>", thing, {"kind": "dataset"}, name="posture-dataset"),
    path("posture/systems/<path:name>", thing, {"kind": "system"}, name="posture-system"),
    *settling_pages.urlpatterns,
    *audit_pages.urlpatterns,
]
