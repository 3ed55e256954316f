"""A small valid pack in a folder of its own, to be spoiled line by line."""

from pathlib import Path

import pytest

MANIFEST = """\
id: lane
kind: district
title: {zh: 胡同区, en: Lane District}
division: "110101"
needs: [air]
sources:
  - id: plan
    title: {zh: 规划, en: Plan}
    published: 2021-11-07
    document_number: 东政发〔2021〕9号
"""
ORGANISATIONS = """\
- id: government
  title: {zh: 区政府, en: District Government}
  kind: government
  division: "110101000000"
  reference: plan 一
- id: statistics-bureau
  title: {zh: 统计局, en: Statistics Bureau}
  kind: bureau
  parent: government
  reference: 东政发〔2021〕9号 第六条
"""
AREAS = """\
- id: belt
  title: {zh: 带, en: Belt}
  kind: belt
  reference: plan 四
"""
SYSTEMS = """\
- id: platform
  title: {zh: 平台, en: Platform}
  named_as: 大数据平台
  capability: A1
  owner: statistics-bureau
  state: planned
  reference: plan 四（四）2
"""
PLAN = """\
id: plan-2021
title: {zh: 规划, en: Plan}
period: {from: 2021, to: 2025}
source: plan
indicators:
  - id: firms
    title: {zh: 企业数, en: Firms}
    unit: 家
    target: {text: ≧400, op: ge, low: 400}
    nature: binding
    reference: 表1 序号3
tasks:
  - id: platform
    title: {zh: 升级平台, en: Upgrade the platform}
    reference: 四（四）2
    owner: statistics-bureau
    systems: [platform]
"""
SOLUTION = """\
id: air
kind: solution
title: {zh: 空气质量, en: Air quality}
"""


class Lane:
    """The pack and what may be done to it."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / "districts/lane"
        self.write("pack.yaml", MANIFEST)
        self.write("organisations.yaml", ORGANISATIONS)
        self.write("areas.yaml", AREAS)
        self.write("systems.yaml", SYSTEMS)
        self.write("plans/plan-2021.yaml", PLAN)
        self.write("../../solutions/air/pack.yaml", SOLUTION)

    def write(self, file: str, content: str | bytes) -> None:
        target = self.folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    def change(self, file: str, old: str, new: str) -> None:
        text = (self.folder / file).read_text("utf8")
        assert old in text
        self.write(file, text.replace(old, new, 1))


@pytest.fixture
def lane(tmp_path, monkeypatch):
    monkeypatch.setenv("HUTONG_PACKS", str(tmp_path))
    return Lane(tmp_path)
