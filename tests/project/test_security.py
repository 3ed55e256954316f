"""The web side as an attacker meets it: every address asks for leave, every answer carries its headers."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, include
from django.urls import path as address
from ninja import NinjaAPI

from hutong.accounts import calls
from hutong.accounts.address import client_address, from_this_machine
from hutong.accounts.api import ACTIONS, current, declared_action, requires
from hutong.kernel.errors import HutongError
from hutong.project.api import api
from tests.accounts.conftest import *  # noqa: F403 - its people and organisations
from tests.accounts.conftest import SignIn

# Views that cannot declare an action, each with what keeps them.
ELSEWHERE = {
    "django.contrib.admin": "HutongAdmin.has_permission asks for admin.use",
    "hutong.accounts.adminsite": "leads on to the sign-in and the password page of everyone",
    "hutong.ui.pages": "lies below accounts; the gallery asks ui.may, the switches are for everyone",
}
NINJA_ROOT = "api-root"


def addresses(patterns: list[Any] | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, before + str(each.pattern))
        else:
            yield before + str(each.pattern), each


def module_of(view: Any) -> str:
    while hasattr(view, "func"):
        view = view.func
    if hasattr(view, "model_admin") or hasattr(view, "admin_site"):
        return "django.contrib.admin"
    return str(view.__module__)


def operations(found: NinjaAPI) -> Iterator[tuple[str, Any]]:
    for prefix, router in found._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{','.join(operation.methods)} {prefix}{path}", operation.view_func


def kept_elsewhere(pattern: URLPattern) -> bool:
    return module_of(pattern.callback).startswith(tuple(ELSEWHERE))


def test_every_address_declares_the_action_it_needs():
    bare = [
        route
        for route, pattern in addresses()
        if declared_action(pattern.callback) not in ACTIONS
        and not kept_elsewhere(pattern)
        and module_of(pattern.callback) != "ninja.operation"
        and pattern.name != NINJA_ROOT
    ]
    assert bare == [], "guard them with @requires (hutong.accounts.api)"


def test_every_operation_of_the_interface_declares_the_action_it_needs():
    bare = [name for name, view in operations(api) if declared_action(view) not in ACTIONS]
    assert bare == [], "guard them with @requires (hutong.accounts.api), below the router's decorator"


def test_what_is_kept_elsewhere_is_really_kept(db: None):
    client = Client(headers={"accept": "text/html"})
    for route, pattern in addresses():
        if module_of(pattern.callback).startswith("django.contrib.admin"):
            path = "/" + route.replace("<path:object_id>", "1").replace("<int:content_type_id>", "1")
            path = path.replace("<path:object_id>", "1").replace("^", "").replace("(?P<url>.*)$", "x")
            path = path.replace("(?P<app_label>accounts|axes|kernel)/$", "accounts/")
            answer = client.get(path)
            assert answer.status_code in {302, 404}, path
            if answer.status_code == 302:
                assert answer.headers["Location"].startswith(("/account/login", "/admin/login", "/admin/")), (
                    path
                )


def plain_paths() -> list[str]:
    """Addresses without parameters, and one that is not there."""
    found = ["/" + route for route, _pattern in addresses() if not set(route) & set("<^(")]
    return sorted({*found, "/no-such-page", "/id/urn:hutong:x:y:z", "/static/no-such.css"})


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("role", ["public", "administrator"])
def test_every_answer_carries_its_headers(role: str, signed_in: Callable[[str], Client]):
    client = signed_in(role)
    for path in plain_paths():
        answer = client.get(path)
        assert answer.status_code < 500, path
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, (path, name)
        assert "camera=()" in answer.headers["Permissions-Policy"], path
        policy = dict(
            part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == "'none'", path
        assert policy["script-src"] == "'self'", path
        assert policy["style-src"] == "'self'", path
        assert policy["worker-src"] == "'self' blob:", path
        assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'", path
        assert policy["form-action"] == "'self'", path
        assert not {"unsafe-inline", "unsafe-eval", "http:", "https:", "*"} & set(
            answer.headers["Content-Security-Policy"].replace("'", " ").split()
        )


def test_no_page_has_anything_inline(signed_in: Callable[[str], Client]):
    client = signed_in("administrator")
    for path in plain_paths():
        answer = client.get(path)
        if answer.headers.get("Content-Type", "").startswith("text/html") and not path.startswith("/admin/"):
            page = answer.content.decode().lower()
            for wrong in (" style=", " onclick=", " onload=", "javascript:", "<style"):
                assert wrong not in page, (path, wrong)
            for script in page.split("<script")[1:]:
                opening = script.partition(">")[0]
                assert "src=" in opening or "application/json" in opening, (path, opening)


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "127.0.0.1:80@elsewhere.example"]
)
def test_another_host_name_is_refused(db: None, host: str, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert Client(headers={"host": host}).get("/account/login").status_code == 400
    assert Client(headers={"host": "127.0.0.1:8000"}).get("/account/login").status_code == 200


def test_a_forwarded_host_is_not_believed(db: None):
    answer = Client(headers={"x-forwarded-host": "elsewhere.example"}).get(
        "/account", headers={"accept": "text/html"}
    )
    assert answer.headers["Location"].startswith("/account/login")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        ("0", "", "10.0.0.9"),
        ("0", "1.2.3.4", "10.0.0.9"),
        ("1", "1.2.3.4", "1.2.3.4"),
        ("1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("2", "6.6.6.6, 1.2.3.4, 10.0.0.8", "1.2.3.4"),
        ("2", "1.2.3.4", "1.2.3.4"),
        ("1", "<script>", None),
        ("1", "", None),
    ],
)
def test_only_our_own_proxies_are_believed(
    proxies: str, forwarded: str, found: str | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HUTONG_TRUSTED_PROXIES", proxies)
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == found


def test_metrics_are_for_this_machine_or_those_who_may(signed_in: Callable[[str], Client]):
    assert Client().get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="10.0.0.9").get("/metrics").status_code == 403
    proxied = Client(headers={"x-forwarded-for": "10.0.0.9"})
    assert proxied.get("/metrics").status_code == 403
    operator = signed_in("operator")
    assert operator.get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 200
    assert not from_this_machine(RequestFactory().get("/", REMOTE_ADDR="10.0.0.9"))


def test_interfaces_have_a_rate(
    db: None, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[[str], Client]
):
    monkeypatch.setenv("HUTONG_API_RATE", "5/min")
    calls.forget()
    public = Client()
    answers = [public.get("/api/openapi.json") for _ in range(6)]
    assert [each.status_code for each in answers] == [200] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].json()["code"] == "accounts.too-often"
    assert "frame-ancestors" in answers[-1].headers["Content-Security-Policy"]
    assert signed_in("leader").get("/api/openapi.json").status_code == 200, "a person is counted apart"
    assert public.get("/account/login").status_code == 200, "pages are not interfaces"


def changing(request: HttpRequest) -> dict[str, str]:
    return {"by": current(request).urn}


class Interface:
    """Addresses of a test: an interface that changes something."""

    api = NinjaAPI(urls_namespace="csrf-test")
    api.exception_handler(HutongError)(
        lambda _request, error: JsonResponse(error.as_dict(), status=error.status)
    )
    api.post("/change")(requires("account.own")(changing))
    urlpatterns: ClassVar[list[Any]] = [
        address("api/", api.urls),
        address("account/", include("hutong.accounts.pages")),
    ]


def test_an_interface_that_changes_things_needs_the_token_of_a_form(
    signed_in: Callable[[str], Client], settings: Any
):
    """Ninja exempts its views; a session must not be ridden through them."""
    person = signed_in("leader")
    settings.ROOT_URLCONF = Interface
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = person.cookies
    refused = careful.post("/api/change", headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (403, "ui.stale-form")
    secret = "a" * 32
    careful.cookies["hutong-csrf"] = secret
    forged = careful.post("/api/change", headers={"x-csrftoken": "b" * 32})
    assert forged.status_code == 403
    meant = careful.post("/api/change", headers={"x-csrftoken": secret})
    assert meant.json() == {"by": "urn:hutong:beijing-dongcheng:person:leader"}


def test_only_the_interface_is_exempt_from_the_middleware_for_tokens():
    exempt = {
        path
        for path, pattern in addresses()
        if getattr(pattern.callback, "csrf_exempt", False)
        and module_of(pattern.callback) != "ninja.operation"
    }
    assert exempt == {"api/3/action/<slug:name>", "api/action/<slug:name>"}


def test_a_cookie_alone_opens_nothing_of_the_action_interface(signed_in: SignIn):
    """It is exempt from tokens because it knows people by their key only."""
    answer = signed_in("data_office").post(
        "/api/3/action/package_create", {"name": "x"}, content_type="application/json"
    )
    assert answer.status_code == 403
    assert answer.json()["error"]["__type"] == "Authorization Error"


def _settings(**environment: str) -> dict[str, Any]:
    names = [
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME",
        "SECURE_HSTS_SECONDS", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "DEBUG", "SESSION_COOKIE_AGE",
    ]  # fmt: skip
    told = f"print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    code = f"import json; from django.conf import settings as s; {told}"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_over_https_cookies_are_bound_to_it():
    found = _settings(HUTONG_HTTPS="1")
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["CSRF_COOKIE_SECURE"] is True
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["DEBUG"] is False


def test_without_https_nothing_pretends(settings):
    assert settings.SESSION_COOKIE_SECURE is False
    assert settings.SESSION_COOKIE_NAME == "hutong"
    assert settings.SECURE_HSTS_SECONDS == 0


def test_passwords_are_hashed_with_a_memory_hard_function():
    code = "from django.contrib.auth.hashers import make_password; print(make_password('x'))"
    ran = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert ran.stdout.startswith("scrypt$")
