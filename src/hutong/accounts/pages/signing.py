"""Signing in and out."""

from typing import Any, Final

from django.contrib.auth import login, logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from hutong.accounts import demo_people
from hutong.accounts.access import requires
from hutong.accounts.backend import DEMO_PASSWORD, normal_login
from hutong.accounts.demo_people import NotDemo
from hutong.accounts.errors import LockedOut, NoPerson, TooOften
from hutong.accounts.forms import SignInForm, shown
from hutong.accounts.lockout import PAUSE
from hutong.accounts.models import Person
from hutong.accounts.pages.frame import organisation_titles
from hutong.accounts.pages.own import speaking
from hutong.accounts.throttle import Throttle, address
from hutong.accounts.types import Role
from hutong.ui.api import error_page

BACKEND: Final = "hutong.accounts.backend.PersonBackend"
PER_ADDRESS: Final = "30/min"
PER_LOGIN: Final = "60/hour"


class _SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _slow_down(request, normal_login(request.POST.get("username")))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        person: Person = form.get_user()
        answer = super().form_valid(form)
        return answer if person.locale == "zh-hans" else speaking(person, answer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        people = demo_people.everyone()
        titles = organisation_titles()
        return {
            **context,
            "fields": shown(form),
            "problem": " ".join(form.non_field_errors()),
            "demo_people": [
                {
                    "login": each.login,
                    "name": str(each.name),
                    "roles": "、".join(str(Role(role).label) for role in sorted(each.roles)),
                    "organisation": titles.get(each.organisation, ""),
                }
                for each in people
            ],
            "demo_password": DEMO_PASSWORD if people else "",
        }


sign_in = requires("site.open")(_SignIn.as_view())


@requires("site.open")
@never_cache
@csrf_protect
@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo person with one click; there is no such thing outside demo mode."""
    known = {each.login for each in demo_people.everyone()}
    if not known:
        raise NotDemo
    wanted = normal_login(request.POST.get("person"))
    _slow_down(request, wanted)
    if wanted not in known:
        raise NoPerson(login=wanted[:60])
    login(request, Person.objects.get(login=wanted), backend=BACKEND)
    return HttpResponseRedirect(_next(request))


@requires("site.open")
@never_cache
@csrf_protect
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, here and on the server."""
    logout(request)
    return HttpResponseRedirect(reverse("accounts:sign-in"))


def locked_out(request: HttpRequest, *_rest: Any) -> HttpResponse:
    """What django-axes answers once a name has failed too often from an address."""
    seconds = round(PAUSE.total_seconds())
    response = error_page(request, LockedOut(minutes=seconds // 60))
    response.headers["Retry-After"] = str(seconds)
    return response


def _slow_down(request: HttpRequest, name: str) -> None:
    for purpose, rate, key in (("sign-in", PER_ADDRESS, address(request)), ("name", PER_LOGIN, name[:60])):
        throttle = Throttle(purpose, rate, key)
        if not throttle.allow_request(request):
            raise TooOften(seconds=throttle.seconds())


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: a path of this site, or the first page."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"
