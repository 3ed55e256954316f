"""Pages on which the data office trains a module on handled cases, compares its models and chooses one."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from hutong.accounts.api import Actor, Target, allow, current, requires
from hutong.kernel.errors import HutongError, Invalid
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.market import cases, shelf, training
from hutong.market.errors import NoLearning
from hutong.market.types import Asked, Module, Training
from hutong.ui.api import Crumb, when

_BADGES: Final = {
    "waiting": "watch", "running": "running", "failed": "bad", "ready": "none", "active": "good",
}  # fmt: skip


@requires("market.train")
def models(request: HttpRequest, name: str) -> HttpResponse:
    """The models of a module beside the shipped one, and the form that trains another."""
    module, actor = _learner(request, name)
    error: HutongError | None = None
    if request.method == "POST":
        try:
            made = training.ask(actor, name, _asked(request))
            return HttpResponseRedirect(f"/market/modules/{name}/models/{made.number}")
        except HutongError as told:
            error = told
    made_so_far = training.trainings(name)
    wanted = (request.POST.get("table") or request.GET.get("table", ""))[:200]
    offered = cases.choices(actor)
    context = {
        "module": module,
        "active": next((each for each in made_so_far if each.state == "active"), None),
        "table": _models_table(module, made_so_far),
        "choices": [{"value": each.table, "label": _titled(each.table, each.title)} for each in offered],
        "fields": _fields(request, next((each for each in offered if each.table == wanted), None)),
        "wanted": wanted,
        "least": cases.LEAST,
        "least_of_label": cases.LEAST_OF_LABEL,
        "error": error,
        "crumbs": [*_crumbs(module), Crumb(_("Training"))],
    }
    return render(request, "market/models.html", context, status=error.status if error else 200)


@requires("market.train")
def model(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One model: how far its training is, then how well it does, on which labels, and what it was learnt from."""
    module, _actor = _learner(request, name)
    found = training.training(name, number)
    over = found.ready or found.state == "failed"
    if over and request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": request.path})
    context = {
        "module": module,
        "found": found,
        "poll": "" if over else request.path,
        "cases": f"{found.cases:,}",
        "said": str(Text(**found.error["message"])) if found.error else "",
        "fix": str(Text(**found.error["fix"])) if found.error else "",
        "figures": _figures(found) if found.ready else [],
        "labels": _labels(found) if found.ready else None,
        "facts": _facts(found),
        "left_out": list(found.left_out.items()),
        "crumbs": [
            *_crumbs(module),
            Crumb(_("Training"), f"/market/modules/{name}/models"),
            Crumb(f"{number}"),
        ],
    }
    return render(request, "market/model.html", context)


@require_POST
@requires("market.train")
def use(request: HttpRequest, name: str) -> HttpResponse:
    """Put a model to use, or go back to the shipped version."""
    module, actor = _learner(request, name)
    number = request.POST.get("number", "")
    if not number.isdecimal() or len(number) > 9:
        raise Invalid(reason=f"number={number[:20]}")
    training.use(actor, module.id, int(number))
    messages.success(
        request,
        _("The module works as shipped again.") if int(number) == training.SHIPPED
        else _("Model %(number)s answers from now on.") % {"number": int(number)},
    )  # fmt: skip
    return HttpResponseRedirect(f"/market/modules/{name}/models")


def accuracy(found: Training) -> tuple[str, list[dict[str, Any]]]:
    """What a model was measured on, and its figures as lines beside those of the shipped module."""
    on = _("Model %(number)s, in use here: %(cases)s cases of %(table)s, each told by what was learnt from others") % {
        "number": found.number, "cases": f"{found.cases:,}", "table": _table_title(found.asked.table),
    }  # fmt: skip
    titles = (("first", _("First label right")), ("three", _("One of its first three right")))
    return on, [
        {"term": title, "text": f"{found.figures[name] * 100:.1f}% (n = {found.cases:,})"}
        for name, title in titles
    ]


def _learner(request: HttpRequest, name: str) -> tuple[Module, Actor]:
    found, actor = shelf.module(name), current(request)
    allow(actor, "market.train", Target(found.offer.owner))
    if not found.manifest.learns:
        raise NoLearning(name=str(found.title))
    return found, actor


def _asked(request: HttpRequest) -> Asked:
    seed = request.POST.get("seed", "1").strip()
    if not seed.isdecimal() or len(seed) > 9:
        raise Invalid(reason=f"seed={seed[:20]}")
    sent = [request.POST.get(name, "")[:200] for name in ("table", "text", "label")]
    return Asked(sent[0], sent[1], sent[2], int(seed))


def _fields(request: HttpRequest, choice: cases.Choice | None) -> list[dict[str, Any]]:
    if choice is None:
        return []
    columns = (
        ("text", _("Column of texts"), choice.texts,
         _("What people wrote; names, numbers and addresses are taken out before learning.")),
        ("label", _("Column of labels"), choice.labels, _("The category or the department that handled the case.")),
    )  # fmt: skip
    found: list[dict[str, Any]] = [
        {"name": name, "label": label, "hint": hint, "kind": "select", "required": True,
         "value": request.POST.get(name, ""),
         "choices": [{"value": one, "label": _titled(one, title)} for one, title in offered]}
        for name, label, offered, hint in columns
    ]  # fmt: skip
    found.append({
        "name": "seed", "label": pgettext("market", "Seed"), "kind": "number", "required": True,
        "value": request.POST.get("seed", "1"),
        "hint": _("The same seed and snapshot give the same model, byte for byte."),
    })  # fmt: skip
    return found


