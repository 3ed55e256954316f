"""A district pack with one plan, applied."""

import pytest
import yaml

from hutong.accounts import organisations
from hutong.indicators.plans.packing import install
from hutong.indicators.specs_plans import PlanSpec
from hutong.packs.api import Item

PLAN = """
id: science
title: {zh: 科技规划, en: Science plan}
period: {from: 2021, to: 2025}
reference: 测试
indicators:
  - {id: patents, title: {zh: 高价值专利, en: Patents}, unit: 件, target: {text: 82左右, op: about, low: 82, high: 82},
     nature: expected, baseline: {year: 2020, value: 62}, reference: 表1（1）, computed_by: patents-per-10k}
  - {id: rank, title: {zh: 技术合同成交额, en: Contracts}, target: {text: 在全市保持前列, op: text}, reference: 表1}
tasks:
  - {id: platform, title: {zh: 升级大数据平台, en: Upgrade the data platform}, reference: 四（四）2,
     owner: science, deadline: 2025-12-31}
  - {id: cockpit, title: {zh: 建设领导驾驶舱, en: Build the cockpit}, reference: 四（四）3}
"""


def item(text: str = PLAN) -> Item:
    return Item(
        "beijing-test", "plans", "plans/science.yaml", PlanSpec.model_validate(yaml.safe_load(text)), {}, {}
    )


@pytest.fixture
def district(db):
    """Two bureaus and a plan."""
    organisations.apply(
        "beijing-test",
        [
            organisations.Facts("government", "区政府", "Government", "government"),
            organisations.Facts("science", "科信局", "Science bureau", "bureau", "government"),
            organisations.Facts("culture", "文旅局", "Culture bureau", "bureau", "government"),
        ],
    )
    install("beijing-test", [item()])
