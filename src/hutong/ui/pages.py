"""Pages of the design system: the switches of language and appearance, and the gallery of components."""

from collections.abc import Collection
from typing import Any

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render as render_page
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from hutong.kernel import settings
from hutong.kernel.language import COOKIE as LANGUAGE_COOKIE
from hutong.kernel.language import LANGUAGES
from hutong.ui import theme
from hutong.ui.components import Component, component, components, example_data, render
from hutong.ui.context import chrome, may
from hutong.ui.errors import NotAllowed
from hutong.ui.types import Crumb

YEAR = 365 * 24 * 3600


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the reader's language in a cookie and go back to where they were."""
    return _remember(request, LANGUAGE_COOKIE, request.POST.get("language", ""), LANGUAGES)


@require_POST
def switch_theme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's appearance in a cookie and go back to where they were."""
    return _remember(request, theme.COOKIE, request.POST.get("theme", ""), theme.THEMES)


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """All components."""
    _allow(request)
    cards = [
        {"title": each.title.text, "url": f"/ui/{each.name}", "text": each.purpose.text, "meta": each.name}
        for each in components().values()
    ]
    return render_page(request, "ui/gallery.html", {"cards": cards})


@require_GET
def gallery_component(request: HttpRequest, name: str) -> HttpResponse:
    """One component: its examples, how they are written, its options."""
    _allow(request)
    spec = component(name)
    frame = {"csrf_token": get_token(request), "chrome": chrome(request), "request": request}
    examples = [
        {
            "title": each.title.text,
            "call": spec.call(each),
            "html": render(
                name, example_data(each.data), str(each.content.text) if each.content else None, **frame
            ),
        }
        for each in spec.examples
    ]
    context = {
        "name": name,
        "title": spec.title.text,
        "purpose": spec.purpose.text,
        "examples": examples,
        "options": _options_table(spec),
        "crumbs": [Crumb(gettext("Components"), "/ui"), Crumb(spec.title.text)],
    }
    return render_page(request, "ui/gallery_component.html", context)


def _options_table(spec: Component) -> dict[str, Any]:
    rows = [
        (key, option.type, option.required, ", ".join(option.choices), option.doc.text)
        for key, option in spec.options.items()
    ]
    columns = [
        {"key": "name", "title": gettext("Option"), "kind": "code"},
        {"key": "type", "title": gettext("Type")},
        {"key": "required", "title": gettext("Required")},
        {"key": "choices", "title": gettext("Choices")},
        {"key": "doc", "title": gettext("Meaning")},
    ]
    return {"caption": gettext("Options"), "columns": columns, "rows": rows}


def _allow(request: HttpRequest) -> None:
    """The gallery is for those who build pages: in demo and development, or with the permission."""
    if not (settings.demo() or django_settings.DEBUG or may(request, "ui.gallery")):
        raise NotAllowed


def _remember(request: HttpRequest, cookie: str, choice: str, choices: Collection[str]) -> HttpResponse:
    wanted = request.POST.get("next", "/")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response: HttpResponse = HttpResponseRedirect(wanted if here else "/")
    if choice in choices:
        response.set_cookie(
            cookie, choice, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return response


urlpatterns = [
    path("language", switch_language, name="language"),
    path("theme", switch_theme, name="theme"),
    path("ui", gallery, name="gallery"),
    path("ui/<slug:name>", gallery_component, name="gallery-component"),
]
