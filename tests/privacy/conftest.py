"""What the tests of privacy share: a few hundred invented elders, and a contract that grants answers only."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hutong.accounts.api import Actor
from hutong.exchange.api import Wish, contracts, requests
from hutong.exchange.types import ContractRef, Delivery
from hutong.kernel import clock
from hutong.kernel.settings import home
from hutong.lake import api as lake
from hutong.lake.store import queries
from hutong.lake.types import Source
from hutong.privacy.types import Measure, Question
from tests.installed import install, once

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PROVIDER, CONSUMER, THIRD = "civil-affairs-bureau", "statistics-bureau", "tax-bureau"
COLUMNS = ("gender", "subdistrict", "ability", "lives_alone", "subsidy", "assessed", "name")
PEOPLE = 400


def person(organisation: str, *roles: str) -> Actor:
    held = roles or ("steward",)
    reach = frozenset((role, organisation) for role in held)
    urn = f"urn:hutong:beijing-dongcheng:person:{organisation}"
    return Actor(urn, organisation, organisation, frozenset({"public", *held}), True, reach)


OFFICE = person("science-informatization-bureau", "data_office")


def id_number(number: int) -> str:
    """An identity number that holds together and is nobody's."""
    text = f"110101{1930 + number % 30}{1 + number % 12:02d}15{number % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return text + "10X98765432"[sum(int(a) * b for a, b in zip(text, weights, strict=True)) % 11]


def elders(count: int) -> str:
    lines = [
        "对象编号,姓名,公民身份号码,性别,出生日期,联系电话,街道代码,社区代码,能力评估,独居,月补贴,评估日期"
    ]
    for each in range(count):
        ability = ("完好", "轻度失能", "中度失能", "重度失能")[each % 4]
        born = id_number(each)[6:14]
        area = f"110101{1 + each % 3:03d}"
        lines.append(
            f"E{each:05d},某{each},{id_number(each)},{'男' if each % 2 else '女'},{born[:4]}-{born[4:6]}-{born[6:]},"
            f"138{each:08d},{area},{area}001,{ability},{'是' if each % 5 == 0 else '否'},{100 * (each % 11)},"
            f"2025-0{1 + each % 9}-01"
        )
    return "\n".join(lines) + "\n"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUTONG_PRIVACY_BEAT_MS", "0")
    for each in ("lake", "exchange"):
        shutil.rmtree(home() / each, ignore_errors=True)
    with clock.freeze(NOW):
        yield
    queries.close_all()


def fill(tmp_path: Path, count: int = PEOPLE) -> None:
    file = tmp_path / "elders.csv"
    file.write_text(elders(count), "utf8")
    assert lake.load("elders", Source.file(file)).rows_loaded == count


@pytest.fixture
def district(db: Any, tmp_path: Path) -> None:
    def work() -> None:
        install()
        fill(tmp_path)

    once("privacy", work, folders=("lake",))


@pytest.fixture
def agreed(district: None) -> Callable[..., ContractRef]:
    return make_contract


def make_contract(consumer: str = CONSUMER, **changes: Any) -> ContractRef:
    """Ask for answers, check, agree and sign: a contract in force."""
    fields: dict[str, Any] = {
        "dataset": "elders", "purpose": "policy-making", "purpose_text": "测算养老服务需求",
        "duty": "《统计法》第二十五条",
        "columns": COLUMNS, "where": (), "start": date(2026, 3, 1), "end": date(2026, 12, 31),
        "delivery": Delivery.ANSWERS,
    }  # fmt: skip
    asked = requests.submit(person(consumer), Wish(**(fields | changes)))
    requests.check(OFFICE, asked.id)
    made = requests.agree(person(PROVIDER), asked.id)
    return contracts.sign(person(consumer), made.contract)


def question(measure: Measure = Measure.PEOPLE, epsilon: str = "0.5", **more: Any) -> Question:
    return Question(measure, Decimal(epsilon), **more)
