"""What every request passes: demo mode's border, rates, session ages, the acting person, last headers."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.access import current, declared_action, forget
from hutong.accounts.address import client_address
from hutong.accounts.binding import is_loopback
from hutong.accounts.errors import DemoExposed, TooOften
from hutong.accounts.logic.ages import Ages, is_over
from hutong.accounts.models import Person
from hutong.accounts.sessions import SEEN, STARTED
from hutong.accounts.throttle import Throttle, whose
from hutong.kernel import clock
from hutong.kernel.audit import Origin
from hutong.kernel.audit import acting as acting_as
from hutong.kernel.errors import HutongError
from hutong.kernel.settings import demo, value

Answer = Callable[[HttpRequest], HttpResponse]
INTERFACES: Final = (
    "/api/",
    "/ogc/",
    "/dcat/",
    "/ngsi-ld/",
    "/open311/",
    "/ledger/tile/",
    "/ledger/checkpoint",
)
UNCOUNTED: Final = "none"
FREE: Final = {"site.open", "account.own"}
FIRST: Final = "/"
_TOUCH_SECONDS: Final = 60
_PERMISSIONS: Final = ", ".join(
    f"{each}=()"
    for each in (
        "accelerometer",
        "camera",
        "display-capture",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
        "midi",
    )
)


def border(get_response: Answer) -> Answer:
    """In demo mode answer this machine alone; always send the headers Django has no switch for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        remote = str(request.META.get("REMOTE_ADDR", ""))
        if demo() and not is_loopback(remote) and not value("HUTONG_DEMO_IN_PUBLIC"):
            return _told(DemoExposed(host=remote))
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def rates(get_response: Answer) -> Answer:
    """Bound how often one person or address calls the interfaces."""

    def middleware(request: HttpRequest) -> HttpResponse:
        rate = str(value("HUTONG_API_RATE"))
        if rate != UNCOUNTED and request.path.startswith(INTERFACES):
            throttle = Throttle("interfaces", rate, whose(request))
            if not throttle.allow_request(request):
                response = _told(TooOften(seconds=throttle.seconds()))
                response.headers["Retry-After"] = str(throttle.seconds())
                return response
        return get_response(request)

    return middleware


class sessions:  # noqa: N801 - Django names middleware in lower case where it is used as a function
    """End sessions that were idle or have lasted too long; hold people to a password they were asked to change."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            self._age(request)
        response = self.get_response(request)
        if SESSION_KEY in request.session and response.headers.get("Content-Type", "").startswith(
            "text/html"
        ):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Any, _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        person = request.user if isinstance(request.user, Person) else None
        if person is None or not person.must_change_password:
            return None
        if declared_action(view) in FREE and request.path_info != FIRST:
            return None
        return HttpResponseRedirect(reverse("accounts:password"))

    def _age(self, request: HttpRequest) -> None:
        now = clock.now().timestamp()
        ages = Ages(started=request.session.get(STARTED), seen=request.session.get(SEEN), now=now)
        if is_over(ages, int(value("HUTONG_SESSION_IDLE_MINUTES")), int(value("HUTONG_SESSION_HOURS"))):
            logout(request)
            forget(request)
            messages.info(request, _("You were signed out because the session ran out. Sign in again."))
        elif now - float(ages.seen or 0) >= _TOUCH_SECONDS:
            request.session[SEEN] = now
            Person.objects.filter(pk=request.session[SESSION_KEY]).update(last_seen=clock.now())


def acting(get_response: Answer) -> Answer:
    """Audit records made while answering carry who asked and from where."""

    def middleware(request: HttpRequest) -> HttpResponse:
        actor = current(request)
        with acting_as(Origin(actor.urn, actor.organisation, client_address(request))):
            return get_response(request)

    return middleware


def _told(error: HutongError) -> JsonResponse:
    return JsonResponse(
        error.as_dict(),
        status=error.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
