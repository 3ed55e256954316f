"""What a request to the posture says: who asks, which page, which day; and the first crumb."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hutong.accounts.api import Target, allow, current, may
from hutong.kernel.errors import Invalid
from hutong.ui.api import Crumb

SIZE = 50
_TARGET = Target(kind="posture")


def see(request: HttpRequest) -> None:
    allow(current(request), "posture.view", _TARGET)


def manages(request: HttpRequest) -> bool:
    return bool(may(current(request), "posture.manage", _TARGET))


def page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text)):
        raise Invalid(reason=f"page={text[:20]}")
    return int(text)


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def crumb() -> Crumb:
    return Crumb(_("Security posture"), "/posture")
