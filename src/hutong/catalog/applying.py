"""From a pack to the catalog: duties, datasets with their tables, systems."""

from typing import Any

from hutong.catalog import store
from hutong.catalog.types import Kind
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.lake import api as lake
from hutong.packs.api import Item, Pack

_NOTHING = Text(zh="", en="")


def apply_duties(pack: Pack, items: tuple[Item, ...]) -> None:
    """First level: what organisations must do, by which law."""
    store.put_all(Kind.DUTY, [_duty(pack, item) for item in items])


def apply_datasets(pack: Pack, items: tuple[Item, ...]) -> None:
    """Second and third level: datasets, and the contracts of their tables in the lake."""
    store.put_all(Kind.DATASET, [_dataset(pack, item) for item in items])
    for item in items:
        lake.define(item.value.contract)


def apply_systems(pack: Pack, items: tuple[Item, ...]) -> None:
    """The register of information systems."""
    store.put_all(Kind.SYSTEM, [_system(pack, item) for item in items])


def _duty(pack: Pack, item: Item) -> store.Draft:
    spec = item.value
    return store.Draft(
        urn=str(Urn(pack.id, Kind.DUTY, spec.path)),
        kind=Kind.DUTY,
        local=spec.path,
        title=spec.title.text,
        summary=spec.summary.text if spec.summary else _NOTHING,
        organisation=spec.organisation,
        body=_body(item),
        words=" ".join(f"{basis.title.zh} {basis.article}" for basis in spec.basis),
    )


def _dataset(pack: Pack, item: Item) -> store.Draft:
    spec = item.value
    contract = spec.contract
    columns = " ".join(f"{each.name} {each.title.zh} {each.title.en}" for each in contract.columns)
    return store.Draft(
        urn=str(Urn(pack.id, Kind.DATASET, spec.id)),
        kind=Kind.DATASET,
        local=spec.id,
        title=spec.title.text,
        summary=spec.summary.text,
        organisation=spec.provider,
        parent=spec.duty,
        grade=spec.grade,
        sharing=spec.sharing.kind,
        opening=spec.opening.kind,
        update=spec.update,
        themes=tuple(spec.themes),
        body=_body(item),
        words=f"{spec.id} {spec.code} {columns}",
    )


def _system(pack: Pack, item: Item) -> store.Draft:
    spec = item.value
    return store.Draft(
        urn=str(Urn(pack.id, Kind.SYSTEM, spec.id)),
        kind=Kind.SYSTEM,
        local=spec.id,
        title=spec.title.text,
        organisation=spec.owner,
        body=_body(item),
        words=f"{spec.named_as} {spec.capability}",
    )


def _body(item: Item) -> dict[str, Any]:
    """What was written, as JSON: defaults are left out, so that a version shows what a person said."""
    body: dict[str, Any] = item.value.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return body
