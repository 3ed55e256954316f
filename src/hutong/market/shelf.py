"""The shelf: the modules this district offers, searched and faceted."""

from collections import Counter

from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.market.errors import NoSuchModule
from hutong.market.manifests import manifests, schemas
from hutong.market.pack import OfferSpec
from hutong.market.types import Module, Offer
from hutong.packs import api as packs

FACETS = ("kind", "owner", "approval")
_NONE = Text(zh="", en="")


def modules() -> dict[str, Module]:
    """Every module on the shelf by id, in the pack's order."""
    offered = (item.value for item in packs.installed().items("modules"))
    return {each.id: _module(each) for each in offered if each.id in manifests()}


def module(name: str) -> Module:
    """One module; raises ``NoSuchModule``."""
    found = modules().get(name)
    if found is None:
        raise NoSuchModule(name=name[:60])
    return found


def find(words: str, chosen: dict[str, str]) -> tuple[list[Module], dict[str, dict[str, int]]]:
    """Modules that hold every word and meet the facets, and how many there are by facet."""
    wanted = words.casefold().split()
    held = [each for each in modules().values() if all(word in _text(each) for word in wanted)]
    found = [
        each
        for each in held
        if all(not want or facet_of(each, name) == want for name, want in chosen.items())
    ]
    counts = {name: dict(Counter(facet_of(each, name) for each in held)) for name in FACETS}
    return found, counts


def facet_of(each: Module, name: str) -> str:
    if name == "kind":
        return each.manifest.kind
    if name == "owner":
        return each.offer.owner
    return "owner" if each.offer.approval else "free"


def urn(name: str) -> str:
    return str(Urn(str(value("HUTONG_PACK")), "module", name))


def _text(each: Module) -> str:
    said = (each.manifest.title, each.manifest.summary, each.manifest.how)
    return "\n".join([each.id, *(f"{one.zh}\n{one.en}" for one in said)]).casefold()


def _module(given: OfferSpec) -> Module:
    offer = Offer(
        given.id, given.owner, given.price.text, given.approval, given.quota.day, given.quota.month,
        given.service.availability, given.service.answer_ms, given.note.text if given.note else _NONE,
    )  # fmt: skip
    inward, outward = schemas(given.id)
    return Module(urn(given.id), manifests()[given.id], offer, inward, outward)
