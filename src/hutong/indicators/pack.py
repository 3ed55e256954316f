"""The indicators section of a pack: one file an indicator, ``indicators/<id>.yaml``. See docs/indicators.md."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hutong.indicators.errors import UnsafeQuery
from hutong.indicators.logic import query, trial
from hutong.indicators.specs import DimensionSpec, IndicatorSpec
from hutong.kernel.text import Text
from hutong.lake.types import Contract
from hutong.packs.api import Item, Pack, Problem, Section, register


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
