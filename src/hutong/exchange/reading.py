"""Rows of a contract for programs: who asks by key or session, what is asked, and the answer as page or body."""

import re
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse

from hutong.accounts.api import Target, allow, current
from hutong.exchange import contracts, gate, joined, schemas, watching
from hutong.exchange.bodies import plain
from hutong.exchange.errors import BadKey, BadTerms, NoSuchContract
from hutong.exchange.logic import terms
from hutong.exchange.types import Asked, ContractRef, Delivery, LinkRef, Page
from hutong.lake.types import Body, BodyFormat

_PART = 1 << 18
PARAMETERS: Final = frozenset({"columns", "filter", "order", "purpose", "format", "limit", "offset", "mark"})
_LONGEST = 4000
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def who(
    request: HttpRequest, name: str, channel: Delivery = Delivery.API, **more: Any
) -> tuple[Asked, ContractRef]:
    """Whoever asks, by the key of the grant or signed in, and the contract; raises ``BadKey`` or ``Refused``."""
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, key = header.partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise BadKey
        contract, hint = contracts.contract_of_key(key.strip())
        if contract.id != name.rpartition(":")[2]:
            raise NoSuchContract(name=name[:80])
        more.setdefault("purpose", contract.terms.purposes[0] if contract.terms.purposes else "")
        return Asked(actor=f"key:{hint}", organisation=contract.consumer, channel=channel, **more), contract
    contract = contracts.contract_of(name)
    actor = current(request)
    allow(actor, "exchange.read", Target(contract.consumer, kind="exchange-contract"))
    return gate.asked_by(actor, contract, channel=channel, **more), contract


def clean(text: str) -> str:
    """The text of an address; raises ``BadTerms`` for characters that are none."""
    try:
        return schemas.clean(text)
    except ValueError as error:
        raise BadTerms(reason=str(error)) from error


def known(request: HttpRequest) -> None:
    """Raises ``BadTerms`` for a parameter that is none: a filter under another name would be passed over in silence."""
    if strange := sorted(request.GET.keys() - PARAMETERS):
        raise BadTerms(reason=f"?{strange[0][:60]}=")


def wish(
    columns: str, filters: list[str], order: str, *, limit: int, offset: int, purpose: str
) -> dict[str, Any]:
    """What an address asks for; raises ``BadTerms``."""
    for text in (columns, order, purpose, *filters):
        clean(text)
    if any(len(each) > _LONGEST for each in filters):
        raise BadTerms(reason=f"filter > {_LONGEST}")
    names = tuple(each for each in columns.split(",") if each)
    if len(set(names)) != len(names):
        raise BadTerms(reason=columns[:100])
    found: dict[str, Any] = {
        "columns": names,
        "where": tuple(terms.parse_filter(each) for each in filters),
        "order": tuple((each.removeprefix("-"), each.startswith("-")) for each in order.split(",") if each),
        "limit": limit,
        "offset": offset,
    }
    return found | ({"purpose": purpose} if purpose else {})


def page(asked: Asked, contract: ContractRef) -> JsonResponse:
    """A page of rows as JSON."""
    return _told(asked, gate.read(asked, contract), contract=contract.urn, version=contract.version)


def _told(asked: Asked, found: Page, **of: str | int) -> JsonResponse:
    body = {
        "columns": found.columns,
        "rows": plain(found.rows),
        "more": found.more,
        "next_offset": asked.offset + len(found.rows) if found.more else None,
        "masked": found.masked,
        "snapshots": found.snapshots,
        **of,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def who_of_group(request: HttpRequest, link: LinkRef, **more: Any) -> Asked:
    """Whoever asks for joined rows: by the key of the group's first contract, or signed in."""
    more.setdefault("purpose", joined.purpose(link))
    if request.headers.get("Authorization", ""):
        return who(request, link.base, **more)[0]
    actor = current(request)
    allow(actor, "exchange.read", Target(link.consumer, kind="exchange-link"))
    return Asked(actor=actor.urn, organisation=link.consumer, **more)


def page_of_group(asked: Asked, link: LinkRef) -> JsonResponse:
    """A page of joined rows as JSON."""
    return _told(asked, joined.read(asked, link), contract=link.urn, version=1)


def whole(asked: Asked, contract: ContractRef, form: BodyFormat, *, mark: bool) -> StreamingHttpResponse:
    """All rows as a body of any size."""
    return sent(gate.stream(asked, contract, form, mark=mark), contract.table, contract.urn)


def sent(body: Body, name: str, urn: str) -> StreamingHttpResponse:
    """A body on its way: what it is called, under which contract or group, and from which snapshots."""
    answer = StreamingHttpResponse(body.parts, content_type=body.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{body.form.value}"'
    answer["X-Hutong-Contract"] = urn
    answer["X-Hutong-Snapshots"] = " ".join(each.urn for each in body.snapshots)
    return answer


def file(
    request: HttpRequest, path: Path, name: str, media_type: str, still: Callable[[], None]
) -> HttpResponse | StreamingHttpResponse:
    """A file, or the part of it that a Range header names (RFC 9110, one range), for as long as ``still`` lets it."""
    size = path.stat().st_size
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    part = asked is not None and asked.groups() != ("", "")
    first, last = _bounds(asked.group(1), asked.group(2), size) if asked and part else (0, size - 1)
    if part and first > last:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    body = watching.Watched(_part(path, first, last), still)
    answer = StreamingHttpResponse(body, status=206 if part else 200, content_type=media_type)
    if part:
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    answer["Content-Length"] = str(last - first + 1)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Accept-Ranges"] = "bytes"
    return answer


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last[:18])), size - 1
    return int(first[:18]), min(int(last[:18]), size - 1) if last else size - 1


def _part(path: Path, first: int, last: int) -> Generator[bytes, None, None]:
    left = last - first + 1
    with path.open("rb") as opened:
        opened.seek(first)
        while left > 0 and (part := opened.read(min(_PART, left))):
            left -= len(part)
            yield part
