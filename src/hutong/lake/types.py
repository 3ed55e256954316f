"""What crosses the border of the lake."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from hutong.kernel.text import Text
from hutong.lake.bodies import Body as Body
from hutong.lake.bodies import BodyFormat as BodyFormat
from hutong.lake.lenses import HIDDEN as HIDDEN
from hutong.lake.lenses import KEEP as KEEP
from hutong.lake.lenses import Condition as Condition
from hutong.lake.lenses import Lens as Lens
from hutong.lake.lenses import Mask as Mask
from hutong.lake.lenses import MaskKind as MaskKind
from hutong.lake.lenses import Op as Op
from hutong.lake.lenses import Seen as Seen
from hutong.lake.lenses import Value as Value
from hutong.lake.profiles import ColumnProfile as ColumnProfile
from hutong.lake.profiles import Profile as Profile

NO_TEXT = Text(zh="", en="")
Mode = Literal["replace", "append", "upsert"]


class ColumnType(StrEnum):
    """What a column holds; in brackets how it is stored (DuckDB)."""

    TEXT = "text"  # VARCHAR
    CODE = "code"  # VARCHAR, from a code list
    INT = "int"  # BIGINT
    DECIMAL = "decimal"  # DECIMAL(18, scale)
    FLOAT = "float"  # DOUBLE
    BOOL = "bool"  # BOOLEAN
    DATE = "date"  # DATE
    DATETIME = "datetime"  # TIMESTAMP WITH TIME ZONE, in UTC
    MONTH = "month"  # DATE, the first of the month
    YEAR = "year"  # INTEGER
    MONEY = "money"  # BIGINT, fen
    PERCENT = "percent"  # DOUBLE, 5 % is 5.0
    QUANTITY = "quantity"  # DOUBLE, in the unit of the column
    USCC = "uscc"  # VARCHAR, unified social credit code (GB 32100-2015)
    IDNUMBER = "idnumber"  # VARCHAR, citizen identity number (GB 11643-1999)
    PHONE = "phone"  # VARCHAR
    LONGITUDE = "longitude"  # DOUBLE, degrees, WGS 84
    LATITUDE = "latitude"  # DOUBLE, degrees, WGS 84
    GEOMETRY = "geometry"  # BLOB, WKB, WGS 84
    JSON = "json"  # VARCHAR, JSON text


class Crs(StrEnum):
    """The coordinate system of a source. What is stored is WGS 84; the source's own values are kept beside."""

    WGS84 = "wgs-84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj-02"
    BD09 = "bd-09"


class Breach(StrEnum):
    """What happens to a value or row that breaks its rule."""

    QUARANTINE = "quarantine"  # the row stays out, with the reason
    WARN = "warn"  # the row comes in and is counted
    EMPTY = "empty"  # the value becomes empty, the row comes in and is counted


class Dimension(StrEnum):
    """Dimensions of data quality, after GB/T 36344-2018 (uniqueness is counted by itself)."""

    COMPLETENESS = "completeness"  # 完整性
    VALIDITY = "validity"  # 规范性
    UNIQUENESS = "uniqueness"  # 唯一性
    CONSISTENCY = "consistency"  # 一致性
    ACCURACY = "accuracy"  # 准确性
    TIMELINESS = "timeliness"  # 时效性


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract. ``sources`` are the headers it may have in a file, beside name and titles."""

    name: str
    type: ColumnType
    title: Text = NO_TEXT
    unit: str = ""
    required: bool = False
    optional: bool = False  # the column may be absent from the source
    range: tuple[str | None, str | None] = (None, None)  # both ends included
    codes: Mapping[str, Text] = field(default_factory=dict)
    pattern: str = ""
    length: int = 0  # longest text, 0: the bound of the lake
    sensitive: bool = False
    crs: Crs = Crs.WGS84
    sources: tuple[str, ...] = ()
    sentinels: tuple[str, ...] = ()  # values that stand for "not known"
    scale: int = 4  # decimal places of a decimal
    formats: tuple[str, ...] = ()  # date formats (strptime) beside the usual ones
    timezone: str = "Asia/Shanghai"  # of times that name none
    whole_degrees: bool = True  # whether a coordinate without decimals may be true
    breach: Breach = Breach.QUARANTINE
    note: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over a row (check, inside) or over rows (rises, refers, unique).

    ``check``: a restricted SQL condition on the columns. ``rises``: ``column`` never falls within ``per`` in the
    order of ``order``. ``refers``: ``columns`` are found as ``to`` in ``table``. ``unique``: ``columns`` once.
    ``inside``: the point (``lon``, ``lat``) lies in the area of ``table`` whose ``to`` equals ``column``
    (any area when ``column`` is empty).
    """

    id: str
    kind: Literal["check", "rises", "refers", "unique", "inside"]
    because: Text
    breach: Breach = Breach.QUARANTINE
    dimension: Dimension = Dimension.CONSISTENCY
    check: str = ""
    column: str = ""
    columns: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    order: str = ""
    table: str = ""
    to: tuple[str, ...] = ()
    among: tuple[str, ...] = ()  # refers: judge only rows whose values of these columns are known there
    lon: str = ""
    lat: str = ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The newest value of ``column`` (empty: the moment of loading) is at most ``within`` old."""

    within: timedelta
    column: str = ""


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How the source is written, where it cannot be told from the source itself."""

    format: str = ""  # csv, excel, json, ndjson, geojson, parquet; empty: told from name and content
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0  # 0: found by the contract's column names
    records: str = ""  # path of the list of records in a JSON document, as data.items
    missing: tuple[str, ...] = ()  # marks of "no value" beside the usual ones
    extra: Literal["ignore", "warn", "refuse"] = "warn"  # columns that the contract does not name
    constants: Mapping[str, str] = field(default_factory=dict)  # columns with one value for the whole source


