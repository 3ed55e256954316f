"""An Iceberg catalog over Django's connection.

PyIceberg's own SqlCatalog opens a connection of its own: its commit could never be one with ours. This one has the
same two tables (a stranger's SqlCatalog on the same database opens what it wrote) and swaps the metadata pointer in
whatever transaction the caller is in, so that the Iceberg table, our snapshot, the log entry and the event commit or
vanish together.
"""

from typing import Any

from pyiceberg.catalog import Catalog, MetastoreCatalog, PropertiesUpdateSummary
from pyiceberg.exceptions import (
    CommitFailedException,
    NamespaceAlreadyExistsError,
    NamespaceNotEmptyError,
    NoSuchNamespaceError,
    NoSuchTableError,
    TableAlreadyExistsError,
)
from pyiceberg.io import load_file_io
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC, PartitionSpec
from pyiceberg.serializers import FromInputFile
from pyiceberg.table import CommitTableResponse, Table
from pyiceberg.table.locations import load_location_provider
from pyiceberg.table.metadata import new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER, SortOrder
from pyiceberg.table.update import TableRequirement, TableUpdate
from pyiceberg.typedef import EMPTY_DICT, Identifier, Properties

from hutong.kernel.db import alone
from hutong.lake.models import IcebergNamespace, IcebergTable
from hutong.lake.store import home_io

NAME = "hutong"
NAMESPACE = "hutong"


class NotSupported(Exception):
    """Views are no part of this catalog."""


