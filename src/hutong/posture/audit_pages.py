"""The audit trail: its seals, and the export of a period with its proof."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hutong.accounts.api import Target, allow, current, requires
from hutong.kernel import clock
from hutong.posture import asked, seals
from hutong.posture.errors import BadPeriod
from hutong.posture.models import SealRow
from hutong.ui.api import Crumb, when


@require_safe
@requires("audit.view")
def audit_export(request: HttpRequest) -> HttpResponse:
    """Seals of the audit trail, and the form of an export."""
    allow(current(request), "audit.view", Target(kind="audit"))
    rows = SealRow.objects.order_by("-last")[: asked.SIZE]
    today = clock.today()
    context = {
        "since": (today - timedelta(days=30)).isoformat(),
        "until": today.isoformat(),
        "seals": {
            "caption": _("Latest seals"),
            "columns": [
                {"key": "records", "title": _("Records")},
                {"key": "count", "title": _("How many records"), "kind": "number"},
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
        "crumbs": [asked.crumb(), Crumb(_("Export of the audit trail"))],
    }
    return render(request, "posture/audit.html", context)


@require_safe
@requires("audit.view")
def audit_file(request: HttpRequest) -> StreamingHttpResponse:
    """The ZIP of a period, with its proof."""
    actor = current(request)
    allow(actor, "audit.view", Target(kind="audit"))
    since, until = (asked.day(request.GET.get(name, "")) for name in ("since", "until"))
    if since is None or until is None:
        raise BadPeriod(since="?", until="?", days=seals.MOST_DAYS)
    name, body = seals.export(actor, since, until)
    response = StreamingHttpResponse(body, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("posture/audit", audit_export, name="posture-audit"),
    path("posture/audit/export", audit_file, name="posture-audit-export"),
]