@dataclass(frozen=True, slots=True)
class Contract:
    """What a table promises. ``table`` is the dataset's id in kebab-case."""

    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    title: Text = NO_TEXT
    freshness: Freshness | None = None
    source: SourceOptions = SourceOptions()
    keep: Literal["first", "last", "none"] = "first"  # which of several rows with one key is loaded

    @property
    def sql_name(self) -> str:
        return self.table.replace("-", "_")

    def column(self, name: str) -> Column:
        """The column called ``name``; ``KeyError`` without one."""
        for each in self.columns:
            if each.name == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: a file, an HTTP address, a database, or a query over lake tables."""

    kind: Literal["file", "url", "database", "query"]
    location: str
    name: str = ""  # shown to people and used to tell the format
    sql: str = ""  # database: what to read; query: the query
    tables: tuple[str, ...] = ()  # query: the tables it reads
    options: SourceOptions | None = None  # instead of the contract's

    @classmethod
    def file(cls, path: object, *, name: str = "", options: SourceOptions | None = None) -> "Source":
        return cls("file", str(path), name or str(path).rsplit("/", 1)[-1], options=options)

    @classmethod
    def url(cls, address: str, *, options: SourceOptions | None = None) -> "Source":
        return cls("url", address, address.split("?", 1)[0].rsplit("/", 1)[-1], options=options)

    @classmethod
    def database(cls, address: str, sql: str) -> "Source":
        """``address`` is a SQLAlchemy URL, ``sql`` one SELECT or a table's name."""
        return cls("database", address, sql[:80], sql=sql)

    @classmethod
    def query(cls, sql: str, tables: tuple[str, ...]) -> "Source":
        """A derived table: the rows of a query over other tables of the lake."""
        return cls("query", "", "query", sql=sql, tables=tables)


@dataclass(frozen=True, slots=True)
class SnapshotRef:
    """One committed state of a table; ``sequence`` counts from 1 in its table."""

    table: str
    sequence: int
    iceberg_id: int
    committed_at: datetime
    rows: int
    urn: str
    entry_id: int
    contract_version: int = 1
    load_id: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of defect in one column or rule, and in how many rows."""

    code: str
    column: str  # the column or the rule's id; empty: the file as a whole
    count: int
    outcome: Literal["quarantined", "warned", "emptied", "noted"]
    dimension: Dimension
    what: Text
    fix: Text = NO_TEXT
    rows: tuple[int, ...] = ()  # the first few


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. ``reasons`` counts quarantined rows by ``code`` or ``code:column``."""

    load_id: str
    table: str
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    duplicates: int
    reasons: Mapping[str, int]
    findings: tuple[Finding, ...]
    snapshot: SnapshotRef | None
    unchanged: bool
    resumed: bool = False
    elapsed_ms: int = 0
    urn: str = ""


@dataclass(frozen=True, slots=True)
class LoadRef:
    """One load as a list shows it. ``state``: running, committed, unchanged, failed, interrupted."""

    load_id: str
    urn: str
    table: str
    state: str
    source: str
    sha256: str
    mode: str
    actor: str
    started_at: datetime
    finished_at: datetime | None
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    findings: tuple[Finding, ...]
    snapshot: str
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class TableRef:
    """One table of the lake and its newest state."""

    table: str
    sql_name: str
    title: Text
    urn: str
    contract_version: int
    latest: SnapshotRef | None
    score: float | None
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Rows of a query, with the snapshots it read. ``truncated``: there were more than the limit."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    snapshots: tuple[SnapshotRef, ...]
    sql: str
    elapsed_ms: float
    truncated: bool = False

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """0 to 100: the share of cells or rows without a defect of that dimension; None when nothing is checked."""

    dimension: Dimension
    score: float | None
    affected: int
    checked: int
    why: Text


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a snapshot as its load found it; ``score`` is the mean of the dimensions checked."""

    score: float
    dimensions: tuple[DimensionScore, ...]
    findings: tuple[Finding, ...]
    rows_in: int
    rows_loaded: int
    rows_quarantined: int


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """How a column moved. PSI: under 0.1 steady, to 0.25 moving, above it changed."""

    column: str
    psi: float | None
    nulls_before: float
    nulls_now: float
    new_values: tuple[str, ...]
    gone_values: tuple[str, ...]
    verdict: Literal["steady", "moving", "changed"]


@dataclass(frozen=True, slots=True)
class Drift:
    """A snapshot against the one before it; ``before`` is None for the first."""

    before: SnapshotRef | None
    now: SnapshotRef
    rows_before: int
    rows_now: int
    columns: tuple[ColumnDrift, ...]


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """One reason why one row stayed out. ``row`` counts as a spreadsheet does: the first line is 1."""

    row: int
    column: str
    code: str
    what: Text
    original: str
    fix: Text


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """Some of the quarantined rows of a load, and how many reasons there are in all.

    ``load_id`` is the load that put them aside: of an unchanged one, the load that brought its content.
    """

    total: int
    rows: tuple[QuarantinedRow, ...]
    load_id: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a table comes from and what it feeds: loads oldest first, tables its rules or query read."""

    table: str
    loads: tuple[LoadRef, ...]
    reads: tuple[str, ...]
    read_by: tuple[str, ...]
