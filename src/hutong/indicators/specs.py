"""What a pack may say of an indicator and of a dimension, and the definition it makes."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from hutong.indicators.logic import query
from hutong.indicators.logic.periods import Period
from hutong.indicators.logic.query import sql_name
from hutong.indicators.types import NOTHING, Baseline, Definition, Dimension, Direction, Nature, Target
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.packs.api import Id, RefTo, Spec, TextSpec, Title, Wrong


def _unit(value: object) -> object:
    return {"zh": value} if isinstance(value, str) and value else value


def _number(value: object) -> object:
    return str(value) if isinstance(value, float) else value


Number = Annotated[Decimal, BeforeValidator(_number)]


class TargetSpec(Spec):
    """One of ``about``, ``at_least``, ``at_most``, ``between: [low, high]``."""

    about: Number | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    between: tuple[Number, Number] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [
            name for name in ("about", "at_least", "at_most", "between") if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise Wrong(
                Text(
                    zh="about、at_least、at_most、between 之一", en="one of about, at_least, at_most, between"
                ),
                Text(zh="只写其中一项", en="write exactly one of them"),
                code="bad-target",
            )
        return self


class BaselineSpec(Spec):
    """Where it stood at the end of a year."""

    year: Annotated[int, Field(ge=1950, le=2100)]
    value: Number


class DimensionSpec(Spec):
    """Something figures are broken down by: a column of their queries (``-`` written ``_``).

    ``members`` says what the codes in it are called; what is not named there is shown as it is.
    """

    id: Id
    title: Title
    members: dict[str, TextSpec] = Field(default_factory=dict)


class CaseSpec(Spec):
    """Given these rows on this day, the query gives at least these rows; ``value: null`` says there is none."""

    name: str = ""
    as_of: date
    given: dict[str, list[dict[str, Any]]]
    expect: Annotated[list[dict[str, Any]], Field(min_length=1)]
    rows: Annotated[int, Field(ge=0)] | None = None


class IndicatorSpec(Spec):
    """An indicator.

    The query gives a column ``value``, one column for each dimension (empty: the total), and if wanted
    ``period`` (a date, the first day of the period) and ``weight`` (what a mean is weighted by). ``people``: it counts
    people, so small counts are withheld from whoever may not see the rows; unsaid, it does where a table that is not
    open has personal columns.
    """

    id: Id
    title: Title
    summary: TextSpec | None = None
    group: Id = "other"
    unit: Annotated[TextSpec | None, BeforeValidator(_unit, json_schema_input_type=str | TextSpec | None)] = (
        None
    )
    decimals: Annotated[int, Field(ge=0, le=6)] = 1
    period: Period = Period.NONE
    compare: Literal["previous", "year"] = "previous"
    combine: Literal["sum", "mean", "none"] = "none"
    people: bool | None = None
    direction: Direction
    nature: Nature = Nature.MONITORED
    reference: Annotated[str, Field(min_length=1)]
    tables: Annotated[tuple[Id, ...], Field(min_length=1)]
    dimensions: tuple[Annotated[Id, RefTo("dimensions")], ...] = ()
    query: Annotated[str, Field(min_length=1)]
    rows_query: Annotated[str, Field(min_length=1)]
    baseline: BaselineSpec | None = None
    target: dict[Annotated[int, Field(ge=1950, le=2100)], TargetSpec] = Field(default_factory=dict)
    tests: Annotated[tuple[CaseSpec, ...], Field(min_length=1)]

    @property
    def columns(self) -> tuple[str, ...]:
        """The dimensions as columns of the query."""
        return tuple(sql_name(each) for each in self.dimensions)


def define(
    spec: IndicatorSpec, scope: str, dimensions: Mapping[str, DimensionSpec], file: str = "", line: int = 0
) -> Definition:
    """The definition a spec gives in the pack ``scope``; ``dimensions`` holds those it names."""
    return Definition(
        id=spec.id,
        urn=str(Urn(scope, "indicator", spec.id)),
        hash=fingerprint(spec),
        title=spec.title.text,
        summary=spec.summary.text if spec.summary else NOTHING,
        unit=spec.unit.text if spec.unit else NOTHING,
        group=spec.group,
        decimals=spec.decimals,
        period=spec.period,
        compare=spec.compare,
        combine=spec.combine,
        people=spec.people,
        direction=spec.direction,
        nature=spec.nature,
        reference=spec.reference,
        tables=spec.tables,
        dimensions=tuple(_dimension(dimensions[name]) for name in spec.dimensions),
        query=spec.query,
        rows_query=spec.rows_query,
        targets=tuple(_target(year, each) for year, each in sorted(spec.target.items())),
        baseline=Baseline(spec.baseline.year, spec.baseline.value) if spec.baseline else None,
        file=file,
        line=line,
    )


def fingerprint(spec: IndicatorSpec) -> str:
    """SHA-256 of what decides the values: a better title or a new target leaves them as they are."""
    deciding = {
        "id": spec.id,
        "period": spec.period.value,
        "tables": list(spec.tables),
        "dimensions": list(spec.columns),
        "query": spec.query,
    }
    return query.digest(json.dumps(deciding, ensure_ascii=False, sort_keys=True))


def _dimension(spec: DimensionSpec) -> Dimension:
    members = {code: text.text for code, text in spec.members.items()}
    return Dimension(sql_name(spec.id), spec.title.text, members)


def _target(year: int, spec: TargetSpec) -> Target:
    if spec.between:
        return Target(year, *spec.between)
    if spec.about is not None:
        return Target(year, spec.about, spec.about, about=True)
    return Target(year, spec.at_least, spec.at_most)
