"""Organisations, and the table of who may do what."""

from typing import Final

from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hutong.accounts.access import requires
from hutong.accounts.logic import matrix
from hutong.accounts.models import Organisation
from hutong.accounts.pages.frame import page_number
from hutong.accounts.types import Role
from hutong.kernel.errors import NotFound
from hutong.kernel.text import Text
from hutong.packs import api as packs
from hutong.ui.api import Crumb

SIZE: Final = 50
KINDS: Final = {
    "government": Text(zh="政府", en="Government"),
    "bureau": Text(zh="部门", en="Bureau"),
    "institution": Text(zh="机构", en="Institution"),
    "subdistrict": Text(zh="街道", en="Subdistrict"),
    "area-office": Text(zh="地区办事处", en="Area office"),
    "community": Text(zh="社区", en="Community"),
    "enterprise-group": Text(zh="企业集团", en="Enterprise group"),
}


@requires("organisation.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Organisations by kind and words in their titles, the nearest to the top first."""
    words, kind, page = request.GET.get("q", "").strip(), request.GET.get("kind", ""), page_number(request)
    found = Organisation.objects.filter(active=True).select_related("parent")
    if kind:
        found = found.filter(kind=kind)
    if words:
        found = found.filter(
            Q(title_zh__icontains=words) | Q(title_en__icontains=words) | Q(id__icontains=words)
        )
    order = Case(*(When(kind=each, then=place) for place, each in enumerate(KINDS)), default=len(KINDS))
    rows = found.order_by(order, "division", "id")[(page - 1) * SIZE : page * SIZE]
    table = {
        "caption": _("Organisations"),
        "columns": [
            {"key": "title", "title": _("Name")},
            {"key": "kind", "title": _("Kind")},
            {"key": "parent", "title": _("Part of")},
            {"key": "division", "title": _("Division code"), "kind": "code"},
        ],
        "rows": [_row(each) for each in rows],
        "empty": _("No organisations yet; install a district pack."),
    }
    choices = [{"value": each, "label": str(title)} for each, title in KINDS.items()]
    filters = {
        "label": _("Search organisations"),
        "value": words,
        "clear": reverse("accounts:organisations"),
        "selects": [
            {
                "name": "kind",
                "label": _("Kind"),
                "value": kind,
                "choices": [{"value": "", "label": _("All kinds")}, *choices],
            }
        ],
    }
    pager = {"page": page, "size": SIZE, "total": found.count(), "query": {"q": words, "kind": kind}}
    return render(
        request, "accounts/organisations.html", {"table": table, "filters": filters, "pager": pager}
    )


@requires("organisation.view")
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One organisation: what it is part of, what is part of it."""
    found = Organisation.objects.select_related("parent").filter(pk=name).first()
    if found is None:
        raise NotFound(what=name)
    parent = found.parent
    facts = [
        {"term": _("Kind"), "text": _kind(found)},
        {"term": _("Abbreviation"), "text": str(found.abbreviation) or "—"},
        {"term": _("Division code"), "text": found.division or "—", "kind": "code"},
        {
            "term": _("Part of"),
            "text": str(parent.title) if parent else "—",
            "url": reverse("accounts:organisation", args=[parent.pk]) if parent else None,
        },
        {"term": _("Source"), "text": str(packs.cite(packs.installed(), found.reference)) or "—"},
        {"term": _("Identifier"), "text": found.urn, "kind": "code"},
    ]
    table = {
        "caption": _("Parts"),
        "columns": [{"key": "title", "title": _("Name")}, {"key": "kind", "title": _("Kind")}],
        "rows": [_row(each) for each in found.children.filter(active=True)],
    }
    crumbs = [Crumb(_("Organisations"), reverse("accounts:organisations")), Crumb(found.title)]
    context = {"organisation": found, "facts": facts, "table": table, "crumbs": crumbs}
    return render(request, "accounts/organisation.html", context)


@requires("account.own")
@require_safe
def permissions(request: HttpRequest) -> HttpResponse:
    """The policy, as it is in force."""
    table = {
        "caption": _("Who may do what"),
        "columns": [
            {"key": "action", "title": _("Action")},
            *({"key": role.value, "title": str(role.label)} for role in Role),
        ],
        "rows": [
            {
                "action": str(row.action.title),
                **{role.value: str(cell.said) if cell else "—" for role, cell in row.cells.items()},
            }
            for row in matrix.rows()
        ],
        "dense": True,
    }
    return render(request, "accounts/permissions.html", {"table": table})


def _kind(each: Organisation) -> str:
    return str(KINDS.get(each.kind, each.kind))


def _row(each: Organisation) -> dict[str, object]:
    return {
        "title": {"text": str(each.title), "url": reverse("accounts:organisation", args=[each.pk])},
        "kind": _kind(each),
        "parent": str(each.parent.title) if each.parent else "—",
        "division": each.division or "—",
    }
