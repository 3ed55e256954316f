"""Liveness, readiness and metrics."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from hutong.accounts.api import allow, current, from_this_machine, requires
from hutong.kernel.settings import home


@requires("site.open")
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@requires("site.open")
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers and the home can be written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    writable = home().is_dir()
    return JsonResponse(
        {"database": "ok", "home": "ok" if writable else "missing"}, status=200 if writable else 503
    )


@requires("site.open")
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics of this process, for a scraper on this machine or whoever may read them."""
    if not from_this_machine(request):
        allow(current(request), "metrics.view")
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
