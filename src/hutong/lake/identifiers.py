"""How the lake's identifiers resolve, and what the log can re-check of them."""

from collections.abc import Iterable

from hutong.kernel.urn import Urn, resolver
from hutong.lake.models import ContractRow, LoadRow, SnapshotRow
from hutong.lake.store import places
from hutong.ledger import api as ledger
from hutong.ledger.types import Entry, Fault, FileManifest


@resolver("table")
def resolve_table(urn: Urn) -> str | None:
    return f"/lake/{urn.local}" if ContractRow.objects.filter(table=urn.local).exists() else None


@resolver("snapshot")
def resolve_snapshot(urn: Urn) -> str | None:
    row = SnapshotRow.objects.filter(urn=str(urn)).first()
    return f"/lake/{row.table}/{row.sequence}" if row else None


@resolver("load")
def resolve_load(urn: Urn) -> str | None:
    return f"/lake/loads/{urn.local}" if LoadRow.objects.filter(pk=urn.local).exists() else None


def verify_files(entry: Entry) -> Iterable[Fault]:
    """The files that a snapshot's entry commits to, byte by byte: of its rows, and of those that stayed out."""
    aside = entry.payload.get("quarantine")  # entries of before 2026-11-22 say nothing of it
    for each in (*entry.payload["files"], *([aside] if aside else [])):
        manifest = FileManifest.from_dict(each)
        yield from ledger.check_file(manifest, places.lake() / manifest.path)


ledger.register_evidence("lake.snapshot", verify_files)
