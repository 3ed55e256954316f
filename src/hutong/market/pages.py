"""Pages of the supermarket: the shelf, a module, its test page. Others are in ``desk_pages``."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.kernel.errors import HutongError
from hutong.kernel.given import counted
from hutong.market import calling, desk_pages, shelf, subscriptions, training, training_pages, usage
from hutong.market.desk_pages import owner_title
from hutong.market.errors import BadForm, BadInput, TooMuch
from hutong.market.logic import forms, named, shown
from hutong.market.types import KIND_TITLES, Accuracy, Module, Score, State
from hutong.ui.api import Crumb

_UNITS: Final = {"metres": "m", "percent": "%", "ratio": "", "share": ""}


@requires("market.view")
def home(request: HttpRequest) -> HttpResponse:
    """The shelf: search, facets, cards."""
    words = request.GET.get("q", "").strip()[:200]
    chosen = {name: request.GET.get(name, "") for name in shelf.FACETS}
    found, counts = shelf.find(words, chosen)
    scores = usage.scores()
    context = {
        "query": words,
        "selects": [_select(name, chosen[name], counts[name]) for name in shelf.FACETS],
        "cards": [_card(each, scores.get(each.id)) for each in found],
        "total": len(found),
        "searching": bool(words or any(chosen.values())),
        "tabs": desk_pages.tabs(request, "shelf"),
    }
    return render(request, "market/home.html", context)


@requires("market.view")
def module(request: HttpRequest, name: str) -> HttpResponse:
    """What a module does, how well, on which terms, and how to get it."""
    return _module(request, name)


@require_POST
@requires("market.subscribe")
def subscribe(request: HttpRequest, name: str) -> HttpResponse:
    """Ask for a module."""
    try:
        made = subscriptions.subscribe(current(request), name, request.POST.get("purpose", ""))
    except BadForm as fault:
        return _module(request, name, fault)
    if made.state is State.WAITING:
        messages.success(request, _("Asked. The owner decides; you see the answer here."))
    return HttpResponseRedirect(f"/market/subscriptions/{made.id}")


def _module(request: HttpRequest, name: str, fault: BadForm | None = None) -> HttpResponse:
    found = shelf.module(name)
    actor = current(request)
    may_subscribe = bool(may(actor, "market.subscribe", Target(actor.organisation)))
    service = usage.service(name)
    context = {
        "module": found,
        "summary": found.manifest.summary.text,
        "how": found.manifest.how.text,
        "never": found.manifest.never.text,
        "terms": _terms(found),
        "accuracy": _accuracy(found),
        "may_train": found.manifest.learns and bool(may(actor, "market.train", Target(found.offer.owner))),
        "service": service,
        "median": usage.took(service["median"]),
        "p95": usage.took(service["p95"]),
        "inputs": _schema_table(found.input_schema, _("Input")),
        "outputs": _schema_table(found.output_schema, _("Output")),
        "call_example": desk_pages.call_command(request, found),
        "changes": [each.text for each in found.manifest.changes],
        "score": usage.scores().get(name),
        "ratings": [
            {**each, "organisation": owner_title(each["organisation"])} for each in usage.ratings(name)
        ],
        "may_try": bool(may(actor, "market.try", Target(actor.organisation))),
        "may_subscribe": may_subscribe,
        "held": subscriptions.active(name, actor.organisation) if may_subscribe else None,
        "signed_in": actor.is_authenticated,
        "fault": str(fault.said) if fault else "",
        "purpose": request.POST.get("purpose", ""),
        "crumbs": [Crumb(_("Supermarket"), "/market"), Crumb(str(found.title))],
    }
    return render(request, "market/module.html", context, status=fault.status if fault else 200)


@requires("market.try")
def attempt(request: HttpRequest, name: str) -> HttpResponse:
    """The test page, made of the schema; samples fill it, and each try is metered."""
    found = shelf.module(name)
    actor = current(request)
    allow(actor, "market.try", Target(actor.organisation))
    samples = found.manifest.samples
    asked = request.GET.get("sample", "1")
    chosen = samples[(counted(asked, len(samples)) or 1) - 1]
    given: dict[str, Any] = chosen.input
    answer, error = None, None
    if request.method == "POST":
        try:
            given, size = _sent(request, found, given)
            answer = calling.call(found, calling.holder(actor, "", found), given, size, "try")
        except HutongError as told:
            error = told
    context = {
        "module": found,
        "fields": forms.fields(found.input_schema, given, get_language() or "zh-hans"),
        "files": any(each["kind"] == "file" for each in forms.fields(found.input_schema, {}, "zh")),
        "samples": [
            {"label": str(each.title.text), "url": f"?sample={number}", "current": each is chosen}
            for number, each in enumerate(samples, 1)
        ],
        "answer": answer,
        "took": usage.took(answer.ms) if answer else "",
        "parts": _parts(answer.output) if answer else [],
        "error": error,
        "crumbs": [
            Crumb(_("Supermarket"), "/market"), Crumb(str(found.title), f"/market/modules/{name}"), Crumb(_("Try it")),
        ],
    }  # fmt: skip
    return render(request, "market/try.html", context, status=error.status if error else 200)


def _sent(request: HttpRequest, found: Module, sample: dict[str, Any]) -> tuple[dict[str, Any], int]:
    limit = found.manifest.limits.bytes
    files: dict[str, bytes] = {}
    for name, each in request.FILES.items():
        if isinstance(each, list) or (each.size or 0) > limit * 3 // 4:
            raise TooMuch(given=name, limit=f"{limit} B")
        files[name] = each.read()
    try:
        given = forms.read(found.input_schema, request.POST.dict(), files)
    except forms.Unreadable as error:
        raise BadInput(key=str(error), reason="not JSON", reason_zh="不是 JSON") from error
    for name, shape in found.input_schema["properties"].items():
        if shape.get("format") == forms.FILE_FORMAT and name not in given and name in sample:
            given[name] = sample[name]  # no file chosen: the sample's own
    return given, sum(len(str(each).encode()) for each in given.values())


def _parts(output: dict[str, Any]) -> list[dict[str, Any]]:
    found, english = [], (get_language() or "zh").startswith("en")
    for part in shown.parts(output):
        table, names = None, part.get("columns", ())
        caption = named.title(part["name"])
        if "rows" in part:
            columns = [{"key": f"c{number}", "title": named.title(name)} for number, name in enumerate(names)]
            rows = [
                {
                    f"c{number}": named.value(name, cell, english=english)
                    for number, (name, cell) in enumerate(zip(names, row, strict=True))
                }
                for row in part["rows"]
            ]
            table = {"caption": caption, "columns": columns, "rows": rows, "dense": True}
        titled = named.counted if part["name"] == "counts" else named.title
        values = [{"term": titled(name), "text": text} for name, text in part.get("values", ())]
        found.append({"name": caption, "text": part.get("text", ""), "values": values, "table": table})
    return found


def _select(name: str, value: str, counts: dict[str, int]) -> dict[str, Any]:
    titles = {"kind": _("Kind"), "owner": pgettext("market", "Owner"), "approval": _("Approval")}
    choices = [{"value": "", "label": _("All")}]
    choices += [
        {"value": each, "label": f"{_choice(name, each)} ({count})"} for each, count in counts.items()
    ]
    return {"name": name, "label": titles[name], "value": value, "choices": choices}


def _choice(name: str, value: str) -> str:
    if name == "kind":
        return str(next((title for kind, title in KIND_TITLES.items() if kind == value), value))
    if name == "owner":
        return owner_title(value)
    return _("Decided by the owner") if value == "owner" else _("At once")


def _card(each: Module, score: Score | None) -> dict[str, Any]:
    measured = each.manifest.accuracy[:1]
    meta = [owner_title(each.offer.owner), str(each.offer.price)]
    meta += [f"{one.metric.text} {figure(one)}" for one in measured]
    meta += [_("%(mean)s of 5 (%(count)s)") % {"mean": score.mean, "count": score.count}] if score else []
    return {
        "title": str(each.title), "url": f"/market/modules/{each.id}", "text": str(each.manifest.summary.text),
        "meta": " · ".join(meta),
    }  # fmt: skip


def figure(measured: Accuracy) -> str:
    """A measured value as people read it."""
    if measured.unit == "share":
        return f"{measured.value * 100:.1f}%"
    if measured.unit == "metres" and measured.value < 0.001:
        return "< 0.001 m"
    return f"{measured.value:.3g} {_UNITS[measured.unit]}".strip()


def _accuracy(found: Module) -> list[dict[str, Any]]:
    """Figures by what they were measured on: of the model in use, where the district trained one, then as it ships."""
    learnt = training.active(found.id) if found.manifest.learns else None
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for one in found.manifest.accuracy:
        row = {"term": str(one.metric.text), "text": f"{figure(one)} (n = {one.cases:,})"}
        groups.setdefault((str(one.data.text), one.date.isoformat(), one.script), []).append(row)
    told = [
        {"on": on, "date": day, "script": script, "url": "", "figures": rows}
        for (on, day, script), rows in groups.items()
    ]  # fmt: skip
    if learnt is None:
        return told
    on, rows = training_pages.accuracy(learnt)
    day = learnt.trained_at.date().isoformat() if learnt.trained_at else ""
    return [
        {
            "on": on,
            "date": day,
            "script": learnt.urn,
            "url": f"/id/{learnt.urn}",
            "figures": rows,
        },
        *told,
    ]


def _terms(found: Module) -> list[dict[str, Any]]:
    offer, limits = found.offer, found.manifest.limits
    per = _("%(day)s items a day, %(month)s a month") % {"day": f"{offer.day:,}", "month": f"{offer.month:,}"}
    bounds = _("%(bytes)s KB, %(items)s items, %(seconds)s seconds a call") % {
        "bytes": f"{limits.bytes // 1000:,}", "items": f"{limits.items:,}", "seconds": limits.seconds,
    }  # fmt: skip
    promise = _("%(share)s of calls answered, within %(time)s") % {
        "share": f"{offer.availability:.1%}", "time": usage.took(offer.answer_ms),
    }  # fmt: skip
    terms = [
        {"term": pgettext("market", "Owner"), "text": owner_title(offer.owner)},
        {"term": _("Price"), "text": str(offer.price)},
        {"term": _("Quota"), "text": per},
        {"term": _("Service level"), "text": promise},
        {"term": _("Limits"), "text": bounds},
        {"term": _("Approval"), "text": _("Decided by the owner") if offer.approval else _("At once")},
        {"term": _("Version"), "text": training.version(found.manifest, training.needed(found.manifest))},
        {"term": "URN", "text": found.urn, "kind": "code"},
    ]
    return terms + ([{"term": _("Note"), "text": str(offer.note)}] if str(offer.note) else [])


def _schema_table(schema: dict[str, Any], caption: str) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    rows = [
        {"name": name, "title": _title(name, each, language), "type": forms.type_name(each, schema),
         "required": "✓" if name in schema.get("required", ()) else "",
         "hint": forms.half(each.get("description", ""), language)}
        for name, each in schema.get("properties", {}).items()
    ]  # fmt: skip
    return {
        "caption": caption,
        "columns": [
            {"key": "name", "title": _("Name"), "kind": "code"}, {"key": "title", "title": pgettext("market", "Title")},
            {"key": "type", "title": _("Type")}, {"key": "required", "title": _("Required")},
            {"key": "hint", "title": _("Note")},
        ],
        "rows": rows,
    }  # fmt: skip


def _title(name: str, shape: dict[str, Any], language: str) -> str:
    said = shape.get("title", "")
    return forms.half(said, language) if " / " in said else named.title(name)


urlpatterns = [
    path("market", home, name="market"),
    path("market/modules/<slug:name>", module, name="market-module"),
    path("market/modules/<slug:name>/subscribe", subscribe, name="market-subscribe"),
    path("market/modules/<slug:name>/try", attempt, name="market-try"),
    *desk_pages.urlpatterns,
    *training_pages.urlpatterns,
]
