"""What a query may be, and its bounds."""

from collections.abc import Callable

import pytest

from hutong.lake import api
from hutong.lake.errors import BadQuery, QueryTooLong
from hutong.lake.types import LoadReport

pytestmark = pytest.mark.django_db(transaction=True)
Load = Callable[..., LoadReport]
SPEC = "key: [id]\ncolumns:\n  id: {type: int}\n  name: {type: text, sensitive: true}\n"


@pytest.fixture(autouse=True)
def things(load: Load) -> None:
    load(SPEC, "id,name\n1,东城\n2,西城\n3,朝阳\n")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM others",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        'SELECT * FROM "in.parquet"',
        "SELECT * FROM things JOIN read_text('/etc/passwd') ON true",
        "SELECT (SELECT content FROM read_text('/etc/passwd')) FROM things",
        "WITH x AS (SELECT * FROM glob('*')) SELECT * FROM x",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_tables",
        "SELECT getenv('HOME') FROM things",
        "SELECT current_setting('temp_directory') FROM things",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('things')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "DROP TABLE things",
        "DELETE FROM things",
        "COPY things TO '/tmp/x.csv'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "LOAD 'x'",
        "SET memory_limit = '1GB'",
        "PRAGMA database_list",
        "SELECT 1; SELECT 2",
        "SHOW TABLES",
        "DESCRIBE things",
        "SELECT FROM WHERE",
        "CREATE TABLE x AS SELECT 1",
        "EXPORT DATABASE '/tmp/x'",
        "CALL duckdb_tables()",
    ],
)
def test_a_query_reads_declared_tables_and_nothing_else(sql: str) -> None:
    with pytest.raises(BadQuery):
        api.query(sql, ["things"])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM things",
        "WITH x AS (SELECT * FROM things) SELECT count(*) FROM x",
        "SELECT count(*) FROM things a JOIN things b USING (id)",
        "SELECT count(*) FROM (SELECT * FROM things UNION ALL SELECT * FROM things WHERE false)",
        "FROM things SELECT count(*)",
        "SELECT count(*) FROM things, (SELECT unnest([1])) u",
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM things) THEN 3 END",
    ],
)
def test_plain_queries_run(sql: str) -> None:
    assert api.query(sql, ["things"]).rows == ((3,),)


def test_parameters_are_bound_by_name_and_unused_ones_left_out() -> None:
    found = api.query("SELECT name FROM things WHERE id = $id", ["things"], params={"id": 2, "as_of": "x"})
    assert found.rows == (("西城",),)
    with pytest.raises(BadQuery, match="no value"):
        api.query("SELECT name FROM things WHERE id = $other", ["things"])


def test_rows_beyond_the_limit_are_cut_and_told_of() -> None:
    found = api.query("SELECT id FROM things ORDER BY id", ["things"], limit=2)
    assert (found.rows, found.truncated) == (((1,), (2,)), True)
    assert not api.query("SELECT id FROM things", ["things"], limit=3).truncated


def test_a_query_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_LAKE_QUERY_SECONDS", "1")
    endless = "SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE a.range % 7 = b.range % 11"
    with pytest.raises(QueryTooLong):
        api.query(endless, ["things"])


def test_spatial_functions_work_in_queries() -> None:
    assert api.query("SELECT ST_X(ST_Point(id, 2)) FROM things WHERE id = 1", ["things"]).rows == ((1.0,),)


def test_a_sample_masks_what_is_sensitive() -> None:
    assert {row[1] for row in api.sample("things").rows} == {"•••"}
    assert api.sample("things", limit=1, clear=True).rows == ((1, "东城"),)
    assert api.rows("things", where={"id": 3}).rows == ((3, "朝阳"),)
    with pytest.raises(BadQuery):
        api.rows("things", where={"id = 1 OR 1": 1})
