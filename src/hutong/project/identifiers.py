"""``/id/<urn>``: every identifier leads to the page of its thing."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hutong.accounts.api import requires
from hutong.kernel.errors import NotFound
from hutong.kernel.urn import Urn, resolve


@requires("site.open")
def follow(_request: HttpRequest, text: str) -> HttpResponse:
    """303 to the page about the thing; 404 where nothing is known by the identifier."""
    found = resolve(Urn.parse(text))
    if found is None:
        raise NotFound(what=text)
    answer = HttpResponseRedirect(found)
    answer.status_code = 303
    return answer
