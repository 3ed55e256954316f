from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from hutong.ui import api as ui
from hutong.ui import formats


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1234567.8, None, "1,234,567.8"),
        (0, None, "0"),
        (0.005, None, "0.01"),
        (-3.5, None, "−3.5"),
        (-0.001, 2, "0.00"),
        (1000, 2, "1,000.00"),
        (100, None, "100"),
        (Decimal("12.10"), None, "12.1"),
        (None, None, "—"),
        ("", None, "—"),
        ("≧400", None, "≧400"),
        (float("nan"), None, "nan"),
    ],
)
def test_number(value: object, decimals: int | None, written: str) -> None:
    assert formats.number(value, decimals) == written


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (9999, "9,999", "9,999"),
        (10_000, "1 万", "10,000"),
        (123_456, "12.35 万", "123,456"),
        (123_456_789, "1.23 亿", "123.46 m"),
        (-250_000, "−25 万", "−250,000"),
        (None, "—", "—"),
    ],
)
def test_short(value: object, zh: str, en: str) -> None:
    assert formats.short(value, None, "zh-hans") == zh
    assert formats.short(value, None, "en") == en


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (1, "0.01 元", "CNY 0.01"),
        (123_45, "123.45 元", "CNY 123.45"),
        (3_000_000_000, "3,000 万元", "CNY 30 m"),
        (38_012_345_600_000, "3,801.23 亿元", "CNY 380.12 bn"),
        (0, "0.00 元", "CNY 0.00"),
        (None, "—", "—"),
    ],
)
def test_money(fen: object, zh: str, en: str) -> None:
    assert formats.money(fen, "zh-hans") == zh
    assert formats.money(fen, "en") == en


def test_percent() -> None:
    assert formats.percent(0.1234) == "12.3%"
    assert formats.percent(0.125, 0) == "13%"
    assert formats.percent(None) == "—"


def test_when_is_told_in_shanghai() -> None:
    moment = datetime(2025, 6, 30, 17, 5, tzinfo=UTC)
    assert formats.when(moment, "zh-hans") == "2025年7月1日 01:05"
    assert formats.when(moment, "en") == "1 Jul 2025 01:05"
    assert formats.when(date(2025, 6, 30), "zh-hans") == "2025年6月30日"
    assert formats.when(date(2025, 6, 30), "en") == "30 Jun 2025"
    assert formats.when(None) == "—"


def test_month() -> None:
    assert formats.month(date(2025, 6, 30), "zh-hans") == "2025年6月"
    assert formats.month(datetime(2025, 6, 30, 17, tzinfo=UTC), "en") == "Jul 2025"


def test_a_page_in_english_has_english_times_and_money() -> None:
    moment = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    with override("en"):
        assert ui.when(moment) == "2 Mar 2026 10:00"
        assert ui.money(300_000_000_00) == "CNY 300 m"
    with override("zh-hans"):
        assert ui.when(moment) == "2026年3月2日 10:00"
        assert ui.money(300_000_000_00) == "3 亿元"


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [("万元", "万元", "CNY 10,000"), ("个", "个", ""), ("μg/m3", "μg/m3", "μg/m3"), ("", "", "")],
)
def test_a_unit_of_a_contract_is_written_for_its_reader(text: str, chinese: str, english: str) -> None:
    assert (formats.unit(text), formats.unit(text, "en")) == (chinese, english)
    with override("en"):
        assert ui.unit(text) == english
