"""What an issue may be about, by title: the organisation's contracts, its requests, and the datasets it receives."""

from collections.abc import Iterator
from typing import Any, Final

from hutong.accounts.api import Actor
from hutong.catalog import api as catalog
from hutong.exchange import contracts, places, requests, words
from hutong.exchange.types import ContractRef, RequestRef
from hutong.kernel.errors import NotFound
from hutong.kernel.text import Text

MOST: Final = 40  # of a kind; what is not among them is typed
_SUGGESTED: Final = 500
_DATASETS: Final = Text(zh="校核：已获得的数据集", en="Correction: datasets received")
_CONTRACTS: Final = Text(zh="争议：合同", en="Dispute: contracts")
_REQUESTS: Final = Text(zh="争议：申请", en="Dispute: requests")
_LABEL: Final = Text(zh="{title}（{who}，{id}）", en="{title} ({who}, {id})")

Group = dict[str, Any]


def groups(actor: Actor) -> list[Group]:
    """Choices in groups, the newest first; a group without any is left out."""
    mine = actor.organisation
    agreed = contracts.listed(organisation=mine, limit=MOST)
    asked = requests.listed(organisation=mine, limit=MOST)
    found = [
        {"label": str(_DATASETS), "choices": list(_received(agreed, mine))},
        {"label": str(_CONTRACTS), "choices": [_choice(each, mine) for each in agreed]},
        {"label": str(_REQUESTS), "choices": [_choice(each, mine) for each in asked]},
    ]
    return [each for each in found if each["choices"]]


def _received(agreed: list[ContractRef], mine: str) -> Iterator[dict[str, str]]:
    tables = {each.table: each for each in agreed if each.consumer == mine}
    for table, each in tables.items():
        label = _LABEL.format(title=each.title, who=words.bureau(each.provider), id=table)
        yield {"value": places.dataset_urn(table), "label": str(label)}


def _choice(each: ContractRef | RequestRef, mine: str) -> dict[str, str]:
    other = each.consumer if each.provider == mine else each.provider
    return {
        "value": each.urn,
        "label": str(_LABEL.format(title=each.title, who=words.bureau(other), id=each.id)),
    }


def suggested(actor: Actor) -> list[dict[str, str]]:
    """The datasets of others, for what is typed."""
    entries = catalog.entries(catalog.Kind.DATASET)
    others = [each for each in entries if each.organisation != actor.organisation]
    return [
        {"value": each.id, "label": f"{each.title} · {words.bureau(each.organisation)}"}
        for each in others[:_SUGGESTED]
    ]


def shown(said: str) -> dict[str, str]:
    """A subject by its title where it has one, with its identifier and place; else as it was said."""
    if not said.startswith("urn:"):
        return {"text": said}
    local = said.rpartition(":")[2]
    try:
        if ":exchange-contract:" in said:
            title: object = contracts.newest(local).title
        elif ":exchange-request:" in said:
            title = requests.request(local).title
        else:
            return {"text": str(catalog.entry(said).title), "url": f"/id/{said}"}
    except NotFound:
        return {"text": said, "url": f"/id/{said}"}
    return {"text": str(Text(zh=f"{title}（{local}）", en=f"{title} ({local})")), "url": f"/id/{said}"}