class DjangoCatalog(MetastoreCatalog):
    """The catalog; every write joins the caller's transaction."""

    def create_table(  # noqa: PLR0917 - the signature is PyIceberg's
        self,
        identifier: str | Identifier,
        schema: Any,
        location: str | None = None,
        partition_spec: PartitionSpec = UNPARTITIONED_PARTITION_SPEC,
        sort_order: SortOrder = UNSORTED_SORT_ORDER,
        properties: Properties = EMPTY_DICT,
    ) -> Table:
        namespace, name = self._split(identifier)
        if not self.namespace_exists(namespace):
            raise NoSuchNamespaceError(namespace)
        if self._row(namespace, name) is not None:
            raise TableAlreadyExistsError(f"{namespace}.{name}")
        checked = self._convert_schema_if_needed(schema)
        location = self._resolve_table_location(location, namespace, name)
        provider = load_location_provider(table_location=location, table_properties=properties)
        place = provider.new_table_metadata_file_location()
        metadata = new_table_metadata(
            location=location,
            schema=checked,
            partition_spec=partition_spec,
            sort_order=sort_order,
            properties=properties,
        )
        self._write_metadata(metadata, load_file_io(self.properties, place), place)
        self._insert(namespace, name, place)
        return self.load_table(identifier)

    def register_table(
        self, identifier: str | Identifier, metadata_location: str, overwrite: bool = False
    ) -> Table:
        namespace, name = self._split(identifier)
        if self._row(namespace, name) is not None:
            if not overwrite:
                raise TableAlreadyExistsError(f"{namespace}.{name}")
            self._rows(namespace, name).delete()
        self._insert(namespace, name, metadata_location)
        return self.load_table(identifier)

    def load_table(self, identifier: str | Identifier) -> Table:
        namespace, name = self._split(identifier)
        row = self._row(namespace, name)
        if row is None or not row.metadata_location:
            raise NoSuchTableError(f"{namespace}.{name}")
        file = load_file_io(self.properties, row.metadata_location).new_input(row.metadata_location)
        metadata = FromInputFile.table_metadata(file)
        return Table(
            identifier=(namespace, name),
            metadata=metadata,
            metadata_location=row.metadata_location,
            io=self._load_file_io(metadata.properties, row.metadata_location),
            catalog=self,
        )

    def commit_table(
        self, table: Table, requirements: tuple[TableRequirement, ...], updates: tuple[TableUpdate, ...]
    ) -> CommitTableResponse:
        """Swap the pointer if it is still where it was; ``CommitFailedException`` otherwise."""
        namespace, name = self._split(table.name())
        try:
            current: Table | None = self.load_table(table.name())
        except NoSuchTableError:
            current = None
        staged = self._update_and_stage_table(current, table.name(), requirements, updates)
        if current and staged.metadata == current.metadata:
            return CommitTableResponse(metadata=current.metadata, metadata_location=current.metadata_location)
        place = staged.metadata_location
        self._write_metadata(metadata=staged.metadata, io=staged.io, metadata_path=place)
        if current is None:
            self._insert(namespace, name, place)
        else:
            swapped = (
                self._rows(namespace, name)
                .filter(metadata_location=current.metadata_location)
                .update(metadata_location=place, previous_metadata_location=current.metadata_location)
            )
            if not swapped:
                raise CommitFailedException(f"{namespace}.{name} was changed by another process")
        return CommitTableResponse(metadata=staged.metadata, metadata_location=place)

    def drop_table(self, identifier: str | Identifier) -> None:
        namespace, name = self._split(identifier)
        if not self._rows(namespace, name).delete()[0]:
            raise NoSuchTableError(f"{namespace}.{name}")

    def rename_table(self, from_identifier: str | Identifier, to_identifier: str | Identifier) -> Table:
        old, new = self._split(from_identifier), self._split(to_identifier)
        if self._row(*new) is not None:
            raise TableAlreadyExistsError(".".join(new))
        row = self._row(*old)
        if row is None or not row.metadata_location:
            raise NoSuchTableError(".".join(old))
        self._insert(*new, row.metadata_location)
        self._rows(*old).delete()
        return self.load_table(to_identifier)

    def create_namespace(self, namespace: str | Identifier, properties: Properties = EMPTY_DICT) -> None:
        name = Catalog.namespace_to_string(namespace)
        if self.namespace_exists(name):
            raise NamespaceAlreadyExistsError(name)
        for key, value in (properties or {"exists": "true"}).items():
            IcebergNamespace.objects.create(
                catalog_name=self.name, namespace=name, property_key=key, property_value=value
            )

    def namespace_exists(self, namespace: str | Identifier) -> bool:
        name = Catalog.namespace_to_string(namespace)
        return bool(
            IcebergNamespace.objects.filter(catalog_name=self.name, namespace=name).exists()
            or IcebergTable.objects.filter(catalog_name=self.name, table_namespace=name).exists()
        )

    def drop_namespace(self, namespace: str | Identifier) -> None:
        name = Catalog.namespace_to_string(namespace)
        if not self.namespace_exists(name):
            raise NoSuchNamespaceError(name)
        if self.list_tables(name):
            raise NamespaceNotEmptyError(name)
        IcebergNamespace.objects.filter(catalog_name=self.name, namespace=name).delete()

    def list_tables(self, namespace: str | Identifier) -> list[Identifier]:
        name = Catalog.namespace_to_string(namespace)
        found = IcebergTable.objects.filter(catalog_name=self.name, table_namespace=name)
        return [(name, each) for each in found.order_by("table_name").values_list("table_name", flat=True)]

    def list_namespaces(self, namespace: str | Identifier = ()) -> list[Identifier]:
        found = IcebergNamespace.objects.filter(catalog_name=self.name).values_list("namespace", flat=True)
        prefix = Catalog.namespace_to_string(namespace) + "." if namespace else ""
        return [tuple(name.split(".")) for name in sorted(set(found)) if name.startswith(prefix)]

    def load_namespace_properties(self, namespace: str | Identifier) -> Properties:
        name = Catalog.namespace_to_string(namespace)
        if not self.namespace_exists(name):
            raise NoSuchNamespaceError(name)
        found = IcebergNamespace.objects.filter(catalog_name=self.name, namespace=name)
        return dict(found.values_list("property_key", "property_value"))

    def update_namespace_properties(
        self, namespace: str | Identifier, removals: set[str] | None = None, updates: Properties = EMPTY_DICT
    ) -> PropertiesUpdateSummary:
        name = Catalog.namespace_to_string(namespace)
        summary, _ = self._get_updated_props_and_update_summary(
            self.load_namespace_properties(name), removals, updates
        )
        rows = IcebergNamespace.objects.filter(catalog_name=self.name, namespace=name)
        rows.filter(property_key__in=[*(removals or ()), *updates]).delete()
        for key, value in updates.items():
            IcebergNamespace.objects.create(
                catalog_name=self.name, namespace=name, property_key=key, property_value=value
            )
        return summary

    def list_views(self, namespace: str | Identifier) -> list[Identifier]:  # noqa: ARG002 - there are none
        return []

    def view_exists(self, identifier: str | Identifier) -> bool:  # noqa: ARG002 - there are none
        return False

    def load_view(self, identifier: str | Identifier) -> Any:
        raise NotSupported(str(identifier))

    def create_view(self, identifier: str | Identifier, *_: Any, **__: Any) -> Any:
        raise NotSupported(str(identifier))

    def register_view(self, identifier: str | Identifier, metadata_location: str) -> Any:  # noqa: ARG002
        raise NotSupported(str(identifier))

    def drop_view(self, identifier: str | Identifier) -> None:
        raise NotSupported(str(identifier))

    def _split(self, identifier: str | Identifier) -> tuple[str, str]:
        namespace = Catalog.namespace_to_string(Catalog.namespace_from(identifier))
        return namespace, Catalog.table_name_from(identifier)

    def _rows(self, namespace: str, name: str) -> Any:
        return IcebergTable.objects.filter(catalog_name=self.name, table_namespace=namespace, table_name=name)

    def _row(self, namespace: str, name: str) -> IcebergTable | None:
        found: IcebergTable | None = self._rows(namespace, name).first()
        return found

    def _insert(self, namespace: str, name: str, place: str) -> None:
        IcebergTable.objects.create(
            catalog_name=self.name,
            table_namespace=namespace,
            table_name=name,
            metadata_location=place,
            iceberg_type="TABLE",
        )


def catalog(warehouse: str) -> DjangoCatalog:
    """The lake's catalog; its namespace is made on first use."""
    found = DjangoCatalog(NAME, warehouse=warehouse, **{"py-io-impl": home_io.IMPLEMENTATION})
    if not found.namespace_exists(NAMESPACE):
        found.create_namespace(NAMESPACE)
    return found


def lock(name: str) -> None:
    """Hold the table's pointer, be there one yet or not, until the transaction ends."""
    alone(f"lake.table {name}")
