"""Bringing Iceberg's absolute paths to where the home is now, for clients other than ours.

A new version of the table's metadata is written beside the old one, with new manifest lists and manifests of every
snapshot; identifiers, sequence numbers and data files stay as they are, and so does what the log has committed to.
"""

import copy
import uuid
from pathlib import Path
from typing import Final

from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.manifest import ManifestFile, write_manifest, write_manifest_list
from pyiceberg.serializers import ToOutputFile
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot

from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.lake.models import IcebergTable
from hutong.lake.store import home_io, iceberg, places

_CODEC: Final = "deflate"
_PATH, _LENGTH = 0, 1  # of a manifest in its list
_FILE = 1  # path of a data file in its manifest


def relocate(name: str) -> bool:
    """Write the table's metadata anew when it names another home; whether it did. The caller holds the table's lock."""
    with atomic():
        iceberg.lock(name)
        catalog = iceberg.catalog(str(places.lake() / "tables"))
        table = catalog.load_table((iceberg.NAMESPACE, name))
        if not _is_elsewhere(table):
            return False
        place = _rewrite(table)
        IcebergTable.objects.filter(
            catalog_name=catalog.name, table_namespace=iceberg.NAMESPACE, table_name=name
        ).update(metadata_location=place, previous_metadata_location=table.metadata_location)
        audit.record(
            "lake.relocate",
            places.urn("table", name),
            before=table.metadata.location,
            after=str(places.table(name)),
        )
    return True


def moved() -> list[str]:
    """Tables whose metadata lies in another home by its path."""
    found = IcebergTable.objects.filter(catalog_name=iceberg.NAME).values_list(
        "table_name", "metadata_location"
    )
    return sorted(name for name, place in found if place and home_io.here(place) != place)


def _is_elsewhere(table: Table) -> bool:
    return home_io.here(table.metadata_location) != table.metadata_location


def _rewrite(table: Table) -> str:
    """All of the table's metadata with paths of the present home; returns where the new version begins."""
    mark, written = uuid.uuid4().hex[:8], dict[str, ManifestFile]()
    snapshots = [
        each.model_copy(update={"manifest_list": _rewrite_list(table, each, mark, written)})
        for each in table.metadata.snapshots
    ]
    location = home_io.here(table.metadata.location)
    changed = {"location": location, "snapshots": snapshots, "metadata_log": []}
    version = int(table.metadata_location.rpartition("/")[2].partition("-")[0]) + 1
    place = f"{location}/metadata/{version:05d}-{uuid.uuid4()}.metadata.json"
    ToOutputFile.table_metadata(table.metadata.model_copy(update=changed), PyArrowFileIO().new_output(place))
    return place


def _rewrite_list(table: Table, snapshot: Snapshot, mark: str, written: dict[str, ManifestFile]) -> str:
    place = _beside(snapshot.manifest_list, mark)
    manifests = []
    for each in snapshot.manifests(table.io):
        if each.manifest_path not in written:
            written[each.manifest_path] = _rewrite_manifest(table, each, mark)
        manifests.append(written[each.manifest_path])
    with write_manifest_list(
        format_version=table.metadata.format_version,
        output_file=PyArrowFileIO().new_output(place),
        snapshot_id=snapshot.snapshot_id,
        parent_snapshot_id=snapshot.parent_snapshot_id,
        sequence_number=snapshot.sequence_number,
        avro_compression=_CODEC,
    ) as out:
        out.add_manifests(manifests)
    return place


def _rewrite_manifest(table: Table, manifest: ManifestFile, mark: str) -> ManifestFile:
    place = _beside(manifest.manifest_path, mark)
    added = table.snapshot_by_id(manifest.added_snapshot_id or 0)
    schema = table.schemas()[added.schema_id] if added and added.schema_id is not None else table.schema()
    with write_manifest(
        format_version=table.metadata.format_version,
        spec=table.specs()[manifest.partition_spec_id],
        schema=schema,
        output_file=PyArrowFileIO().new_output(place),
        snapshot_id=manifest.added_snapshot_id or 0,
        avro_compression=_CODEC,
    ) as out:
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False):
            entry.data_file[_FILE] = home_io.here(entry.data_file.file_path)
            out.add_entry(entry)
    found = copy.copy(manifest)
    found._data = list(manifest._data)  # noqa: SLF001 - PyIceberg keeps manifests in a cache of its own
    found[_PATH], found[_LENGTH] = place, Path(place.removeprefix("file://")).stat().st_size
    return found


def _beside(location: str, mark: str) -> str:
    """A new file beside the present place of an old one."""
    folder, _, file = home_io.here(location).rpartition("/")
    return f"{folder}/{mark}-{file}"
