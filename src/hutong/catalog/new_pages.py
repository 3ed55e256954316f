"""Pages where entries begin: what there is to catalogue, a form for each level, and one's drafts."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hutong.accounts.api import Actor, Target, allow, current, may, organisations, requires
from hutong.catalog import editing, forms, proposing, unclaimed, unfinished
from hutong.catalog.errors import BadEntry, NoSuchEntry, NotTheirs
from hutong.catalog.identifiers import page_of
from hutong.catalog.logic.faults import Fault, fault
from hutong.catalog.logic.rows import flat, merged
from hutong.catalog.nav import tabs
from hutong.catalog.permitting import allow_some, allow_write, own
from hutong.catalog.shown import organisation_title
from hutong.catalog.types import Kind
from hutong.kernel.errors import Forbidden
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.lake import api as lake
from hutong.packs.api import kebab
from hutong.ui.api import Crumb, when

_LEVELS = (Kind.DUTY, Kind.DATASET, Kind.SYSTEM)


@require_GET
@requires("catalog.edit")
def start(request: HttpRequest) -> HttpResponse:
    """Tables that wait for a dataset, the levels to begin at, and one's drafts."""
    actor = current(request)
    allow_some(actor)
    hands = bool(may(actor, "catalog.hand"))
    waiting = [each for each in unclaimed.tables() if hands or _mine(actor, each.organisation)]
    context = {
        "tabs": tabs(request, "/catalog/new"),
        "hands": hands,
        "tables": [_table(each) for each in waiting],
        "organisations": [{"value": each.id, "label": str(each.title)} for each in organisations()],
        "levels": [
            {"title": _TITLES[kind], "text": _TEXTS[kind], "url": f"/catalog/new/{kind}"} for kind in _LEVELS
        ],
        "drafts": [_draft(each) for each in unfinished.of(actor.urn)],
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(_("New entry"))],
    }
    return render(request, "catalog/new.html", context)


@require_http_methods(["GET", "POST"])
@requires("catalog.edit")
def write(request: HttpRequest, level: str) -> HttpResponse:
    """The form of an entry that is not there yet; empty, for a table of the lake, or a draft taken up again."""
    kind = next((each for each in _LEVELS if each == level), None)
    if kind is None:
        raise NoSuchEntry(name=level)
    actor = current(request)
    allow_some(actor)
    draft = _plain(request.POST.get("draft", "") or request.GET.get("draft", ""))
    if request.method == "GET":
        kept = unfinished.find(actor.urn, draft) if draft else None
        table = kept.table if kept else _plain(request.GET.get("table", ""))
        given = {**_begin(actor, kind, table), **(kept.given if kept else {})}
        return _form(request, kind, given, table=table, draft=draft)
    given, table = forms.given(kind, request.POST), _plain(request.POST.get("table", ""))
    given["id"] = table or given.get("id") or kebab(given.get("title.en", ""))
    if request.POST.get("do") == "rows":
        return _form(request, kind, given, table=table, draft=draft)
    if request.POST.get("do") == "keep":
        unfinished.keep(actor.urn, kind, given, name=draft, table=table)
        return HttpResponseRedirect("/catalog/new#drafts")
    try:
        written = _written(actor, kind, given, table, request.POST.get("reason", ""))
    except (BadEntry, Forbidden) as refused:
        draft = unfinished.keep(actor.urn, kind, given, name=draft, table=table)
        faults = refused.faults if isinstance(refused, BadEntry) else (_of(kind, refused),)
        return _form(request, kind, given, table=table, draft=draft, faults=faults, status=refused.status)
    unfinished.drop(actor.urn, draft)
    if written.proposal:
        return HttpResponseRedirect(f"/catalog/proposals#{written.proposal}")
    made = Urn.parse(written.urn)
    return HttpResponseRedirect(
        page_of(made.kind, made.local) if kind is not Kind.SYSTEM else _version(written)
    )


@require_POST
@requires("catalog.edit")
def discard(request: HttpRequest, name: str) -> HttpResponse:
    """Throw a draft of one's own away."""
    actor = current(request)
    allow_some(actor)
    unfinished.drop(actor.urn, unfinished.find(actor.urn, name).id)
    return HttpResponseRedirect("/catalog/new#drafts")


@require_POST
@requires("catalog.hand")
def hand(request: HttpRequest) -> HttpResponse:
    """Say which organisation catalogues a table."""
    allow(current(request), "catalog.hand", Target(kind="table"))
    unclaimed.hand(_plain(request.POST.get("table", "")), _plain(request.POST.get("organisation", "")))
    return HttpResponseRedirect("/catalog/new#tables")


def _plain(text: str) -> str:
    """A name as databases take them."""
    return text[:120].replace("\0", "")


