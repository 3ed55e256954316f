from datetime import UTC, date, datetime

import pytest

from hutong.accounts.api import ANONYMOUS
from hutong.indicators.models import ComputationRow, ObservationRow
from hutong.indicators.on_map import OnMap
from hutong.onemap.types import MeasureRef
from hutong.packs import api as packs

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 31)
MONTHS = (date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1))


@pytest.fixture
def orders() -> MeasureRef:
    """Three months of hotline orders in two subdistricts, as one computation keeps them."""
    pack = packs.installed()
    section = next(each for each in packs.registered() if each.name == "indicators")
    assert section.apply is not None
    section.apply(pack, pack.items("indicators"))
    run = ComputationRow.objects.create(
        urn="urn:hutong:beijing-dongcheng:computation:x",
        indicator="hotline-orders",
        as_of=DAY,
        definition="d",
        inputs=[],
        inputs_hash="i",
        query_hash="q",
        result_hash="r",
        points=6,
        entry_id=1,
        computed_at=datetime(2024, 2, 1, tzinfo=UTC),
        elapsed_ms=1,
    )
    for back, period in enumerate(reversed(MONTHS)):
        for member, number in (("110101001", 10.0 + back), ("110101002", 20.0 + back)):
            ObservationRow.objects.create(
                computation=run,
                period=period,
                back=back,
                dimension="subdistrict",
                member=member,
                number=number,
            )
    found = [each for each in OnMap().refs() if each.id == "hotline-orders"]
    assert [each.dimension for each in found] == ["subdistrict"]
    return found[0]


def test_only_what_is_stored_is_offered(orders: MeasureRef) -> None:
    assert [each.id for each in OnMap().refs()] == [orders.id]


def test_a_month_shows_the_newest_period_begun_by_then(orders: MeasureRef) -> None:
    december = OnMap().measure(orders, date(2023, 12, 31), ANONYMOUS)
    assert december is not None
    assert december.values == {"110101001": 11.0, "110101002": 21.0}
    assert december.period.zh == "2023年12月"
    assert (
        december.urls["110101001"]
        == "/figures/hotline-orders/2024-01-31?period=2023-12-01&subdistrict=110101001"
    )


def test_before_the_first_period_there_is_nothing(orders: MeasureRef) -> None:
    assert OnMap().measure(orders, date(2023, 10, 31), ANONYMOUS) is None
    assert OnMap().measure(MeasureRef("none", orders.title, "subdistrict"), DAY, ANONYMOUS) is None


def test_the_slider_spans_three_years_up_to_the_newest_day(orders: MeasureRef) -> None:
    del orders
    assert OnMap().span() == (date(2021, 2, 1), DAY)


def test_without_figures_there_is_no_span() -> None:
    assert OnMap().span() is None
    assert OnMap().refs() == ()
