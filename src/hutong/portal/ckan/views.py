"""The addresses of CKAN's interface: ``/api/3/action/<name>``, read with GET or POST."""

import logging
from typing import Any, Final

import orjson
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from hutong.accounts.api import ANONYMOUS, Actor, current, requires
from hutong.kernel import audit, given
from hutong.kernel.errors import HutongError, OutOfBounds
from hutong.portal import cards, keys
from hutong.portal.ckan import datastore  # noqa: F401 - adds its actions
from hutong.portal.ckan.asked import Data, needed
from hutong.portal.ckan.errors import ActionError, BadCall, Denied, Missing, Unfit
from hutong.portal.ckan.reading import READ
from hutong.portal.ckan.writing import WRITE
from hutong.portal.reading import as_json

log = logging.getLogger(__name__)
_MOST: Final = 8 * 2**20
_SITE: Final = cards.SITE.encode()


@csrf_exempt
@requires("portal.view")
def call(request: HttpRequest, name: str) -> HttpResponse:
    """Do an action and answer as CKAN does: ``{help, success, result}`` or ``{help, success, error}``."""
    help_url = f"{cards.SITE}/api/3/action/help_show?name={name}"
    actor = _actor(request)
    try:
        result = _do(request, actor, name)
        return _answer(request, {"help": help_url, "success": True, "result": result}, 200)
    except BadCall as error:
        return _answer(request, error.message, error.status)
    except ActionError as error:
        return _answer(request, {"help": help_url, "success": False, "error": error.body}, error.status)
    except HutongError as error:
        told = _told(error)
        return _answer(request, {"help": help_url, "success": False, "error": told.body}, told.status)
    except DataError as error:
        log.warning("%s: %s", OutOfBounds.code, error, exc_info=error)
        told = _told(OutOfBounds())
        return _answer(request, {"help": help_url, "success": False, "error": told.body}, told.status)


def _do(request: HttpRequest, actor: Actor, name: str) -> Any:
    if name == "help_show":
        return _help(_data(request))
    if name in READ:
        return READ[name](actor, _data(request))
    if name in WRITE:
        if request.method != "POST":
            raise BadCall(f"Bad request - {name} needs a POST")
        with audit.acting(audit.Origin(actor.urn, actor.organisation, audit.origin().address)):
            return WRITE[name](actor, _data(request))
    raise BadCall(f"Bad request - Action name not known: {name}")


def _help(data: Data) -> str:
    wanted = needed(data, "name")
    found = READ.get(wanted) or WRITE.get(wanted)
    if found is None:
        raise Missing("Action name not known")
    return found.__doc__ or ""


def _actor(request: HttpRequest) -> Actor:
    """Whose key the call carries; a cookie says who reads, never who writes, for calls carry no token of a form."""
    token = request.headers.get("Authorization") or request.headers.get("X-Ckan-Api-Key") or ""
    if token:
        return keys.whose(token.removeprefix("Bearer ").strip())
    return current(request) if request.method in {"GET", "HEAD"} else ANONYMOUS


def _data(request: HttpRequest) -> Data:
    """What was sent: a JSON object, a form, or the address's parameters."""
    if request.method in {"GET", "HEAD"}:
        return {name: values if len(values) > 1 else values[0] for name, values in request.GET.lists()}
    if request.method != "POST":
        raise BadCall("Bad request - use GET or POST")
    if int(request.headers.get("Content-Length") or 0) > _MOST:
        raise BadCall(f"Bad request - more than {_MOST} bytes")
    if (request.content_type or "").startswith(("multipart/", "application/x-www-form-urlencoded")):
        found = _form(request)
        if found is not None:
            return found
    body = request.body
    if not body.strip():
        return {}
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadCall(f"Bad request - JSON Error: Error decoding JSON data. Error: {error}") from error
    if not isinstance(read, dict):
        raise BadCall(
            "Bad request - JSON Error: Request data JSON decoded to something that is not a dictionary"
        )
    given.check(read)
    return read


def _form(request: HttpRequest) -> Data | None:
    """A form's fields; None for JSON that says it is a form, as curl does unless it is told otherwise."""
    if request.content_type == "application/x-www-form-urlencoded" and request.body.lstrip()[:1] == b"{":
        return None
    if request.FILES:
        raise Unfit({"upload": ["Files are not taken in here; give an address"]})
    return {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists()}


def _told(error: HutongError) -> ActionError:
    if error.status == 404:
        return Missing(str(error.said.en))
    if error.status == 403:
        return Denied(str(error.said.en))
    if error.status >= 500:
        unavailable = ActionError(str(error.said.en))
        unavailable.status = error.status  # type: ignore[misc]
        return unavailable
    return Unfit({"message": [str(error.said.en)]})


def _answer(request: HttpRequest, value: Any, status: int) -> HttpResponse:
    body = as_json(value).replace(_SITE, f"{request.scheme}://{request.get_host()}".encode())
    headers = {"Access-Control-Allow-Origin": "*"} if status == 200 else {}
    return HttpResponse(body, status=status, content_type="application/json;charset=utf-8", headers=headers)


urlpatterns = [
    path("api/3/action/<slug:name>", call, name="ckan-action"),
    path("api/action/<slug:name>", call, name="ckan-action-unversioned"),
]
