"""The ways between the pages of the catalog."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from hutong.accounts.api import Target, current, may

_WAYS = (
    ("/catalog", gettext_lazy("Catalog"), "catalog.view"),
    ("/catalog/systems", gettext_lazy("Systems"), "catalog.view"),
    ("/catalog/news", gettext_lazy("What is new"), "catalog.view"),
    ("/catalog/new", gettext_lazy("New entry"), "catalog.edit"),
    ("/catalog/closure", gettext_lazy("Closure"), "catalog.view"),
    ("/catalog/grading", gettext_lazy("Grading"), "catalog.grade"),
    ("/catalog/proposals", gettext_lazy("Proposals"), "catalog.cosign"),
    ("/catalog/import", gettext_lazy("Workbook"), "catalog.edit"),
    ("/catalog/docking", gettext_lazy("Docking"), "catalog.dock"),
)
_OPEN = {"/catalog", "/catalog/systems"}


def tabs(request: HttpRequest, present: str) -> list[dict[str, Any]]:
    """Those that the reader may go."""
    actor = current(request)
    return [
        {"label": label, "url": url, "current": url == present}
        for url, label, action in _WAYS
        if url in _OPEN
        or (may(actor, action) if action != "catalog.view" else may(actor, action, Target(kind="closure")))
    ]
