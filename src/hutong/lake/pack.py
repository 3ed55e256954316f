"""The contract language: the ``table:`` block of a dataset in a pack.

Every key is documented in docs/lake.md. Unknown keys are errors.
"""

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hutong.kernel.text import Text
from hutong.lake.types import (
    NO_TEXT,
    Breach,
    Column,
    ColumnType,
    Contract,
    Crs,
    Dimension,
    Freshness,
    Rule,
    SourceOptions,
)
from hutong.packs.api import Wrong

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_DURATION = re.compile(r"(\d+)\s*(hour|day|week|month|quarter|year)s?\Z")


def _as_text(value: object) -> object:
    """YAML reads 999, 1900-01-01 and yes as other things than text."""
    if value is None or isinstance(value, str | dict | list):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


Written = str | int | float | bool | date  # what an editor's schema allows where a text is read
Scalar = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=Written)]
Bound = Annotated[str | None, BeforeValidator(_as_text, json_schema_input_type=Written | None)]
Names = Annotated[
    tuple[Scalar, ...], BeforeValidator(_as_list, json_schema_input_type=Written | tuple[Written, ...])
]


class Spec(BaseModel):
    """A block of a pack: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)


class TextSpec(Spec):
    """A text in Chinese and, where there is one, English."""

    zh: str = Field(min_length=1)
    en: str = ""

    @property
    def text(self) -> Text:
        return Text(self.zh, self.en)


class ColumnSpec(Spec):
    """One column."""

    type: ColumnType = ColumnType.TEXT
    title: TextSpec | None = None
    unit: str = ""
    required: bool = False
    optional: bool = False
    range: tuple[Bound, Bound] = (None, None)
    codes: dict[Scalar, TextSpec | Scalar] | tuple[Scalar, ...] = ()
    pattern: str = ""
    length: int = Field(default=0, ge=0)
    sensitive: bool = False
    crs: Crs = Crs.WGS84
    sources: Names = Field(default=(), alias="from")
    sentinels: Names = ()
    scale: int = Field(default=4, ge=0, le=12)
    formats: Names = ()
    timezone: str = "Asia/Shanghai"
    whole_degrees: bool = True
    breach: Breach = Breach.QUARANTINE
    note: TextSpec | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.pattern:
            re.compile(self.pattern)
        if self.type is ColumnType.CODE and not self.codes:
            raise Wrong(
                Text(zh="代码表", en="a list of codes"),
                Text(
                    zh="代码型须给出 codes；没有代码表的用 text",
                    en="a code column needs codes; without a list write text",
                ),
            )
        return self

    def column(self, name: str) -> Column:
        codes = self.codes if isinstance(self.codes, dict) else {code: code for code in self.codes}
        titles = {
            code: title.text if isinstance(title, TextSpec) else Text(zh=title, en="")
            for code, title in codes.items()
        }
        plain = self.model_dump(exclude={"title", "codes", "note"})
        return Column(name=name, title=_text(self.title), codes=titles, note=_text(self.note), **plain)


class RisesSpec(Spec):
    """A cumulative count: it never falls within ``per`` in the order of ``order``."""

    column: str
    per: Names = ()
    order: str


class RefersSpec(Spec):
    """The columns are found in another table of the lake.

    ``among``: judge only rows whose values of these columns are known there (the others may be missing).
    """

    columns: Names
    table: str
    to: Names
    among: Names = ()

    @model_validator(mode="after")
    def _paired(self) -> Self:
        if len(self.columns) != len(self.to):
            raise ValueError("columns and to have different lengths")
        for name in self.among:
            if name not in self.columns:
                raise ValueError(f"among names {name}, which is not one of columns")
        return self


class InsideSpec(Spec):
    """The point lies in an area of another table: the one named by ``column``, or any."""

    lon: str
    lat: str
    table: str
    column: str = ""
    to: str = "name"


class RuleSpec(Spec):
    """A rule: an id, one of check, rises, refers, unique, inside, and the reason shown to people."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
    because: TextSpec
    breach: Breach = Breach.QUARANTINE
    dimension: Dimension | None = None
    check: str = ""
    rises: RisesSpec | None = None
    refers: RefersSpec | None = None
    unique: Names = ()
    inside: InsideSpec | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self._kinds()) != 1:
            raise ValueError("a rule has exactly one of check, rises, refers, unique, inside")
        if self.breach is Breach.EMPTY:
            raise ValueError("a rule cannot empty a value; use quarantine or warn")
        return self

    def _kinds(self) -> list[str]:
        return [name for name in ("check", "rises", "refers", "unique", "inside") if getattr(self, name)]

    def rule(self) -> Rule:
        kind: Any = self._kinds()[0]
        usual = {"unique": Dimension.UNIQUENESS, "inside": Dimension.ACCURACY}
        base: dict[str, Any] = {
            "id": self.id,
            "kind": kind,
            "because": self.because.text,
            "breach": self.breach,
            "dimension": self.dimension or usual.get(kind, Dimension.CONSISTENCY),
        }
        if self.rises:
            return Rule(**base, column=self.rises.column, per=self.rises.per, order=self.rises.order)
        if self.refers:
            other = self.refers
            return Rule(**base, columns=other.columns, table=other.table, to=other.to, among=other.among)
        if self.inside:
            place = self.inside
            return Rule(
                **base, lon=place.lon, lat=place.lat, table=place.table, column=place.column, to=(place.to,)
            )
        return Rule(**base, check=self.check, columns=self.unique)


