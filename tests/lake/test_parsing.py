"""How texts are read, by type: tables of cases through the engine."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hutong.lake.engine import duck
from hutong.lake.logic import parsing, plan
from hutong.lake.logic.problems import Kind
from hutong.lake.types import Column, ColumnType, Contract

T = ColumnType
CASES: list[tuple[Column, str | None, Any]] = [
    (Column("x", T.INT), "12", 12),
    (Column("x", T.INT), " 12 ", 12),
    (Column("x", T.INT), "12.0", 12),
    (Column("x", T.INT), "1,200", 1200),
    (Column("x", T.INT), "1.2万", 12_000),
    (Column("x", T.INT), "１２", 12),
    (Column("x", T.INT), "12.5", None),
    (Column("x", T.INT), "1e3", 1000),
    (Column("x", T.INT, unit="人"), "35人", 35),
    (Column("x", T.INT), "0x1F", None),
    (Column("x", T.FLOAT), "1.5e2", 150.0),
    (Column("x", T.FLOAT), "inf", None),
    (Column("x", T.FLOAT, unit="℃"), "-3.5℃", -3.5),
    (Column("x", T.DECIMAL, scale=2), "3.14", Decimal("3.14")),
    (Column("x", T.MONEY), "12.34", 1234),
    (Column("x", T.MONEY), "¥1,234.5", 123_450),
    (Column("x", T.MONEY, unit="万元"), "120.5", 120_500_000),
    (Column("x", T.MONEY, unit="万元"), "650万", 650_000_000),
    (Column("x", T.MONEY, unit="万元"), "1.2亿", 12_000_000_000),
    (Column("x", T.MONEY, unit="万元"), "3000 万元", 3_000_000_000),
    (Column("x", T.MONEY, unit="万元"), "35元", 3500),
    (Column("x", T.MONEY, unit="亿元"), "41610.90", 416_109_000_000_000),
    (Column("x", T.MONEY, unit="元"), "448980306081.65", 44_898_030_608_165),
    (Column("x", T.MONEY, unit="元"), "1349084000000000.5", 134_908_400_000_000_050),
    (Column("x", T.MONEY, unit="元/平"), "104,569元/平", 10_456_900),
    (Column("x", T.MONEY, unit="元/平"), "104569元/平米", 10_456_900),
    (Column("x", T.MONEY), "12美元", None),
    (Column("x", T.MONEY), "-1,234.565元", -123_457),
    (Column("x", T.MONEY), "-0.005元", -1),
    (Column("x", T.MONEY), "0.0049元", 0),
    (Column("x", T.MONEY), "1.23456789万", 1_234_568),
    (Column("x", T.MONEY), "99999999.9999亿", 999_999_999_999_000_000),
    (Column("x", T.MONEY), "999999999999亿", None),
    (Column("x", T.MONEY), "3.5分", 4),
    (Column("x", T.MONEY), "1e3元", 100_000),
    (Column("x", T.MONEY, unit="万元"), "1.5万亿", 150_000_000_000_000),
    (Column("x", T.PERCENT), "5%", 5.0),
    (Column("x", T.PERCENT), "5", 5.0),
    (Column("x", T.PERCENT), "0.5‰", 0.05),
    (Column("x", T.PERCENT, unit="1"), "0.05", 5.0),
    (Column("x", T.PERCENT, unit="1"), "5%", 5.0),
    (Column("x", T.QUANTITY, unit="㎡"), "62㎡", 62.0),
    (Column("x", T.QUANTITY, unit="㎡"), "1.5万平方米", 15_000.0),
    (Column("x", T.QUANTITY, unit="万平方米"), "15000平方米", 1.5),
    (Column("x", T.QUANTITY, unit="㎡"), "62亩", None),
    (Column("x", T.BOOL), "是", True),
    (Column("x", T.BOOL), "0", False),
    (Column("x", T.BOOL), "maybe", None),
    (Column("x", T.DATE), "2021-03-05", date(2021, 3, 5)),
    (Column("x", T.DATE), "2021/3/5", date(2021, 3, 5)),
    (Column("x", T.DATE), "20210305", date(2021, 3, 5)),
    (Column("x", T.DATE), "2021年3月5日", date(2021, 3, 5)),
    (Column("x", T.DATE), "2021.3.5", date(2021, 3, 5)),
    (Column("x", T.DATE), "44260", date(2021, 3, 5)),
    (Column("x", T.DATE), "2021-02-30", None),
    (Column("x", T.DATE), "12/3/05", None),
    (Column("x", T.DATE, formats=("%m/%d/%Y",)), "03/05/2021", date(2021, 3, 5)),
    (Column("x", T.MONTH), "2021-03", date(2021, 3, 1)),
    (Column("x", T.MONTH), "202103", date(2021, 3, 1)),
    (Column("x", T.MONTH), "2021年3月", date(2021, 3, 1)),
    (Column("x", T.MONTH), "2021-03-17", date(2021, 3, 1)),
    (Column("x", T.MONTH), "2021-13", None),
    (Column("x", T.YEAR), "2021", 2021),
    (Column("x", T.YEAR), "2021年", 2021),
    (Column("x", T.YEAR), "2021.0", 2021),
    (Column("x", T.YEAR), "21", None),
    (Column("x", T.TEXT), "  东城\u3000", "东城"),
    (Column("x", T.TEXT), "   ", None),
    (Column("x", T.USCC), "91110000802100433b", "91110000802100433B"),
]  # fmt: skip


@pytest.fixture(scope="module")
def connection() -> Any:
    return duck.connect()


def _read(connection: Any, column: Column, text: str | None) -> tuple[Any, int]:
    contract = Contract("t", (column,))
    connection.execute("CREATE OR REPLACE TEMP TABLE source AS SELECT $t::VARCHAR AS r", {"t": text})
    query = plan.checked(contract, "source", {"x": '"r"'}, [])
    return connection.execute(f'SELECT x, "p:x" FROM ({query})').fetchone()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("column", "text", "value"), CASES, ids=[f"{c.type}-{c.unit}-{t}" for c, t, _ in CASES]
)
def test_a_text_is_read_as_its_type(connection: Any, column: Column, text: str, value: Any) -> None:
    read, fault = _read(connection, column, text)
    assert read == value
    assert (fault >= 100) == (value is None and bool(text.strip()))


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2019/12/30 17:06:14", "2019-12-30 09:06:14"),
        ("2019-12-31T23:59:11.000", "2019-12-31 15:59:11"),
        ("2020-01-01T00:00:00Z", "2020-01-01 00:00:00"),
        ("2020-01-01T00:00:00+09:00", "2019-12-31 15:00:00"),
        ("2019年2月28日 11:25", "2019-02-28 03:25:00"),
        ("20190228112505", "2019-02-28 03:25:05"),
        ("43524.475763888890", "2019-02-28 03:25:06"),
        ("1988-07-01 12:00:00", "1988-07-01 03:00:00"),
    ],
)
def test_times_become_utc(connection: Any, text: str, utc: str) -> None:
    column = Column("x", T.DATETIME)
    connection.execute("CREATE OR REPLACE TEMP TABLE source AS SELECT $t::VARCHAR AS r", {"t": text})
    query = plan.checked(Contract("t", (column,)), "source", {"x": '"r"'}, [])
    found = connection.execute(
        f"SELECT strftime(timezone('UTC', x), '%Y-%m-%d %H:%M:%S') FROM ({query})"
    ).fetchone()
    assert found[0] == utc


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("91110000802100433B", True),
        ("91110108551385082Q", True),
        ("914403001922038216", True),
        ("91110000802100433C", False),
        ("9111000080210043", False),
    ],
)
def test_check_characters_of_credit_codes(connection: Any, code: str, holds: bool) -> None:
    _, fault = _read(connection, Column("x", T.USCC), code)
    assert fault == (0 if holds else 100 + (Kind.CHECKSUM))


def test_check_characters_agree_with_stdnum(connection: Any) -> None:
    from stdnum.cn import uscc

    for code in ("91110000802100433B", "91110108551385082Q", "914403001922038216"):
        for sign in parsing.USCC_ALPHABET:
            changed = code[:10] + sign + code[11:]
            _, fault = _read(connection, Column("x", T.USCC), changed)
            assert (fault == 0) == uscc.is_valid(changed)


def test_identity_numbers(connection: Any) -> None:
    column = Column("x", T.IDNUMBER, sensitive=True)
    assert _read(connection, column, "11010519491231002X")[1] == 0
    assert _read(connection, column, "110105194912310021")[1] == 100 + Kind.CHECKSUM


@pytest.mark.parametrize(
    "text", ["13800138000", "+86 138-0013-8000", "010-65118899", "12345", "400-810-8888", "65118899"]
)
def test_telephone_numbers(connection: Any, text: str) -> None:
    assert _read(connection, Column("x", T.PHONE), text)[1] == 0


def test_marks_and_sentinels_stand_for_no_value(connection: Any) -> None:
    assert _read(connection, Column("x", T.INT), "NA") == (None, Kind.MARK)
    assert _read(connection, Column("x", T.INT, sentinels=("-1", "999")), "-1.0") == (
        None,
        50 + Kind.SENTINEL,
    )
    assert _read(connection, Column("x", T.DATE, sentinels=("1900-01-01",)), "1900/1/1") == (
        None,
        50 + Kind.SENTINEL,
    )
    assert _read(connection, Column("x", T.INT, required=True), "-") == (None, 100 + Kind.REQUIRED)