def _models_table(module: Module, made: list[Training]) -> dict[str, Any]:
    shipped = next((one for one in module.manifest.accuracy if one.unit == "share"), None)
    rows: list[dict[str, Any]] = [
        {
            "number": {"text": f"{each.number}", "url": f"/market/modules/{module.id}/models/{each.number}"},
            "table": _table_title(each.asked.table), "cases": each.cases or None,
            "first": each.figures.get("first"), "three": each.figures.get("three"), "state": _badge(each.state),
            "at": when(each.asked_at),
        }
        for each in made
    ]  # fmt: skip
    idle = all(each.state != "active" for each in made)
    rows.append({
        "number": {"text": pgettext("market", "Shipped"), "url": f"/market/modules/{module.id}"},
        "table": str(shipped.data.text) if shipped else "", "cases": shipped.cases if shipped else None,
        "first": shipped.value if shipped else None, "three": None, "at": "",
        "state": _badge("active" if idle else "ready"),
    })  # fmt: skip
    return {
        "caption": _("Models of this module"),
        "columns": [
            {"key": "number", "title": pgettext("market", "Model")},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "first", "title": _("First label right"), "kind": "percent"},
            {"key": "three", "title": _("One of three right"), "kind": "percent"},
            {"key": "cases", "title": _("Cases"), "kind": "number"},
            {"key": "table", "title": pgettext("market", "Measured on")}, {"key": "at", "title": _("Asked")},
        ],
        "rows": rows,
    }  # fmt: skip


def _badge(state: str) -> dict[str, str]:
    titles = {
        "waiting": _("Waiting to begin"), "running": _("Running"), "failed": _("Failed"),
        "ready": pgettext("market", "Ready"), "active": pgettext("market", "In use"),
    }  # fmt: skip
    return {"text": titles[state], "state": _BADGES[state]}


def _figures(found: Training) -> list[dict[str, Any]]:
    """What it does on cases it had not seen, with what to compare it with."""
    titles = (
        ("first", _("First label right")), ("three", _("One of its first three right")),
        ("sure", _("Right, of those it does not hand to a person")),
        ("unattended", _("Share it does not hand to a person")), ("usual", _("Always the most frequent label")),
    )  # fmt: skip
    rows = [
        {"term": title, "text": f"{found.figures[name] * 100:.1f}%"}
        for name, title in titles
        if name in found.figures
    ]
    beside = (("first", _("As shipped, first label right")), ("three", _("As shipped, one of three right")))
    return rows + [
        {"term": title, "text": f"{found.beside[name] * 100:.1f}%"}
        for name, title in beside
        if name in found.beside
    ]


def _labels(found: Training) -> dict[str, Any]:
    rows = [{**each, "telling": " · ".join(each["telling"])} for each in found.labels]
    return {
        "caption": _("By label, on cases it had not seen"),
        "columns": [
            {"key": "label", "title": pgettext("market", "Label")},
            {"key": "cases", "title": _("Cases"), "kind": "number"},
            {"key": "found", "title": _("Share found"), "kind": "percent"},
            {"key": "right", "title": _("Right when said"), "kind": "percent"},
            {"key": "instead", "title": _("Most often taken for")},
            {"key": "telling", "title": _("Pieces that tell it")},
        ],
        "rows": rows,
    }  # fmt: skip


def _facts(found: Training) -> list[dict[str, Any]]:
    asked = found.asked
    facts: list[dict[str, Any]] = [
        {"term": _("Table"), "text": _table_title(asked.table), "url": f"/lake/{asked.table}"},
        {"term": _("Columns"), "text": f"{asked.text} → {asked.label}", "kind": "code"},
        {"term": _("Asked"), "text": when(found.asked_at)},
        {"term": pgettext("market", "Seed"), "text": str(asked.seed)},
    ]
    if found.ready:
        facts += [{"term": _("Snapshot"), "text": each, "url": f"/id/{each}"} for each in found.snapshots]
        facts += [
            {"term": "SHA-256", "text": found.sha256, "kind": "code"},
            {"term": pgettext("market", "Size of the file"), "text": f"{found.size:,} B"},
            {"term": _("Ledger entry"), "text": f"#{found.entry}", "url": f"/ledger/entries/{found.entry}"},
        ]
    return [*facts, {"term": "URN", "text": found.urn, "kind": "code"}]


def _table_title(table: str) -> str:
    listed = {each.table: each.title for each in lake.tables()}
    return _titled(table, listed[table]) if table in listed else table


def _titled(name: str, title: Text) -> str:
    return f"{title} ({name})" if str(title) else name


def _crumbs(module: Module) -> list[Crumb]:
    return [Crumb(_("Supermarket"), "/market"), Crumb(str(module.title), f"/market/modules/{module.id}")]


urlpatterns = [
    path("market/modules/<slug:name>/models", models, name="market-models"),
    path("market/modules/<slug:name>/models/use", use, name="market-model-use"),
    path("market/modules/<slug:name>/models/<int:number>", model, name="market-model"),
]