class FreshnessSpec(Spec):
    """How old the newest row may be: ``45 days``."""

    within: str
    column: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"within": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if not _DURATION.match(self.within):
            raise ValueError("write a number and hour, day, week, month, quarter or year")
        return self

    def freshness(self) -> Freshness:
        found = _DURATION.match(self.within)
        assert found  # noqa: S101 - checked above
        return Freshness(timedelta(days=int(found[1]) * _DAYS[found[2]]), self.column)


class SourceSpec(Spec):
    """How the source is written."""

    format: Literal["", "csv", "excel", "json", "ndjson", "geojson", "parquet"] = ""
    encoding: str = ""
    delimiter: str = Field(default="", max_length=4)
    sheet: str = ""
    header_row: int = Field(default=0, ge=0)
    records: str = ""
    missing: Names = ()
    extra: Literal["ignore", "warn", "refuse"] = "warn"
    constants: dict[str, Scalar] = Field(default_factory=dict)


class TableSpec(Spec):
    """A table's contract."""

    key: Names = ()
    keep: Literal["first", "last", "none"] = "first"
    columns: dict[str, ColumnSpec] = Field(min_length=1, max_length=2000)
    rules: tuple[RuleSpec, ...] = ()
    freshness: FreshnessSpec | None = None
    source: SourceSpec = SourceSpec()

    @model_validator(mode="after")
    def _together(self) -> Self:
        for name in self.columns:
            if not _NAME.match(name):
                raise Wrong(
                    Text(zh=f"列名（现为“{name}”）", en=f"a column name (found “{name}”)"),
                    Text(
                        zh="以小写字母开头，只用小写字母、数字和下划线，不重复",
                        en="begin with a lower-case letter, use lower-case letters, digits and _ only, none twice",
                    ),
                )
        ids = [rule.id for rule in self.rules]
        for twice in {each for each in ids if ids.count(each) > 1}:
            raise ValueError(f"the rule id {twice} is used twice")
        for name in self._mentioned():
            if name not in self.columns:
                raise ValueError(f"there is no column {name}; columns are {', '.join(self.columns)}")
        return self

    def _mentioned(self) -> list[str]:
        names = [*self.key, *self.source.constants]
        for rule in self.rules:
            names += rule.unique
            if rule.rises:
                names += [rule.rises.column, *rule.rises.per, rule.rises.order]
            if rule.refers:
                names += rule.refers.columns
            if rule.inside:
                names += [rule.inside.lon, rule.inside.lat]
                names += [rule.inside.column] if rule.inside.column else []
        if self.freshness and self.freshness.column:
            names.append(self.freshness.column)
        return names

    def contract(self, table: str, title: Text = NO_TEXT) -> Contract:
        """The contract of ``table`` (the dataset's id)."""
        return Contract(
            table=table,
            title=title,
            key=self.key,
            keep=self.keep,
            columns=tuple(spec.column(name) for name, spec in self.columns.items()),
            rules=tuple(rule.rule() for rule in self.rules),
            freshness=self.freshness.freshness() if self.freshness else None,
            source=SourceOptions(**self.source.model_dump()),
        )


def _text(spec: TextSpec | None) -> Text:
    return spec.text if spec else NO_TEXT
