"""Importing a plan document and reviewing what was read: the text on one side, the findings on the other."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.accounts.api import Actor, Target, allow, current, requires
from hutong.indicators import jobs
from hutong.indicators.models import ExtractedItem, PlanDocument
from hutong.indicators.plan_import.reading.open_file import MAX_BYTES
from hutong.indicators.plans import review
from hutong.indicators.plans.errors import BadPeriod
from hutong.kernel import jobs as kernel_jobs
from hutong.kernel.errors import HutongError, Invalid, NotFound
from hutong.kernel.text import Text
from hutong.ui.api import Crumb, when

_STATES = {"proposed": "none", "accepted": "good", "mended": "good", "dropped": "watch"}
_MOST_LINES = 20_000
_NONE: Mapping[str, str] = MappingProxyType({})
LARGE = 2 * 1024 * 1024
"""A PDF above this is read by the worker: a page a moment is too long for a request."""


def _reviewer(request: HttpRequest) -> Actor:
    actor = current(request)
    allow(actor, "plan.review", Target(kind="plan"))
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
@requires("plan.review")
def upload(request: HttpRequest) -> HttpResponse:
    """The documents so far, and a field for another."""
    actor = _reviewer(request)
    if request.method == "POST":
        try:
            return _bring_in(request, actor)
        except HutongError as error:
            if error.status not in {413, 422}:
                raise
            return _upload_page(request, error)
    return _upload_page(request, None)


def _bring_in(request: HttpRequest, actor: Actor) -> HttpResponse:
    given = request.FILES.get("file")
    if given is None:
        raise Invalid(reason=_("no file was chosen"))
    if (given.size or 0) > MAX_BYTES:
        from hutong.indicators.plan_import.errors import PlanTooLarge  # noqa: PLC0415 - the one place it is needed

        raise PlanTooLarge(what="bytes", size=given.size, limit=MAX_BYTES)
    data, name = given.read(), given.name or "plan"
    known = review.kept(data)
    if known is None and len(data) > LARGE and b"%PDF-" in data[:1024]:
        job = jobs.ask_to_read(data, name, by=actor.urn, organisation=actor.organisation)
        return HttpResponseRedirect(reverse("plan-reading", args=[job]))
    found = known or review.bring_in(actor, data, name)
    return HttpResponseRedirect(reverse("plan-document", args=[found.pk]))


@require_safe
@requires("plan.review")
def reading(request: HttpRequest, job: str) -> HttpResponse:
    """How far the reading of a large document is; leads to the review when it is over."""
    _reviewer(request)
    found = kernel_jobs.status(job)
    if not found.name.startswith(f"{jobs.read_plan.name}@"):
        raise NotFound(what=job)
    if found.state == "done" and found.result:
        return HttpResponseRedirect(reverse("plan-document", args=[found.result["document"]]))
    error = found.error
    context = {
        "job": found,
        "poll": "" if found.over else request.path,
        "state": "bad" if found.state == "failed" else "running",
        "note": str(found.note),
        "said": str(Text(**error["message"])) if error else "",
        "fix": str(Text(**error["fix"])) if error else "",
        "crumbs": [Crumb(_("Plans"), reverse("plans")), Crumb(_("Import"), reverse("plan-import"))],
    }
    return render(request, "indicators/reading.html", context)


def _upload_page(request: HttpRequest, error: HutongError | None) -> HttpResponse:
    rows = [
        {
            "title": {"text": each.title, "url": reverse("plan-document", args=[each.id])},
            "name": each.name,
            "period": f"{each.period[0]}—{each.period[1]}" if each.period else "",
            "left": each.proposed,
            "items": each.items,
            "plan": {"text": _("Plan"), "url": reverse("plan", args=[each.plan])} if each.plan else "",
            "at": when(each.uploaded_at),
        }
        for each in review.documents()
    ]
    columns = [
        {"key": "title", "title": _("Plan")},
        {"key": "name", "title": _("File")},
        {"key": "period", "title": _("Period")},
        {"key": "items", "title": pgettext("indicators", "Found"), "kind": "number"},
        {"key": "left", "title": _("To be reviewed"), "kind": "number"},
        {"key": "at", "title": _("Imported")},
        {"key": "plan", "title": _("Became")},
    ]
    context = {
        "field": {"name": "file", "label": _("Plan document"), "kind": "file", "required": True,
                  "hint": _("Text, Word (docx) or PDF with a text layer.")},
        "error": error,
        "table": {"caption": _("Documents"), "columns": columns, "rows": rows, "empty": _("No document yet.")},
        "crumbs": [Crumb(_("Plans"), reverse("plans")), Crumb(_("Import"))],
    }  # fmt: skip
    return render(request, "indicators/import.html", context, status=error.status if error else 200)


@require_safe
@requires("plan.review")
def document(request: HttpRequest, document: int) -> HttpResponse:
    """The review page."""
    _reviewer(request)
    return _review_page(request, review.document(document))


@require_POST
@requires("plan.review")
def decide(request: HttpRequest, document: int, item: int) -> HttpResponse:
    """One decision."""
    actor = _reviewer(request)
    given = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    try:
        review.decide(actor, document, item, given.get("verb", ""), given)
    except HutongError as error:
        if error.status != 422:
            raise
        return _review_page(request, review.document(document), error)
    return HttpResponseRedirect(f"{reverse('plan-document', args=[document])}#item-{item}")


@require_POST
@requires("plan.review")
def accept(request: HttpRequest, document: int) -> HttpResponse:
    """Accept all of a kind."""
    actor = _reviewer(request)
    kind = request.POST.get("kind", "")
    if kind not in ExtractedItem.Kind.values:
        raise Invalid(reason=kind[:40])
    count = review.accept_all(actor, document, kind)
    messages.success(request, _("%(count)s accepted") % {"count": count})
    return HttpResponseRedirect(f"{reverse('plan-document', args=[document])}#{kind}")


@require_POST
@requires("plan.review")
def publish(request: HttpRequest, document: int) -> HttpResponse:
    """Make a plan of it."""
    actor = _reviewer(request)
    years = [request.POST.get(name, "") for name in ("from", "to")]
    first, last = (int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0 for year in years)
    try:
        plan = review.publish(actor, document, request.POST.get("title", ""), (first, last))
    except HutongError as error:
        if error.status != 422:
            raise
        return _review_page(request, review.document(document), error, request.POST)
    return HttpResponseRedirect(reverse("plan", args=[plan]))


def _review_page(
    request: HttpRequest,
    found: PlanDocument,
    error: HutongError | None = None,
    given: Mapping[str, str] = _NONE,
) -> HttpResponse:
    """The review; ``given``: what the form that makes it a plan was sent with and refused."""
    offsets, at = [], 0
    for line in found.lines:
        offsets.append(at)
        at += len(line) + 1
    items = list(found.items.all())
    counts = review.progress_of(found)
    context = {
        "document": found,
        "open": found.state == PlanDocument.State.OPEN,
        "lines": [{"number": n, "text": text} for n, text in enumerate(found.lines[:_MOST_LINES], start=1)],
        "groups": [
            {
                "kind": kind,
                "title": _kind_word(kind),
                "items": [_item(each, offsets) for each in items if each.kind == kind],
                "left": sum(each.kind == kind and each.state == "proposed" for each in items),
            }
            for kind in ("indicator", "task", "system")
        ],
        "unread": [_unread(each, offsets) for each in found.unread],
        "counts": [
            {"text": f"{_state_word(state)} {count}", "state": _STATES[state]}
            for state, count in counts.items()
        ],
        "publish": _publish_fields(found, given, error),
        "plan_url": next((reverse("plan", args=[each.pk]) for each in found.plans.all()), ""),
        "error": error,
        "crumbs": [
            Crumb(_("Plans"), reverse("plans")),
            Crumb(_("Import"), reverse("plan-import")),
            Crumb(found.title),
        ],
    }
    return render(request, "indicators/review.html", context, status=error.status if error else 200)


def _publish_fields(
    found: PlanDocument, given: Mapping[str, str], error: HutongError | None
) -> list[dict[str, Any]]:
    """Fields of the form that makes the reviewed document a plan, with what was wrong with which."""
    told = (
        {"from" if isinstance(error, BadPeriod) else "title": f"{error.said} {error.mend}"}
        if given and error
        else {}
    )
    fields: list[dict[str, Any]] = [
        {"name": "title", "label": _("Title of the plan"), "value": found.title},
        {"name": "from", "label": _("First year"), "kind": "number", "value": found.period_from},
        {"name": "to", "label": _("To"), "kind": "number", "value": found.period_to},
    ]
    return [
        {
            **each,
            "value": given.get(each["name"], each["value"]),
            "error": told.get(each["name"], ""),
            "required": True,
        }
        for each in fields
    ]


def _kind_word(kind: str) -> str:
    return {"indicator": _("Indicators"), "task": _("Tasks"), "system": _("Systems and platforms")}[kind]


def _state_word(state: str) -> str:
    return {
        "proposed": _("To be reviewed"),
        "accepted": _("Accepted"),
        "mended": _("Mended"),
        "dropped": _("Dropped"),
    }[state]


def _item(row: ExtractedItem, offsets: list[int]) -> dict[str, Any]:
    data = row.data
    fields = []
    for key, label, required in review.fields(row.kind):
        value = data.get(key) or ""
        shown = value["text"] if isinstance(value, dict) else value
        fields.append(
            {"name": key, "id": f"f{row.pk}-{key}", "label": str(label), "value": shown, "required": required}
        )
    head = data.get("name") or data.get("title", "")
    return {
        "id": row.pk,
        "head": f"{data.get('number', '')} {head}".strip(),
        "detail": _detail(row.kind, data),
        "state": _STATES[row.state],
        "state_text": _state_word(row.state),
        "decided": row.state != "proposed",
        "entry": row.entry_id,
        "fields": fields,
        "place": _place(row.original["place"], offsets),
    }


def _detail(kind: str, data: dict[str, Any]) -> str:
    if kind == "indicator":
        unit = f" {data['unit']}" if data["unit"] else ""
        return " · ".join(
            text for text in (data["target"]["text"] + unit, data["nature"], data["group"]) if text
        )
    if kind == "task":
        return " · ".join(text for text in (*data["section"], *_duty(data)) if text)
    return _("%(count)s mentions") % {"count": len(data["places"])} if len(data["places"]) > 1 else ""


def _duty(data: dict[str, Any]) -> tuple[str, str]:
    """Who answers and by when: the words of the plan, and what they are taken to mean."""
    owner, day = review.answerable(data)
    lines = [_("line %(line)s") % {"line": place["line"]} if place else "" for place in
             (data.get("owner_place"), data.get("deadline_place"))]  # fmt: skip
    named, until = data.get("owner") or "", data.get("deadline") or ""
    who = str(owner.title) if owner else _("no organisation of that name for certain")
    when_ = day.isoformat() if day else _("no certain day")
    return (
        f"{named} ({', '.join(filter(None, (lines[0], who)))})" if named else _("No owner named"),
        f"{until} ({', '.join(filter(None, (lines[1], when_)))})" if until else _("No deadline stated"),
    )


def _place(place: dict[str, Any], offsets: list[int]) -> dict[str, int | None]:
    line = place["line"]
    column = place["offset"] - offsets[line - 1] if 0 < line <= len(offsets) else 0
    return {"line": line, "page": place["page"], "column": column, "length": place["length"]}


def _unread(each: dict[str, Any], offsets: list[int]) -> dict[str, Any]:
    reason = str(Text(zh=each["reason"]["zh"], en=each["reason"]["en"]))
    place = _place(each["place"], offsets) if each["place"] else None
    return {"text": each["text"], "reason": reason, "place": place}
