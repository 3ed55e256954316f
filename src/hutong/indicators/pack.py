"""The indicators section of a pack: one file an indicator, ``indicators/<id>.yaml``. See docs/indicators.md."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from hutong.indicators.errors import UnsafeQuery
from hutong.indicators.logic import query, trial
from hutong.indicators.logic.periods import Period
from hutong.indicators.logic.query import sql_name
from hutong.indicators.types import NOTHING, Baseline, Definition, Dimension, Direction, Nature, Target
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.lake.types import Contract
from hutong.packs.api import Id, Item, Pack, Problem, RefTo, Section, Spec, TextSpec, Title, Wrong, register


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
    ``period`` (a date, the first day of the period) and ``weight`` (what a mean is weighted by).
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


def check(pack: Pack, items: tuple[Item, ...]) -> Iterable[Problem]:
    """Rules beyond the model: the queries are safe, portable and read tables that the pack declares."""
    datasets = {item.id for item in pack.items("datasets")}
    for item in items:
        spec: IndicatorSpec = item.value
        for index, table in enumerate(spec.tables):
            if datasets and table not in datasets:
                yield item.problem(
                    ("tables", index),
                    code="unknown-table",
                    expected=Text(zh="本包声明的数据集", en="a dataset that the pack declares"),
                    fix=Text(
                        zh="改正编号，或在 datasets 中声明它", en="mend the id, or declare it in datasets"
                    ),
                    found=table,
                )
        for key in ("query", "rows_query"):
            yield from _check_query(item, spec, key)


def _check_query(item: Item, spec: IndicatorSpec, key: str) -> Iterable[Problem]:
    sql: str = getattr(spec, key)
    try:
        query.portable(sql, spec.tables, spec.period, date(2025, 6, 15))
    except UnsafeQuery as error:
        yield item.problem(
            key,
            code="unsafe-query",
            expected=Text(
                zh="一条只读 tables 所列数据表、可移植的 SELECT",
                en="one portable SELECT that reads only what tables lists",
            ),
            fix=error.mend,
            found=error.facts["reason"],
        )
        return
    given = set(query.columns(sql))
    wanted = {"value", *spec.columns} if key == "query" else set()
    if given and wanted - given:
        yield item.problem(
            key,
            code="missing-column",
            expected=Text(
                zh=f"结果列 {'、'.join(sorted(wanted))}",
                en=f"columns {', '.join(sorted(wanted))} in the result",
            ),
            fix=Text(zh="在 SELECT 中补上", en="add them to the SELECT"),
            found=", ".join(sorted(given)),
        )


def run_tests(pack: Pack, items: tuple[Item, ...]) -> Iterable[Problem]:
    """Run the tests beside each indicator in a throw-away database."""
    contracts = {
        item.id: item.value.table.contract(item.id)
        for item in pack.items("datasets")
        if getattr(item.value, "table", None)
    }
    if not any(item.value.tests for item in items):
        return
    with trial.bench() as base:
        for item in items:
            yield from _run_tests(base, item, contracts)


def _run_tests(base: Any, item: Item, contracts: Mapping[str, Contract]) -> Iterable[Problem]:
    spec: IndicatorSpec = item.value
    missing = [each for each in spec.tables if each not in contracts]
    if missing:
        yield item.problem(
            "tests",
            code="no-contract",
            expected=Text(zh="有契约的数据表", en="tables with a contract"),
            fix=Text(zh="给数据集写上 table 契约", en="give the dataset a table contract"),
            found=", ".join(missing),
        )
        return
    tables = [contracts[each] for each in spec.tables]
    for index, case in enumerate(spec.tests):
        for path, fault in trial.run(base, spec, case, tables):
            yield item.problem(
                ("tests", index, *path),
                code="test-failed",
                expected=fault.expected,
                fix=fault.fix,
                found=fault.found,
            )


def apply(pack: Pack, items: tuple[Item, ...]) -> None:
    """Remember each definition; what changed is computed again."""
    from hutong.indicators.definitions import install  # noqa: PLC0415 - models load after the apps

    install(items, {item.id: item.value for item in pack.items("dimensions")})


DIMENSIONS = register(
    Section(
        name="dimensions",
        path="dimensions/*.yaml",
        model=DimensionSpec,
        title=Text(zh="维度", en="Dimensions"),
    )
)
SECTION = register(
    Section(
        name="indicators",
        path="indicators/*.yaml",
        model=IndicatorSpec,
        title=Text(zh="指标", en="Indicators"),
        check=check,
        tests=run_tests,
        apply=apply,
        after=("datasets", "dimensions"),
    )
)
