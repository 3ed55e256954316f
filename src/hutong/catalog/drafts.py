"""From what a pack or a person wrote (a checked spec) to an entry about to be written."""

from typing import Any

from hutong.catalog.store import Draft
from hutong.catalog.types import Kind
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn

_NOTHING = Text(zh="", en="")


def draft(kind: Kind, scope: str, spec: Any) -> Draft:
    """The entry that a ``DutySpec``, ``DatasetSpec`` or ``SystemSpec`` describes."""
    return {Kind.DUTY: _duty, Kind.DATASET: _dataset, Kind.SYSTEM: _system}[kind](scope, spec)


def _duty(scope: str, spec: Any) -> Draft:
    return Draft(
        urn=str(Urn(scope, Kind.DUTY, spec.path)),
        kind=Kind.DUTY,
        local=spec.path,
        title=spec.title.text,
        summary=spec.summary.text if spec.summary else _NOTHING,
        organisation=spec.organisation,
        body=_body(spec),
        words=" ".join(f"{basis.title.zh} {basis.article}" for basis in spec.basis),
    )


def _dataset(scope: str, spec: Any) -> Draft:
    columns = " ".join(f"{each.name} {each.title.zh} {each.title.en}" for each in spec.contract.columns)
    return Draft(
        urn=str(Urn(scope, Kind.DATASET, spec.id)),
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
        body=_body(spec),
        words=f"{spec.id} {spec.code} {columns}",
    )


def _system(scope: str, spec: Any) -> Draft:
    return Draft(
        urn=str(Urn(scope, Kind.SYSTEM, spec.id)),
        kind=Kind.SYSTEM,
        local=spec.id,
        title=spec.title.text,
        organisation=spec.owner,
        body=_body(spec),
        words=f"{spec.named_as} {spec.capability}",
    )


def _body(spec: Any) -> dict[str, Any]:
    """What was written, as JSON: defaults are left out, so that a version shows what a person said."""
    body: dict[str, Any] = spec.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return body
