"""What an indicator's SQL may and may not do."""

from datetime import date

import duckdb
import pytest

from hutong.indicators.errors import UnsafeQuery
from hutong.indicators.logic.periods import Period
from hutong.indicators.logic.query import bind, check, columns, for_spark, sources

TABLES = ["key-firm-monthly"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('x')",
        "SELECT * FROM 'a.csv'",
        "SELECT getenv('HOME') AS value",
        "SELECT read_text('x') AS value",
        "SELECT current_setting('a') AS value",
        "SELECT * FROM glob('*')",
        "SELECT * FROM range(5)",
        "SELECT * FROM other",
        "SELECT * FROM main.key_firm_monthly",
        "SELECT * FROM information_schema.tables",
        "WITH a AS (SELECT 1) SELECT * FROM a, duckdb_settings()",
        "SELECT value FROM key_firm_monthly WHERE x IN (SELECT y FROM secrets)",
        "DROP TABLE key_firm_monthly",
        "INSERT INTO key_firm_monthly VALUES (1)",
        "COPY key_firm_monthly TO 'a'",
        "ATTACH 'x'",
        "INSTALL httpfs",
        "PRAGMA version",
        "SET memory_limit = '1GB'",
        "SELECT 1; SELECT 2",
        "VALUES (1)",
        "",
        "SELECT (",
        "SELECT $other AS value",
        "SELECT now() AS value",
        "SELECT current_date AS value",
        "SELECT today() AS value",
        "SELECT random() AS value",
        "SELECT uuid() AS value",
        "SELECT * FROM key_firm_monthly USING SAMPLE 5",
        "SELECT 1 AS value -- " + "x" * 30_000,
    ],
)
def test_refused(sql: str) -> None:
    with pytest.raises(UnsafeQuery):
        check(sql, TABLES)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) AS value FROM key_firm_monthly",
        "WITH a AS (SELECT 1 AS x FROM key_firm_monthly) SELECT sum(x) AS value FROM a",
        "SELECT 1 AS value UNION ALL SELECT 2",
        "SELECT sum(revenue) FILTER (WHERE month <= $as_of) AS value FROM key_firm_monthly",
        "SELECT median(revenue) AS value, year(month) FROM key_firm_monthly GROUP BY ALL",
    ],
)
def test_accepted(sql: str) -> None:
    assert check(sql, TABLES)


def test_the_day_is_written_in() -> None:
    bound = bind("SELECT $as_of AS value FROM key_firm_monthly", TABLES, Period.NONE, date(2025, 6, 15))
    assert "$as_of" not in bound
    assert "2025-06-15" in bound


def test_periods_run_to_the_day_and_only_there() -> None:
    sql = "SELECT count(*), min(period), max(period), max(ends), bool_and(complete) FROM periods"
    bound = bind(sql, [], Period.MONTH, date(2025, 6, 15))
    found = duckdb.sql(bound).fetchone()
    assert found == (37, date(2022, 6, 1), date(2025, 6, 1), date(2025, 6, 15), False)


def test_periods_join_a_query_that_has_tables_of_its_own() -> None:
    sql = "WITH a AS (SELECT max(period) AS last FROM periods WHERE complete) SELECT last FROM a"
    assert duckdb.sql(bind(sql, [], Period.YEAR, date(2025, 6, 15))).fetchone() == (date(2024, 1, 1),)


def test_periods_need_a_period() -> None:
    with pytest.raises(UnsafeQuery):
        bind("SELECT 1 AS value FROM periods", [], Period.NONE, date(2025, 6, 15))


def test_what_spark_has_no_word_for_is_refused() -> None:
    assert "PERCENTILE" in for_spark("SELECT quantile_cont(a, 0.5) FROM t").upper()
    grouped = for_spark("SELECT a, sum(b) FROM t GROUP BY GROUPING SETS ((), (a))")
    assert "GROUPING SETS" in grouped


def test_reading_the_query() -> None:
    sql = "SELECT p.period, sum(x) AS value FROM periods p JOIN key_firm_monthly ON true GROUP BY 1"
    assert columns(sql) == ["period", "value"]
    assert columns("SELECT * FROM key_firm_monthly") == []
    assert sources(sql, ["key-firm-monthly", "firms"]) == {"key-firm-monthly"}
