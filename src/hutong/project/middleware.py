"""The edge of the web process: every error becomes an answer in the reader's language."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from hutong.kernel.errors import HutongError
from hutong.project.errors import WrongMethod
from hutong.ui.api import error_page

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]


class errors:  # noqa: N801 - Django names middleware in lower case where it is a plain function
    """Turn a ``HutongError`` into a page or, for a program, into JSON."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.path.startswith("/api/"):
            return _wrong_method(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, HutongError):
            return None
        if error.status >= 500:
            log.error("%s: %s", error.code, error)
        return error_page(request, error)


def _wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A problem as every other, where Django and Ninja answer with bare text."""
    allowed = response.headers.get("Allow", "")
    told = JsonResponse(
        WrongMethod(method=str(request.method)[:20], allowed=allowed).as_dict(),
        status=405,
        content_type="application/problem+json",
    )
    told.headers["Allow"] = allowed
    return told
