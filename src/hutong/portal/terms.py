"""What the installed pack says of the portal: licence, terms, plan, and the district itself."""

from dataclasses import dataclass
from typing import Any

from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.packs import api as packs
from hutong.packs.errors import BadPack, NoSuchPack


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what terms data are opened, and the name of the district that does so."""

    licence: str
    licence_title: Text
    licence_url: str
    licence_authority: str
    text: Text
    contact: str
    district: Text
    plan: tuple[Any, ...]


def scope() -> str:
    """The scope of identifiers made here."""
    return str(value("HUTONG_PACK"))


_NONE = Text(zh="", en="")


def current() -> Terms:
    """As the installed pack says; without one, nothing is promised."""
    try:
        pack = packs.installed()
    except (NoSuchPack, BadPack):
        return Terms("notspecified", Text(zh="未指定", en="Not specified"), "", "", _NONE, "", _NONE, ())
    spec = next(iter(pack.values("portal")), None)
    title = pack.title
    if spec is None:
        return Terms("notspecified", Text(zh="未指定", en="Not specified"), "", "", _NONE, "", title, ())
    return Terms(
        spec.licence.id,
        spec.licence.title.text,
        spec.licence.url,
        spec.licence.authority,
        spec.terms.text,
        spec.contact,
        title,
        spec.plan,
    )
