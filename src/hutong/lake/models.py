"""Tables of the lake. The first two have the layout of PyIceberg's SqlCatalog: a stranger's opens our tables."""

from typing import ClassVar

from django.db import models

from hutong.kernel.fields import JsonField


class IcebergTable(models.Model):
    """Where the current metadata of a table lies."""

    pk = models.CompositePrimaryKey("catalog_name", "table_namespace", "table_name")
    catalog_name = models.CharField(max_length=255)
    table_namespace = models.CharField(max_length=255)
    table_name = models.CharField(max_length=255)
    metadata_location = models.CharField(max_length=1000, null=True)  # noqa: DJ001 - the layout is not ours
    previous_metadata_location = models.CharField(max_length=1000, null=True)  # noqa: DJ001 - nor here
    iceberg_type = models.CharField(max_length=5, null=True)  # noqa: DJ001 - nor here

    class Meta:
        db_table = "iceberg_tables"

    def __str__(self) -> str:
        return f"{self.table_namespace}.{self.table_name}"


class IcebergNamespace(models.Model):
    """A property of a namespace."""

    pk = models.CompositePrimaryKey("catalog_name", "namespace", "property_key")
    catalog_name = models.CharField(max_length=255)
    namespace = models.CharField(max_length=255)
    property_key = models.CharField(max_length=255)
    property_value = models.CharField(max_length=1000)

    class Meta:
        db_table = "iceberg_namespace_properties"

    def __str__(self) -> str:
        return f"{self.namespace}.{self.property_key}"


class ContractRow(models.Model):
    """One version of a table's contract."""

    table = models.CharField(max_length=120)
    version = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    body = JsonField()
    defined_at = models.DateTimeField()

    class Meta:
        db_table = "lake_contract"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "version"], name="lake_contract_version")
        ]

    def __str__(self) -> str:
        return f"{self.table} v{self.version}"


class LoadRow(models.Model):
    """One load, from its first moment: what came, what stayed out, what it made."""

    id = models.CharField(max_length=40, primary_key=True)
    table = models.CharField(max_length=120, db_index=True)
    state = models.CharField(max_length=12, default="running", db_index=True)
    source = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, default="")
    size = models.BigIntegerField(default=0)
    mode = models.CharField(max_length=8)
    actor = models.CharField(max_length=250)
    contract_version = models.IntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows_in = models.BigIntegerField(default=0)
    rows_loaded = models.BigIntegerField(default=0)
    rows_quarantined = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    findings = JsonField(default=list)
    reads = JsonField(default=list)  # URNs of the snapshots it read
    error = JsonField(null=True)
    resumed = models.BooleanField(default=False)
    elapsed_ms = models.IntegerField(default=0)

    class Meta:
        db_table = "lake_load"
        indexes: ClassVar = [models.Index(fields=["table", "sha256"], name="lake_load_content")]

    def __str__(self) -> str:
        return f"{self.table} {self.id}"


class SnapshotRow(models.Model):
    """One committed state of a table. ``files`` are relative to the lake's folder."""

    table = models.CharField(max_length=120)
    sequence = models.IntegerField()
    iceberg_id = models.BigIntegerField()
    committed_at = models.DateTimeField()
    rows = models.BigIntegerField()
    urn = models.CharField(max_length=250, unique=True)
    entry_id = models.BigIntegerField()
    contract_version = models.IntegerField()
    load_id = models.CharField(max_length=40)
    files = JsonField(default=list)
    columns = JsonField(default=list)
    profile = JsonField(default=dict)

    class Meta:
        db_table = "lake_snapshot"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "sequence"], name="lake_snapshot_sequence")
        ]
        indexes: ClassVar = [models.Index(fields=["table", "committed_at"], name="lake_snapshot_time")]

    def __str__(self) -> str:
        return self.urn
