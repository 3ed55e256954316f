"""The reader's language: Chinese first, English by the switch; never guessed from the browser."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

COOKIE: Final = "hutong_language"
LANGUAGES: Final = {"zh-hans": "中文", "en": "English"}
Answer = Callable[[HttpRequest], HttpResponse]


def choose(request: HttpRequest) -> str:
    """``?lang=`` for this page, else the cookie of the switch, else Chinese."""
    asked = request.GET.get("lang") or request.COOKIES.get(COOKIE) or "zh-hans"
    asked = "zh-hans" if asked.startswith("zh") else asked
    return asked if asked in LANGUAGES else "zh-hans"


def middleware(get_response: Answer) -> Answer:
    """Speak the chosen language for the length of the request."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = choose(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", "zh-Hans" if language == "zh-hans" else language)
        patch_vary_headers(response, ["Cookie"])
        return response

    return answer