def _written(actor: Actor, kind: Kind, given: dict[str, str], table: str, reason: str) -> editing.Written:
    before: dict[str, Any] = {"id": given["id"]}
    if table:
        before["table"] = lake.spec_of(lake.contract(unclaimed.find(table).table))
    body = merged(kind, before, given)
    allow_write(actor, editing.draft_new(kind, body))
    return editing.add(kind, body, reason=reason)


def _begin(actor: Actor, kind: Kind, table: str) -> dict[str, str]:
    """What the form says before anybody has written."""
    mine = own(actor)
    if kind is not Kind.DATASET:
        key = "organisation" if kind is Kind.DUTY else "owner"
        return {**flat(kind, {key: mine} if mine else {}), "id": ""}
    if not table:
        return {**flat(kind, proposing.beginning(mine)), "id": ""}
    found = unclaimed.find(table)
    provider = found.organisation or mine
    if not may(actor, "catalog.hand") and not _mine(actor, found.organisation):
        raise NotTheirs(table=table, organisation=organisation_title(mine))
    return {**flat(kind, proposing.of_table(table, provider)), "id": table}


def _form(
    request: HttpRequest,
    kind: Kind,
    given: dict[str, str],
    *,
    table: str = "",
    draft: str = "",
    faults: tuple[Fault, ...] = (),
    status: int = 200,
) -> HttpResponse:
    fixed = [each.name for each in lake.contract(table).columns] if table else []
    context = {
        "title": _TITLES[kind],
        "lead": _TEXTS[kind],
        "groups": forms.groups(kind, current(request), given, faults, new=not table),
        "grid": forms.grid(
            given["table.columns"], faults, fixed=fixed, held=proposing.held(table) if table else None
        )
        if kind is Kind.DATASET
        else None,
        "loose": forms.loose(kind, faults),
        "places": forms.places(kind, faults),
        "faults": len(faults),
        "table": table,
        "draft": draft,
        "kept": bool(faults and draft),
        "reason": forms.reason(request.POST, faults),
        "crumbs": [
            Crumb(_("Catalog"), "/catalog"),
            Crumb(_("New entry"), "/catalog/new"),
            Crumb(_TITLES[kind]),
        ],
    }
    return render(request, "catalog/write.html", context, status=status)


def _of(kind: Kind, refused: Forbidden) -> Fault:
    """Whose the entry would be is what a refusal is about; of a table, its identifier."""
    if isinstance(refused, NotTheirs):
        return fault(kind, "id", refused.said)
    key = {Kind.DUTY: "organisation", Kind.DATASET: "provider", Kind.SYSTEM: "owner"}[kind]
    return fault(kind, key, refused.said)


def _mine(actor: Actor, organisation: str) -> bool:
    return bool(organisation) and bool(may(actor, "catalog.edit", Target(organisation, "general", "dataset")))


def _version(written: editing.Written) -> str:
    return f"/catalog/versions/{written.urn}"


def _table(each: unclaimed.Unclaimed) -> dict[str, Any]:
    return {
        "name": each.table,
        "title": str(each.title) or each.table,
        "rows": each.rows,
        "columns": each.columns,
        "organisation": each.organisation,
        "organisation_title": organisation_title(each.organisation),
        "url": f"/catalog/new/dataset?table={each.table}",
    }


def _draft(each: unfinished.DraftRef) -> dict[str, Any]:
    url = f"/catalog/edit/{each.urn}?draft=1" if each.urn else f"/catalog/new/{each.kind}?draft={each.id}"
    return {
        "id": each.id,
        "title": each.title or _("untitled"),
        "kind": each.kind.shown,
        "at": when(each.at),
        "url": url,
    }


_TITLES = {
    Kind.DUTY: Text(zh="登记职责", en="Add a duty"),
    Kind.DATASET: Text(zh="编制数据集", en="Catalogue a dataset"),
    Kind.SYSTEM: Text(zh="登记信息系统", en="Add an information system"),
}
_TEXTS = {
    Kind.DUTY: Text(
        zh="单位依法承担的一项工作；数据集由它产生。",
        en="A piece of work that the law gives an organisation; datasets come of it.",
    ),
    Kind.DATASET: Text(
        zh="按编制指南的核心元数据描述一个数据集和它的库表。",
        en="A dataset and its table, described with the core metadata of the compilation guide.",
    ),
    Kind.SYSTEM: Text(
        zh="产生或保存数据的一个系统，及其建设和入云状态。",
        en="A system that makes or keeps data, how far it is built, and where it stands in the move to the cloud.",
    ),
}
urlpatterns = [
    path("catalog/new", start, name="catalog-new"),
    path("catalog/new/hand", hand, name="catalog-hand"),
    path("catalog/new/<slug:level>", write, name="catalog-write"),
    path("catalog/drafts/<slug:name>/discard", discard, name="catalog-draft-discard"),
]
