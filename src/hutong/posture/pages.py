"""The posture for the security officer; auditors and the data office see it too."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.kernel import clock
from hutong.kernel.errors import HutongError, Invalid
from hutong.posture import alerts, findings, scoring, seals, shown
from hutong.posture.errors import BadPeriod, BadUntil, CannotSettle
from hutong.posture.logic import risk
from hutong.posture.models import SealRow
from hutong.posture.types import AlertKind, AlertState, FindingState, Severity
from hutong.ui.api import Crumb, when

SIZE = 50
_TARGET = Target(kind="posture")


def _see(request: HttpRequest) -> None:
    allow(current(request), "posture.view", _TARGET)


def _manages(request: HttpRequest) -> bool:
    return bool(may(current(request), "posture.manage", _TARGET))


@require_safe
@requires("posture.view")
def home(request: HttpRequest) -> HttpResponse:
    """The district's score, the riskiest things, what stands out, what the rules find."""
    _see(request)
    risks, weak = scoring.standing(), findings.listed()
    raised, waiting = alerts.listed(state=AlertState.OPEN.value, limit=10)
    open_ones = [each for each in weak if each.state is FindingState.OPEN]
    line = scoring.trend()
    watched = alerts.last_watch()
    context = {
        "figures": _figures(waiting, open_ones, line),
        "datasets": shown.risks(
            [each for each in risks if each.kind == "dataset"][:10], _("Riskiest datasets")
        ),
        "systems": shown.risks([each for each in risks if each.kind == "system"][:5], _("Riskiest systems")),
        "alerts": shown.alerts(raised, _("Open alerts")),
        "findings": shown.findings(open_ones[:10], _("Open findings")),
        "trend": {
            "id": "posture-trend",
            "kind": "line",
            "title": _("Score of the district"),
            "labels": [day.isoformat() for day, _score in line],
            "series": [{"name": _("Score"), "values": [score for _day, score in line]}],
        },
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
            "state": "bad" if waiting else "good", "state_text": _("To settle") if waiting else _("None"),
        },
        {
            "title": _("Open findings"), "value": len(weak), "format": "number", "url": "/posture/findings",
            "state": "bad" if high else "watch" if weak else "good",
            "state_text": _("%(count)s high") % {"count": high} if weak else _("None"),
        },
    ]  # fmt: skip


@require_safe
@requires("posture.view")
def datasets(request: HttpRequest) -> HttpResponse:
    """Every dataset and system with its score."""
    _see(request)
    found = scoring.standing()
    context = {
        "datasets": shown.risks([each for each in found if each.kind == "dataset"], _("Datasets")),
        "systems": shown.risks([each for each in found if each.kind == "system"], _("Systems")),
        "crumbs": [_HOME(), Crumb(_("Datasets and systems"))],
    }
    return render(request, "posture/datasets.html", context)


def _HOME() -> Crumb:  # noqa: N802 - the first crumb in the reader's language
    return Crumb(_("Security posture"), "/posture")


@require_safe
@requires("posture.view")
def thing(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """One dataset or system: its score with its parts, who can reach it, what stands out and what to mend."""
    _see(request)
    found = scoring.of(kind, name)
    line = scoring.trend(found.urn)
    raised = alerts.listed(dataset=name, limit=SIZE)[0] if kind == "dataset" else []
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
        "trend": {
            "id": "posture-trend",
            "kind": "line",
            "title": _("Score"),
            "labels": [day.isoformat() for day, _score in line],
            "series": [{"name": _("Score"), "values": [score for _day, score in line]}],
        },
        "catalog": f"/catalog/datasets/{name}" if kind == "dataset" else "/catalog/systems",
        "crumbs": [_HOME(), Crumb(_("Datasets and systems"), "/posture/datasets"), Crumb(found.title)],
    }
    return render(request, "posture/thing.html", context)


