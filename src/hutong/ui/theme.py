"""Light, dark or as the device prefers; and the wall mode for large screens (``?wall=1``)."""

from typing import Final

from django.http import HttpRequest

COOKIE: Final = "hutong_theme"
THEMES: Final = ("auto", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """What the page's ``data-theme`` says."""
    if is_wall(request):
        return "wall"
    chosen = request.COOKIES.get(COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def is_wall(request: HttpRequest) -> bool:
    """Whether the page was asked for as a wall screen shows it."""
    return request.GET.get("wall") == "1"
