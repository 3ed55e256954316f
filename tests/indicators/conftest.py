"""A small district: one table of revenue by month and firm, one of firms, and indicators over them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hutong.indicators import definitions
from hutong.indicators.specs import DimensionSpec, IndicatorSpec
from hutong.kernel.settings import home
from hutong.lake import api as lake
from hutong.lake.pack import TableSpec
from hutong.lake.types import LoadReport, Source
from hutong.packs.api import Item

REVENUE = """
key: [firm, month]
columns:
  firm: {type: text, required: true, title: {zh: 企业}}
  month: {type: month, required: true, title: {zh: 月份}}
  street: {type: text, title: {zh: 街道}}
  revenue: {type: money, unit: 元, title: {zh: 收入}}
  owner: {type: text, sensitive: true, title: {zh: 负责人}}
"""
ROWS = """firm,month,street,revenue,owner
A,2024-01,east,100,张三
B,2024-01,west,50,李四
A,2024-02,east,130,张三
B,2024-02,west,40,李四
A,2024-03,east,150,张三
B,2024-03,west,70,李四
"""
INDICATOR = """
id: revenue
title: {zh: 收入, en: Revenue}
unit: {zh: 元, en: yuan}
period: month
combine: sum
people: false
direction: up
reference: test
tables: [revenue-monthly]
dimensions: [street]
baseline: {year: 2023, value: 100}
target: {2024: {at_least: 300}}
query: |
  SELECT p.period, r.street, sum(r.revenue) / 100 AS value
  FROM periods p JOIN revenue_monthly r ON r.month = p.period
  WHERE p.complete
  GROUP BY GROUPING SETS ((p.period), (p.period, r.street))
rows_query: |
  SELECT month AS period, street, firm, revenue, owner AS person, upper(owner) AS shouted FROM revenue_monthly
  ORDER BY month DESC, firm
tests:
  - as_of: 2024-01-31
    given: {revenue-monthly: [{firm: A, month: 2024-01, street: east, revenue: 5}]}
    expect: [{value: 5}]
"""
STREET = {
    "id": "street",
    "title": {"zh": "街道", "en": "Street"},
    "members": {"east": {"zh": "东", "en": "East"}},
}


@pytest.fixture(autouse=True)
def clean_lake() -> Iterator[None]:
    shutil.rmtree(home() / "lake", ignore_errors=True)
    yield
    shutil.rmtree(home() / "lake", ignore_errors=True)


@pytest.fixture
def load(db: Any, tmp_path: Path) -> Callable[..., LoadReport]:
    """Load a CSV text into ``revenue-monthly``."""

    def run(text: str = ROWS, **options: Any) -> LoadReport:
        lake.define(TableSpec.model_validate(yaml.safe_load(REVENUE)).contract("revenue-monthly"))
        file = tmp_path / "revenue.csv"
        file.write_text(text, "utf8")
        return lake.load("revenue-monthly", Source.file(file), **options)

    return run


@pytest.fixture
def define(db: Any) -> Callable[..., int]:
    """Install an indicator as a pack would; keys given replace those of the usual one."""

    def run(**changed: Any) -> int:
        spec = IndicatorSpec.model_validate({**yaml.safe_load(INDICATOR), **changed})
        item = Item("test", "indicators", "indicators/revenue.yaml", spec, {}, {})
        return definitions.install([item], {"street": DimensionSpec.model_validate(STREET)})

    return run
