"""What the exchange's tests share: the demo district's organisations and catalog, and a few rows."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
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
from tests.installed import install, once

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday morning
PROVIDER, CONSUMER, THIRD = "statistics-bureau", "culture-tourism-bureau", "tax-bureau"
FIRMS = """统一社会信用代码,月份,营业收入,税收,从业人员,研发投入
91110101MA0000015M,2025-01,1234.56,10,11,5
91110101MA0000023G,2025-01,2345.67,20,22,6
91110101MA0000015M,2025-02,3456.78,30,33,7
"""


def person(organisation: str, *roles: str) -> Actor:
    held = roles or ("steward",)
    reach = frozenset((role, organisation) for role in held)
    urn = f"urn:hutong:beijing-dongcheng:person:{organisation}"
    return Actor(urn, organisation, organisation, frozenset({"public", *held}), True, reach)


OFFICE = person("science-informatization-bureau", "data_office")


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    for each in ("lake", "exchange"):
        shutil.rmtree(home() / each, ignore_errors=True)
    with clock.freeze(NOW):
        yield
    queries.close_all()


@pytest.fixture
def district(db: Any, tmp_path: Path) -> None:
    """The demo district with three rows about firms and two stations."""

    def work() -> None:
        install()
        file = tmp_path / "firms.csv"
        file.write_text(FIRMS, "utf8")
        assert lake.load("key-firm-monthly", Source.file(file)).rows_loaded == 3

    once("exchange", work, folders=("lake",))


def wish(**changes: Any) -> Wish:
    fields: dict[str, Any] = {
        "dataset": "key-firm-monthly",
        "purpose": "economic-analysis",
        "purpose_text": "分析文旅企业的经营情况",
        "duty": "urn:hutong:beijing-dongcheng:duty:culture-tourism-bureau/venues",
        "columns": ("uscc", "month", "revenue", "staff"),
        "where": (),
        "start": date(2026, 3, 1),
        "end": date(2026, 12, 31),
        "delivery": Delivery.API,
    }
    return Wish(**(fields | changes))


@pytest.fixture
def agreed(district: None) -> Callable[..., ContractRef]:
    """Ask, check, agree and sign: a contract in force."""

    def run(**changes: Any) -> ContractRef:
        asked = requests.submit(person(CONSUMER), wish(**changes))
        requests.check(OFFICE, asked.id)
        made = requests.agree(person(PROVIDER), asked.id)
        return contracts.sign(person(CONSUMER), made.contract)

    return run
