"""Pages about one dataset and its table: what it is, columns, sample, quality, snapshots, lineage, history."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hutong.accounts.api import Target, allow, current, may, requires
from hutong.catalog import dataset_tables as tables
from hutong.catalog import few, offers, quality_tables, store
from hutong.catalog import history as history_of
from hutong.catalog.logic.readable import readable
from hutong.catalog.shown import actor_titles, choice_title, class_title, organisation_title, update_title
from hutong.catalog.types import EntryRef, Kind, VersionRef
from hutong.kernel import audit
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import SnapshotRef
from hutong.ledger import api as ledger
from hutong.ui.api import Crumb, when

SAMPLE = 20
SIDES = (
    ("", gettext_lazy("Overview")),
    ("columns", gettext_lazy("Columns")),
    ("sample", gettext_lazy("Sample")),
    ("quality", gettext_lazy("Quality")),
    ("snapshots", gettext_lazy("Snapshots")),
    ("lineage", gettext_lazy("Lineage")),
    ("history", gettext_lazy("History")),
)
_SIDE_ACTIONS = {
    "": "catalog.view",
    "columns": "lake.view",
    "sample": "lake.sample",
    "quality": "lake.view",
    "snapshots": "lake.view",
    "lineage": "lake.view",
    "history": "catalog.view",
}
Context = dict[str, Any]


def _side(side: str, action: str) -> Callable[[Callable[[HttpRequest, EntryRef], Context]], Any]:
    """A view of one side: finds the dataset, asks the policy about it, draws its template."""

    def wrap(fill: Callable[[HttpRequest, EntryRef], Context]) -> Any:
        @requires(action)
        def view(request: HttpRequest, local: str) -> HttpResponse:
            dataset = store.find(Kind.DATASET, local)
            allow(current(request), action, target(dataset))
            context = {**_frame(request, dataset, side), **fill(request, dataset)}
            return render(request, f"catalog/dataset_{side or 'overview'}.html", context)

        return view

    return wrap


def target(dataset: EntryRef) -> Target:
    """The dataset as the policy sees it."""
    return Target(dataset.organisation, dataset.grade, "dataset", public=dataset.is_open)


@_side("", "catalog.view")
def overview(_request: HttpRequest, dataset: EntryRef) -> Context:
    duty = next(iter(store.entries(Kind.DUTY, local=dataset.parent)), None)
    body = dataset.body
    latest = lake.latest(dataset.id)
    condition = body.get("sharing", {}).get("condition") or {}
    terms: list[dict[str, Any]] = [
        {
            "term": _("Provider"),
            "text": organisation_title(dataset.organisation),
            "url": f"/catalog?organisation={dataset.organisation}",
        },
        {"term": _("Provider code"), "text": body.get("provider_code") or _("not given"), "kind": "code"},
        {"term": _("Duty"), "text": str(duty.title), "url": f"/catalog/duties/{duty.id}"}
        if duty
        else {"term": _("Duty"), "text": dataset.parent, "state": "bad"},
        {"term": _("Resource code"), "text": body.get("code", ""), "kind": "code"},
        {"term": _("Class"), "text": class_title(body.get("code", ""))},
        {"term": _("Format"), "text": choice_title("format", body.get("format", "database"))},
        {"term": _("Items of information"), "text": str(len(body.get("table", {}).get("columns", ())))},
        {"term": _("Grade"), "text": choice_title("grade", dataset.grade)},
        {"term": _("Sharing"), "text": choice_title("sharing", dataset.sharing)},
        {"term": _("Way of sharing"), "text": choice_title("by", body.get("sharing", {}).get("by", "api"))},
        {"term": _("Opening"), "text": choice_title("opening", dataset.opening)},
        {"term": _("Published"), "text": body.get("published") or _("not given")},
        {"term": _("Related codes"), "text": "、".join(body.get("related", ())) or _("none")},
        {"term": _("Update"), "text": update_title(dataset.update)},
        {"term": "URN", "text": dataset.urn, "kind": "code"},
    ]
    if condition:
        terms.insert(9, {"term": _("Condition"), "text": str(Text(**condition))})
    opening = body.get("opening", {}).get("condition")
    if opening:
        terms.append({"term": _("Condition of opening"), "text": str(Text(**opening))})
    return {"terms": terms, "figures": _figures(dataset, latest), "synthetic": body.get("synthetic", False)}


def _figures(dataset: EntryRef, latest: SnapshotRef | None) -> list[Context]:
    if latest is None:
        return []
    base = f"/catalog/datasets/{dataset.id}"
    found = lake.quality(latest.urn)
    return [
        {"title": _("Rows"), "value": latest.rows, "format": "number", "url": f"{base}/sample"},
        {"title": _("Quality"), "value": round(found.score, 1), "format": "number", "url": f"{base}/quality"},
        {
            "title": pgettext("catalog", "Rows in quarantine"),
            "value": found.rows_quarantined,
            "format": "number",
            "url": f"{base}/quality",
        },
        {
            "title": _("Latest snapshot"),
            "value": f"#{latest.sequence}",
            "format": "text",
            "note": when(latest.committed_at),
            "url": f"{base}/snapshots",
        },
    ]


@_side("columns", "lake.view")
def columns(_request: HttpRequest, dataset: EntryRef) -> Context:
    contract = lake.contract(dataset.id)
    return {
        "table": tables.columns(contract),
        "rules": tables.rules(contract),
        "table_url": f"/catalog/versions/{history_of.table_of(dataset)}" if dataset.body.get("table") else "",
    }


@_side("sample", "lake.sample")
def sample(request: HttpRequest, dataset: EntryRef) -> Context:
    clear = bool(may(current(request), "lake.sample_clear", target(dataset)))
    shown = lake.sample(dataset.id, limit=SAMPLE, clear=clear)
    audit.record("lake.sample_clear" if clear else "lake.sample", dataset.urn, rows=len(shown.rows))
    contract = lake.contract(dataset.id)
    withheld = frozenset[tuple[int, str]]() if clear else few.sample(shown, dataset, contract)
    return {
        "table": tables.sample(shown, contract, withheld),
        "clear": clear,
        "few": bool(withheld),
    }


@_side("quality", "lake.view")
def quality(request: HttpRequest, dataset: EntryRef) -> Context:
    latest = lake.latest(dataset.id)
    if latest is None:
        return {"latest": None}
    found, contract = lake.quality(latest.urn), lake.contract(dataset.id)
    clear = not few.about_people(dataset, contract) or bool(
        may(current(request), "lake.sample_clear", target(dataset))
    )
    columns = few.profile(
        lake.profile(latest.urn), contract, clear=clear, counts=few.counts(dataset, contract)
    )
    return {
        "latest": latest,
        "dimensions": quality_tables.dimensions(found),
        "findings": quality_tables.findings(found),
        "profiled": quality_tables.profile(columns, latest.rows, contract),
        "guarded": not clear,
        "drifted": quality_tables.drift(few.drift(lake.drift(latest.urn), clear=clear)),
    }


@_side("snapshots", "lake.view")
def snapshots(_request: HttpRequest, dataset: EntryRef) -> Context:
    return {"table": tables.snapshots(lake.snapshots(dataset.id))}


@_side("lineage", "lake.view")
def lineage(_request: HttpRequest, dataset: EntryRef) -> Context:
    found = lake.lineage(dataset.id)
    return {
        "loads": tables.loads(found.loads),
        "reads": [_named(each) for each in found.reads],
        "read_by": [_named(each) for each in found.read_by],
    }


@_side("history", "catalog.view")
def history(request: HttpRequest, dataset: EntryRef) -> Context:
    versions = store.versions(dataset.urn)
    bodies = {each.version: each.body for each in versions}
    named = actor_titles() if current(request).is_authenticated else lambda _urn: ""
    return {"versions": [_told(each, bodies.get(each.version - 1), named(each.actor)) for each in versions]}


def _told(version: VersionRef, before: Mapping[str, Any] | None, by: str) -> Context:
    found = readable(Kind.DATASET, before, version.body) if before is not None else []
    return {
        "version": version,
        "by": by,
        "change": choice_title("change", version.change),
        "proof": f"/id/{ledger.entry_urn(version.log_entry)}",
        "differences": found,
        "table": tables.differences(version, found),
    }


def _named(table: str) -> dict[str, str]:
    title = next((str(each.title) for each in store.entries(Kind.DATASET, local=table)), table)
    return {"title": title, "url": f"/catalog/datasets/{table}"}


def _frame(request: HttpRequest, dataset: EntryRef, side: str) -> Context:
    actor = current(request)
    base = f"/catalog/datasets/{dataset.id}"
    tabs = [
        {"label": label, "url": f"{base}/{name}" if name else base, "current": name == side}
        for name, label in SIDES
        if may(actor, _SIDE_ACTIONS[name], target(dataset))
    ]
    return {
        "dataset": dataset,
        "tabs": tabs,
        "crumbs": [Crumb(_("Catalog"), "/catalog"), Crumb(dataset.title)],
        "may_load": bool(may(actor, "lake.load", target(dataset))),
        "may_edit": bool(may(actor, "catalog.edit", target(dataset))),
        "edit_url": f"/catalog/edit/{dataset.urn}",
        "versions_url": f"/catalog/versions/{dataset.urn}",
        "load_url": f"/lake/load?table={dataset.id}",
        "offers": offers.of(request, dataset),
    }


urlpatterns = [
    path("catalog/datasets/<slug:local>", overview, name="catalog-dataset"),
    path("catalog/datasets/<slug:local>/columns", columns, name="catalog-columns"),
    path("catalog/datasets/<slug:local>/sample", sample, name="catalog-sample"),
    path("catalog/datasets/<slug:local>/quality", quality, name="catalog-quality"),
    path("catalog/datasets/<slug:local>/snapshots", snapshots, name="catalog-snapshots"),
    path("catalog/datasets/<slug:local>/lineage", lineage, name="catalog-lineage"),
    path("catalog/datasets/<slug:local>/history", history, name="catalog-history"),
]
