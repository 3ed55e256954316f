"""What the page frame needs to know, asked of those who know it.

``ui`` lies below packs, accounts and the ledger, so these hand in functions with ``provide`` when they start.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings as django_settings
from django.http import HttpRequest
from django.utils.translation import gettext

from hutong import __version__
from hutong.kernel import settings
from hutong.kernel.language import choose
from hutong.kernel.text import Text
from hutong.ui import nav
from hutong.ui.theme import is_wall, theme_of
from hutong.ui.types import Chrome, Shout, Viewer


@dataclass(frozen=True, slots=True)
class Providers:
    """Functions of the capabilities that know; the defaults serve an installation without them."""

    district: Callable[[], Text] = lambda: Text(zh="", en="")
    viewer: Callable[[HttpRequest], Viewer] = lambda _request: Viewer()
    may: Callable[[HttpRequest, str], bool] = lambda _request, _action: django_settings.DEBUG
    log_size: Callable[[], int | None] = lambda: None
    shouts: Callable[[HttpRequest], Sequence[Shout]] = lambda _request: ()


_providers = Providers()


def provide(**functions: Callable[..., Any]) -> None:
    """Hand in any of ``district``, ``viewer``, ``may``, ``log_size``, ``shouts`` (``Providers`` has their shapes)."""
    global _providers  # noqa: PLW0603 - set once each while the applications start
    _providers = replace(_providers, **functions)


def may(request: HttpRequest, action: str) -> bool:
    """Whether whoever asks may do ``action``."""
    return _providers.may(request, action)


def first_place(request: HttpRequest) -> str:
    """The path of the first entry of the navigation that whoever asks may open; the ledger is open to all."""
    return next(
        each.url for each in nav.entries(lambda action: may(request, action)) if each.url != request.path
    )


def chrome(request: HttpRequest) -> Chrome:
    """The frame around the page that answers ``request``."""
    return Chrome(
        product=gettext("Hutong"),
        district=str(_providers.district()),
        entries=nav.entries(lambda action: may(request, action)),
        current=nav.current(request.path),
        viewer=_providers.viewer(request),
        language=choose(request),
        theme=theme_of(request),
        wall=is_wall(request),
        demo=settings.demo(),
        version=__version__,
        log_size=_providers.log_size(),
        path=request.get_full_path(),
        shouts=tuple(_providers.shouts(request)),
    )


def page(request: HttpRequest) -> dict[str, Any]:
    """Template context processor."""
    return chrome(request).as_context()
