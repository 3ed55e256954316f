"""The audit trail, for auditors: to look through and to take away."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from hutong.accounts.access import requires
from hutong.accounts.forms import TrailForm, shown
from hutong.accounts.models import Person
from hutong.accounts.pages.frame import page_number
from hutong.kernel import audit, clock, deeds, details
from hutong.kernel.models import AuditRecord

SIZE: Final = 50
COLUMNS: Final = ("at", "actor", "organisation", "action", "subject", "address", "detail")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@requires("audit.view")
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The newest records first, by who, action, object and day."""
    form, found = _asked(request)
    page = page_number(request)
    slice_ = list(found[(page - 1) * SIZE : page * SIZE + 1])
    query = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    names = {each.urn: str(each.name) for each in Person.objects.all()}
    names |= {"system": pgettext("audit", "The system"), "anonymous": pgettext("audit", "Not signed in")}
    table = {
        "caption": _("Audit trail"),
        "columns": [
            {"key": "at", "title": _("Time")},
            {"key": "actor", "title": _("Who")},
            {"key": "action", "title": _("Action")},
            {"key": "subject", "title": _("Object")},
            {"key": "address", "title": _("Address")},
            {"key": "detail", "title": _("Detail")},
        ],
        "rows": [_row(each, names) for each in slice_[:SIZE]],
        "empty": _("No record matches. Drop a condition."),
        "dense": True,
    }
    context = {
        "fields": shown(form),
        "table": table,
        "pager": {"page": page, "size": SIZE, "more": len(slice_) > SIZE, "query": query},
        "query": urlencode(query),
    }
    return render(request, "accounts/audit.html", context, status=422 if form.errors else 200)


@requires("audit.view")
@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The records asked for as CSV, oldest first; cells cannot act as formulas."""
    return _download(_csv(_export(request, "csv")), "text/csv; charset=utf-8", "audit.csv")


@requires("audit.view")
@require_safe
def as_ndjson(request: HttpRequest) -> StreamingHttpResponse:
    """The records asked for as one JSON object a line, oldest first."""
    lines = (json.dumps(_plain(each), ensure_ascii=False) + "\n" for each in _export(request, "ndjson"))
    return _download(lines, "application/x-ndjson", "audit.ndjson")


def _csv(records: Iterator[AuditRecord]) -> Iterator[str]:
    lines = csv.writer(_Echo())
    yield "\ufeff" + lines.writerow(COLUMNS)
    for each in records:
        yield lines.writerow([_harmless(value) for value in _flat(each).values()])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _asked(request: HttpRequest) -> tuple[TrailForm, QuerySet[AuditRecord]]:
    actions = list(AuditRecord.objects.order_by("action").values_list("action", flat=True).distinct())
    form = TrailForm(request.GET or {}, actions=actions)
    found = AuditRecord.objects.all()
    if not form.is_valid():
        return form, found.none()
    given = form.cleaned_data
    if given["actor"]:
        urns = [each.urn for each in Person.objects.filter(name_zh__contains=given["actor"])]
        found = found.filter(actor__in=urns) if urns else found.filter(actor__icontains=given["actor"])
    if given["action"]:
        found = found.filter(action=given["action"])
    if given["subject"]:
        found = found.filter(subject__icontains=given["subject"])
    if given["since"]:
        found = found.filter(at__gte=datetime.combine(given["since"], time(), clock.SHANGHAI))
    if given["until"]:
        found = found.filter(
            at__lt=datetime.combine(given["until"] + timedelta(days=1), time(), clock.SHANGHAI)
        )
    return form, found


def _export(request: HttpRequest, kind: str) -> Iterator[AuditRecord]:
    """The rows as of now; the export itself is a record, made before the first row leaves."""
    _form, found = _asked(request)
    last = AuditRecord.objects.values_list("id", flat=True).first() or 0
    audit.record("audit.export", "audit", format=kind, query=request.META.get("QUERY_STRING", "")[:500])
    return found.filter(id__lte=last).order_by("id").iterator(chunk_size=2000)


def _download(lines: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _plain(each: AuditRecord) -> dict[str, Any]:
    return {name: getattr(each, name) for name in COLUMNS} | {"at": each.at.isoformat()}


def _flat(each: AuditRecord) -> dict[str, str]:
    plain = _plain(each)
    plain["detail"] = json.dumps(each.detail, ensure_ascii=False) if each.detail else ""
    return {name: str(value or "") for name, value in plain.items()}


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(each: AuditRecord, names: dict[str, str]) -> dict[str, Any]:
    exact = json.dumps(each.detail, ensure_ascii=False)[:2000]
    return {
        "at": f"{clock.local(each.at):%Y-%m-%d %H:%M:%S}",
        "actor": {"text": names.get(each.actor, each.actor), "title": each.actor},
        "action": {"text": deeds.title(each.action), "title": each.action},
        "subject": {
            "text": names.get(each.subject, each.subject.rpartition(":")[2]),
            "url": _link(each.subject),
        },
        "address": each.address or "—",
        "detail": {"text": details.told(each.detail), "title": exact} if each.detail else "—",
    }


def _link(subject: str) -> str | None:
    return f"/id/{subject}" if subject.startswith("urn:hutong:") else None
