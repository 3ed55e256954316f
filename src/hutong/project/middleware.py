"""The edge of the web process: every error becomes an answer in the reader's language."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DatabaseError, DataError
from django.http import HttpRequest, HttpResponse, JsonResponse

from hutong.kernel import given
from hutong.kernel.errors import HutongError, NotText, OutOfBounds, Place
from hutong.project.errors import OnlyForms, WrongMethod
from hutong.ui.api import error_page

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]


class errors:  # noqa: N801 - Django names middleware in lower case where it is a plain function
    """Turn a ``HutongError`` into a page or, for a program, into JSON."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if _too_much(error):
            # What forms and schemas let through and PostgreSQL does not keep; the log tells where a bound is missing.
            log.warning("%s: %s", OutOfBounds.code, error, exc_info=error)
            return error_page(request, OutOfBounds())
        if not isinstance(error, HutongError):
            return None
        if error.status >= 500:
            log.error("%s: %s", error.code, error)
        return error_page(request, error)


def _too_much(error: Exception) -> bool:
    """A value too long, large or late for its column, or past a limit of PostgreSQL itself (class 54)."""
    state = str(getattr(error.__cause__, "sqlstate", ""))
    return isinstance(error, DataError) or (isinstance(error, DatabaseError) and state.startswith("54"))


def methods(get_response: Answer) -> Answer:
    """Tell what is wrong with a method as every other error is told; within the layers that set headers."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return _wrong_method(request, response) if response.status_code == 405 else response

    return answer


class readable:  # noqa: N801 - as above
    """Refuse addresses and forms with characters that no text may have; bodies of JSON are read by ``given``."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        for name, text in _texts(request, form=not getattr(view, "csrf_exempt", False)):
            if not given.is_text(text):
                return error_page(request, NotText(place=Place(key=name) if given.is_text(name) else None))
        return None


def _texts(request: HttpRequest, *, form: bool) -> Iterator[tuple[str, str]]:
    """Names and texts: of the address, and of a form, which the check of its token has read by now."""
    yield "path", request.path
    sent = [request.GET]
    if form and request.method == "POST":
        sent.append(request.POST)
    for fields in sent:
        for name, values in fields.lists():
            yield name, name
            yield from ((name, text) for text in values)


def _wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A problem as every other, where Django and Ninja answer with bare text or nothing."""
    allowed = response.headers.get("Allow", "")
    if not request.path.startswith("/api/"):
        page = error_page(request, OnlyForms())
        page.headers["Allow"] = allowed
        return page
    told: HttpResponse = JsonResponse(
        WrongMethod(method=str(request.method)[:20], allowed=allowed).as_dict(),
        status=405,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    told.headers["Allow"] = allowed
    return told
