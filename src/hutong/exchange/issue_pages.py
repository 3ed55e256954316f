"""Pages of corrections, disputes and return flow."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.exchange import issues, requests, shown, subjects, words
from hutong.exchange.errors import BadRequest, NoSuchIssue
from hutong.exchange.types import IssueState, Matter
from hutong.kernel.errors import HutongError, NotFound
from hutong.ledger import api as ledger
from hutong.ledger.types import Entry
from hutong.ui.api import Crumb, when


@require_http_methods(["GET", "HEAD", "POST"])
@requires("exchange.issue")
def new(request: HttpRequest) -> HttpResponse:
    """Raise a correction, a dispute, or a wish for data of the city."""
    actor = current(request)
    allow(actor, "exchange.issue", Target(actor.organisation, kind="exchange-issue"))
    given = request.POST if request.method == "POST" else request.GET
    error: HutongError | None = None
    if request.method == "POST":
        try:
            made = issues.raise_issue(
                actor,
                _matter(given.get("matter", "")),
                given.get("other", "").strip() or given.get("about", ""),
                given.get("title", ""),
                given.get("text", ""),
            )
            return HttpResponseRedirect(f"/exchange/issues/{made.id}")
        except HutongError as refused:
            error = refused
    groups = subjects.groups(actor)
    about = given.get("about", "")[:250]
    listed = any(each["value"] == about for group in groups for each in group["choices"])
    context = {
        "matters": [{"value": each.value, "label": words.matter(each)} for each in Matter],
        "groups": groups,
        "about": about,
        "other": given.get("other", "" if listed else about)[:250],
        "suggested": subjects.suggested(actor),
        "unknown": error.said if isinstance(error, NotFound) else None,
        "given": given,
        "error": error,
        "crumbs": [Crumb(_("Exchange"), "/exchange"), Crumb(_("Raise an issue"))],
    }
    return render(request, "exchange/issue_new.html", context, status=error.status if error else 200)


def _matter(text: str) -> Matter:
    try:
        return Matter(text)
    except ValueError:
        raise BadRequest(reason_zh="请选择事项", reason_en="choose what it is") from None


@require_http_methods(["GET", "HEAD", "POST"])
@requires("exchange.view")
def detail(request: HttpRequest, name: str) -> HttpResponse:
    """One issue, and its answer by whoever has to give it."""
    actor = current(request)
    found = issues.issue(name)
    if not requests.visible(actor, found.answers, found.asked_by):
        raise NoSuchIssue(name=name[:80])
    error: HutongError | None = None
    if request.method == "POST":
        try:
            given = request.POST
            issues.answer(
                actor, found.id, _state(given.get("do", "")), given.get("text", ""), given.get("result", "")
            )
            return HttpResponseRedirect(f"/exchange/issues/{found.id}")
        except HutongError as refused:
            error = refused
    action, target = (
        ("exchange.decide", Target(found.answers)) if found.answers else ("exchange.arbitrate", Target())
    )
    context = {
        "issue": found,
        "badge": words.badge(found.state),
        "terms": [
            {"term": _("Matter"), "text": words.matter(found.matter)},
            {"term": _("About"), **subjects.shown(found.about)},
            {"term": _("Raised by"), "text": f"{words.bureau(found.asked_by)} · {when(found.asked_at)}"},
            {"term": _("Answered by"), "text": words.bureau(found.answers)},
            {"term": _("Due"), "text": found.due.isoformat() if found.due else "—"},
            *(_entry(each) for each in reversed(ledger.find(subject=found.urn).entries)),
        ],
        "overdue": found.overdue,
        "due": shown.due(found),
        "may_answer": bool(may(actor, action, target)) and found.state in {IssueState.OPEN, IssueState.ACCEPTED},
        "open": found.state is IssueState.OPEN,
        "error": error,
        "crumbs": [Crumb(_("Exchange"), "/exchange"), Crumb(found.title)],
    }  # fmt: skip
    return render(request, "exchange/issue.html", context, status=error.status if error else 200)


def _entry(each: Entry) -> dict[str, str]:
    return {
        "term": _("Log entry"),
        "text": f"{each.id} · {when(each.at)}",
        "url": f"/id/{ledger.entry_urn(each.id)}",
    }


def _state(text: str) -> IssueState:
    try:
        return IssueState(text)
    except ValueError:
        raise BadRequest(reason_zh="没有这种操作", reason_en="there is no such step") from None


urlpatterns = [
    path("exchange/issues/new", new, name="exchange-issue-new"),
    path("exchange/issues/<str:name>", detail, name="exchange-issue"),
]
