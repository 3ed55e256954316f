"""Where duties, datasets, tables and systems are shown."""

from hutong.catalog import foreign
from hutong.catalog.types import Kind
from hutong.kernel.urn import Urn, resolver


def page_of(kind: Kind | str, local: str) -> str:
    """The path of the page about a thing of the catalog."""
    return {
        Kind.DUTY: f"/catalog/duties/{local}",
        Kind.DATASET: f"/catalog/datasets/{local}",
        Kind.TABLE: f"/catalog/datasets/{local}/columns",
        Kind.SYSTEM: f"/catalog/systems#{local}",
    }[Kind(kind)]


def _resolve(urn: Urn) -> str | None:
    from hutong.catalog.models import Entry  # noqa: PLC0415 - models load after the apps

    kind = Kind.DATASET if urn.kind == "table" else Kind(urn.kind)
    row = Entry.objects.filter(kind=kind, local=urn.local).order_by("retired").first()
    own = str(Urn(urn.scope, kind, urn.local))
    if row is None or row.urn != own:
        return foreign.page_of("", own)
    return f"/catalog/versions/{urn}" if row.retired else page_of(urn.kind, urn.local)


for _kind in (Kind.DUTY, Kind.DATASET, Kind.SYSTEM):
    resolver(_kind)(_resolve)


@resolver("column")
def _column(urn: Urn) -> str | None:
    table, _dot, _name = urn.local.partition(".")
    return _resolve(Urn(urn.scope, Kind.DATASET, table)) and page_of(Kind.TABLE, table)


@resolver("proposal")
def _proposal(urn: Urn) -> str | None:
    from hutong.catalog.models import ProposedChange  # noqa: PLC0415 - models load after the apps

    return f"/catalog/proposals#{urn}" if ProposedChange.objects.filter(pk=str(urn)).exists() else None