@require_safe
@requires("posture.view")
def alert_list(request: HttpRequest) -> HttpResponse:
    """Alerts by state and kind."""
    _see(request)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if state not in {"", *AlertState} or kind not in {"", *AlertKind}:
        raise Invalid(reason="state, kind")
    page = _page(request)
    found, total = alerts.listed(state=state, kind=kind, limit=SIZE, offset=(page - 1) * SIZE)
    every = [{"value": "", "label": _("All")}]
    context = {
        "table": shown.alerts(found, _("Alerts")),
        "selects": [
            {
                "name": "state", "label": _("State"), "value": state,
                "choices": every + [{"value": e.value, "label": shown.alert_state(e)["text"]} for e in AlertState],
            },
            {
                "name": "kind", "label": _("Kind"), "value": kind,
                "choices": every + [{"value": e.value, "label": shown.kind(e)} for e in AlertKind],
            },
        ],
        "pager": {"page": page, "size": SIZE, "total": total, "query": {"state": state, "kind": kind}},
        "crumbs": [_HOME(), Crumb(_("Alerts"))],
    }  # fmt: skip
    return render(request, "posture/alerts.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text)):
        raise Invalid(reason=f"page={text[:20]}")
    return int(text)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("posture.view")
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """One alert: why, what was read, and what people made of it."""
    _see(request)
    error: HutongError | None = None
    if request.method == "POST":
        do, note = request.POST.get("do", ""), request.POST.get("note", "")
        acts = {"acknowledge": alerts.acknowledge, "close": alerts.close}
        if do not in acts:
            raise Invalid(reason="do")
        try:
            acts[do](current(request), number, note)
            scoring.renew()
            return HttpResponseRedirect(f"/posture/alerts/{number}")
        except (Invalid, CannotSettle) as raised:
            error = raised
    found = alerts.alert(number)
    names = shown.people()
    context = {
        "alert": found, "kind": shown.kind(found.kind), "badge": shown.alert_state(found.state),
        "reasons": [shown.reason(each) for each in found.reasons], "terms": _alert_terms(found, names),
        "error": error, "open": found.state is not AlertState.CLOSED, "manages": _manages(request),
        "may_acknowledge": found.state is AlertState.OPEN,
        "crumbs": [_HOME(), Crumb(_("Alerts"), "/posture/alerts"), Crumb(f"#{number}")],
    }  # fmt: skip
    return render(request, "posture/alert.html", context, status=error.status if error else 200)


def _alert_terms(found: Any, names: dict[str, str]) -> list[dict[str, Any]]:
    terms = [
        {
            "term": _("Dataset"),
            "text": shown.title(found.dataset),
            "url": f"/posture/datasets/{found.dataset}",
        },
        {"term": _("Who"), "text": names.get(found.actor, found.actor)},
        {"term": _("Time"), "text": when(found.at)},
        {"term": _("Rows"), "text": f"{found.rows:,}"},
        {"term": _("Calls"), "text": f"{found.calls:,}"},
        {"term": _("Score"), "text": str(found.score)},
    ]
    if found.contract:
        url = f"/exchange/contracts/{found.contract}"
        terms.insert(1, {"term": _("Contract"), "text": found.contract, "url": url})
    if found.settled_at:
        terms.append(
            {
                "term": _("Settled by"),
                "text": f"{names.get(found.settled_by, found.settled_by)} · {when(found.settled_at)}",
            }
        )
    if found.note:
        terms.append({"term": _("Reason"), "text": found.note})
    return terms


@require_safe
@requires("posture.view")
def finding_list(request: HttpRequest) -> HttpResponse:
    """All that the rules find, with accepted risks."""
    _see(request)
    found = findings.listed()
    page = _page(request)
    context = {
        "table": shown.findings(found[(page - 1) * SIZE : page * SIZE], _("Findings")),
        "pager": {"page": page, "size": SIZE, "total": len(found)},
        "crumbs": [_HOME(), Crumb(_("Findings"))],
    }
    return render(request, "posture/findings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("posture.view")
def finding(request: HttpRequest, number: int) -> HttpResponse:
    """One finding: mend it, or accept it for a time."""
    _see(request)
    error: HutongError | None = None
    if request.method == "POST":
        try:
            until = _day(request.POST.get("until", ""))
            if until is None:
                raise BadUntil(last=(clock.today() + timedelta(days=366)).isoformat())
            findings.accept(current(request), number, request.POST.get("note", ""), until)
            scoring.renew()
            return HttpResponseRedirect(f"/posture/findings/{number}")
        except (Invalid, CannotSettle) as raised:
            error = raised
    found = findings.finding(number)
    context = {
        "finding": found, "badge": shown.severity(found), "since": when(found.found_at), "error": error,
        "by": shown.people().get(found.accepted_by, found.accepted_by),
        "may_accept": found.state is not FindingState.MENDED and _manages(request),
        "crumbs": [_HOME(), Crumb(_("Findings"), "/posture/findings"), Crumb(f"#{number}")],
    }  # fmt: skip
    return render(request, "posture/finding.html", context, status=error.status if error else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@requires("audit.view")
def audit_export(request: HttpRequest) -> HttpResponse:
    """Seals of the audit trail, and the form of an export."""
    allow(current(request), "audit.view", Target(kind="audit"))
    rows = SealRow.objects.order_by("-last")[:SIZE]
    today = clock.today()
    context = {
        "since": (today - timedelta(days=30)).isoformat(),
        "until": today.isoformat(),
        "seals": {
            "caption": _("Latest seals"),
            "columns": [
                {"key": "records", "title": _("Records")},
                {"key": "count", "title": _("Count"), "kind": "number"},
                {"key": "at", "title": _("Sealed")},
                {"key": "sha256", "title": "SHA-256", "kind": "code"},
            ],
            "rows": [
                {
                    "records": {
                        "text": f"{each.first}–{each.last}",
                        "url": f"/ledger/entries/{each.log_entry}",
                    },
                    "count": each.count,
                    "at": when(each.at),
                    "sha256": each.sha256[:16],
                }
                for each in rows
            ],
            "empty": _("Nothing is sealed yet."),
        },
        "crumbs": [_HOME(), Crumb(_("Export of the audit trail"))],
    }
    return render(request, "posture/audit.html", context)


@require_safe
@requires("audit.view")
def audit_file(request: HttpRequest) -> StreamingHttpResponse:
    """The ZIP of a period, with its proof."""
    actor = current(request)
    allow(actor, "audit.view", Target(kind="audit"))
    since, until = (_day(request.GET.get(name, "")) for name in ("since", "until"))
    if since is None or until is None:
        raise BadPeriod(since="?", until="?", days=seals.MOST_DAYS)
    name, body = seals.export(actor, since, until)
    response = StreamingHttpResponse(body, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("posture", home, name="posture"),
    path("posture/datasets", datasets, name="posture-datasets"),
    path("posture/datasets/<path:name>", thing, {"kind": "dataset"}, name="posture-dataset"),
    path("posture/systems/<path:name>", thing, {"kind": "system"}, name="posture-system"),
    path("posture/alerts", alert_list, name="posture-alerts"),
    path("posture/alerts/<int:number>", alert, name="posture-alert"),
    path("posture/findings", finding_list, name="posture-findings"),
    path("posture/findings/<int:number>", finding, name="posture-finding"),
    path("posture/audit", audit_export, name="posture-audit"),
    path("posture/audit/export", audit_file, name="posture-audit-export"),
]
