"""Entries of the peers, found in our own catalog's search and marked with the catalog they are from."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from hutong.catalog import api as catalog
from hutong.catalog.api import EntryRef, Kind
from hutong.docking.models import Copy
from hutong.docking.peers import known
from hutong.kernel.errors import HutongError
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn


def key(peer: str, urn: str) -> str:
    return f"{peer} {urn}"


def index(row: Copy) -> None:
    """Let the words of an entry that came be found; what is of our own scope is in our catalog already."""
    if row.change == "retired" or Urn.parse(row.urn).scope == str(value("HUTONG_PACK")):
        catalog.foreign.forget(key(row.peer, row.urn))
        return
    catalog.foreign.index(key(row.peer, row.urn), _both(row, "title"), " ".join(_words(row.body)))


def copy(peer: str, urn: str) -> Copy | None:
    """The copy of an entry that a peer sent."""
    return Copy.objects.filter(peer=peer, urn=urn).first()


class _Source:
    """What the catalog asks."""

    def found(self, keys: Iterable[str]) -> Mapping[str, EntryRef]:
        wanted = [each.partition(" ")[2] for each in keys if " " in each]
        rows = _rows().filter(urn__in=wanted)
        return {key(row.peer, row.urn): entry(row) for row in rows}

    def everything(self, limit: int) -> list[EntryRef]:
        return [entry(row) for row in _rows().order_by("kind", "urn")[:limit]]

    def page_of(self, origin: str, urn: str) -> str | None:
        where = {"urn": urn, **({"peer": origin} if origin else {})}
        row = Copy.objects.filter(**where).exclude(change="retired").order_by("peer").first()
        return page_of(row) if row else None

    def title_of(self, origin: str) -> str:
        return title_of(origin)


def page_of(row: Copy) -> str:
    return f"/catalog/docking/{row.peer}/entries/{row.urn}"


def title_of(peer: str) -> str:
    """The other catalog as people call it: its level and its name."""
    try:
        found = known().peers.get(peer)
    except HutongError:
        return peer
    if found is None:
        return peer
    level = (
        Text(zh="市级目录", en="City catalog")
        if found.level == "city"
        else Text(zh="区级目录", en="District catalog")
    )
    return f"{level} · {found.called}"


def entry(row: Copy) -> EntryRef:
    """The copy as an entry of the catalog, read leniently: it is another catalog's."""
    body = row.body
    return EntryRef(
        urn=row.urn,
        kind=Kind(row.kind),
        id=Urn.parse(row.urn).local,
        organisation=str(body.get("provider") or body.get("organisation") or body.get("owner") or "")[:100],
        title=_text(row, "title"),
        summary=_text(row, "summary"),
        parent=str(body.get("duty", "")),
        grade=str(body.get("grade", "")),
        sharing=_kind(body.get("sharing")),
        opening=_kind(body.get("opening")),
        update=str(body.get("update", "")),
        themes=tuple(str(each) for each in body.get("themes", ()) if isinstance(each, str)),
        version=row.version,
        changed_at=row.received_at,
        log_entry=0,
        body=body,
        retired=row.change == "retired",
        origin=row.peer,
    )


def _rows() -> Any:
    own = Q(urn__startswith=f"urn:hutong:{value('HUTONG_PACK')}:")
    return Copy.objects.exclude(change="retired").exclude(own)


def _text(row: Copy, name: str) -> Text:
    said = row.body.get(name)
    if isinstance(said, dict) and isinstance(said.get("zh"), str) and said["zh"]:
        return Text(said["zh"], str(said.get("en", "")))
    return Text(row.title or row.urn if name == "title" else "", "")


def _both(row: Copy, name: str) -> str:
    text = _text(row, name)
    return f"{text.zh} {text.en}"


def _kind(said: Any) -> str:
    return str(said.get("kind", "")) if isinstance(said, dict) else ""


def _words(body: Mapping[str, Any]) -> list[str]:
    """Every text of an entry, its columns' among them."""
    found: list[str] = []
    waiting: list[Any] = [body]
    while waiting and len(found) < 5000:
        match waiting.pop():
            case str() as text:
                found.append(text)
            case dict() as inner:
                waiting += [*inner.values(), *(each for each in inner if isinstance(each, str))]
            case list() as inner:
                waiting += inner
    return found


catalog.foreign.provide(_Source())
