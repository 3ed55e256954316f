"""What the posture looks at, asked of the other capabilities."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from hutong.accounts import api as accounts
from hutong.catalog import api as catalog
from hutong.catalog.types import EntryRef, Kind
from hutong.exchange.api import contracts, usage
from hutong.exchange.types import ContractRef
from hutong.kernel import audit, clock
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.lake import api as lake
from hutong.lake.errors import NoSuchTable
from hutong.lake.types import Column
from hutong.ledger import api as ledger
from hutong.market import api as market
from hutong.portal import api as portal
from hutong.posture.errors import NoSuchThing
from hutong.posture.logic.facts import Facts, OutsideKey, Person, Witness
from hutong.posture.models import SealRow

VERIFIED: Final = "ledger.verified"
MOST_CONTRACTS: Final = 100_000


def facts() -> Facts:
    """How the district is set up now."""
    now = clock.now()
    datasets = tuple(catalog.entries(Kind.DATASET))
    sealed = SealRow.objects.order_by("-last").values_list("at", flat=True).first()
    verified = [each.at for each in audit.records(actions=(VERIFIED,))]
    return Facts(
        now=now,
        today=clock.today(),
        datasets=datasets,
        systems=tuple(catalog.entries(Kind.SYSTEM)),
        columns={each.id: columns_of(each.id) for each in datasets},
        contracts=tuple(every_contract()),
        keys=contracts.live_keys(),
        used=usage.last_used(),
        outside=tuple(_outside_keys()),
        people=tuple(
            Person(each.urn, str(each.name), each.roles) for each in accounts.people() if each.active
        ),
        organisations=frozenset(each.id for each in accounts.organisations()),
        witnesses=tuple(Witness(each.name, each.seen_at, each.alarm) for each in ledger.witnesses()),
        verified_at=verified[-1] if verified else None,
        sealed_at=sealed,
        records=audit.newest(),
    )


def _outside_keys() -> Iterator[OutsideKey]:
    """Keys to the supermarket, the oldest of each subscription, and to the portal's interface, by person."""
    oldest = {each.subscription.id: each for each in reversed(market.live_keys())}
    organisations = {each.id: each.title for each in accounts.organisations()}
    modules = market.modules()
    for each in oldest.values():
        held = each.subscription
        who, what = organisations.get(held.organisation, Text(held.organisation)), modules[held.module].title
        title = Text(zh=f"{who.in_('zh')}·{what.in_('zh')}", en=f"{who.in_('en')}, {what.in_('en')}")
        yield OutsideKey(held.urn, title, f"/market/subscriptions/{held.id}", each.made_at)
    people = {each.urn: each.name for each in accounts.people()}
    for actor, (_count, made_at) in portal.live_keys().items():
        name = people.get(actor, Text(actor.rpartition(":")[2]))
        title = Text(
            zh=f"{name.in_('zh')}·开放门户接口", en=f"{name.in_('en')}, interface of the open portal"
        )
        yield OutsideKey(f"{actor}#portal-key", title, "/open", made_at)


def columns_of(table: str) -> tuple[Column, ...]:
    """Columns of a dataset's table; none where it has no table yet."""
    with suppress(NoSuchTable):
        return lake.contract(table).columns
    return ()


def every_contract() -> Iterator[ContractRef]:
    """Every contract, the version in force before a newer one that is only proposed."""
    for each in contracts.listed(limit=MOST_CONTRACTS):
        yield contracts.contract_of(each.id) if each.version > 1 else each


def reads() -> dict[str, tuple[str, ...]]:
    """The datasets that each module reads when it is called, by its URN."""
    return {each.urn: market.tables(each.manifest) for each in market.modules().values()}


def urn(kind: str, local: object) -> str:
    return str(Urn(str(value("HUTONG_PACK")), kind, str(local)))


def entries(kind: Kind) -> list[EntryRef]:
    return catalog.entries(kind)


def entry(kind: str, name: str) -> EntryRef:
    """A dataset or a system by its identifier; raises ``NoSuchThing``."""
    found = next((each for each in catalog.entries(Kind(kind)) if each.id == name), None)
    if found is None:
        raise NoSuchThing(name=name[:80])
    return found
