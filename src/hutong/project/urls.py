"""Every address of the system, capability by capability."""

from importlib import import_module

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, path
from django.utils.module_loading import module_has_submodule

from hutong.project import health, identifiers, operations
from hutong.project.api import api

Patterns = list[URLPattern | URLResolver]


def _of(capability: str) -> Patterns:
    """``urlpatterns`` of the capability's pages and endpoints, where it has them."""
    package = import_module(f"hutong.{capability}")
    found: Patterns = []
    for part in ("pages", "endpoints"):
        if module_has_submodule(package, part):
            found += getattr(import_module(f"hutong.{capability}.{part}"), "urlpatterns", [])
    return found


urlpatterns: Patterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("operations", operations.page, name="operations"),
    path("id/<path:text>", identifiers.follow),
    path("api/", api.urls),
    path("admin/", admin.site.urls),
]
for each in [*settings.CAPABILITIES, "demo"]:
    urlpatterns += _of(each)

handler400 = "hutong.ui.errors.bad_request"
handler403 = "hutong.ui.errors.forbidden"
handler404 = "hutong.ui.errors.not_found"
handler500 = "hutong.ui.errors.broken"
