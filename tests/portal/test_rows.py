"""Rows for programs: what is asked is answered, and nothing that is not open."""

import io
import json

import pytest
from django.test import Client

from hutong.portal import opened
from tests.portal import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ROWS = "/api/portal/datasets/venues/rows"


def ask(query: str = "", name: str = "venues") -> dict:
    answer = Client().get(f"/api/portal/datasets/{name}/rows?{query}")
    assert answer.status_code == 200, answer.content.decode()
    return json.loads(answer.content)


def ids(query: str) -> list[int]:
    return [each["id"] for each in ask(query)["rows"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("where=kind:剧场", [1, 3]),
        ("where=kind:eq:剧场&where=seats:gt:300", [1]),
        ("where=seats:lte:300", [3, 4, 5]),
        ("where=seats:null", [2]),
        ("where=seats:notnull&sort=seats", [5, 4, 3, 1]),
        ("where=kind:in:书店,博物馆", [4, 5]),
        ("where=name:contains:“大”", [1]),
        ("where=name:prefix:书店,", [5]),
        ("where=opened:lt:2001-05-01", [2]),
        ("where=opened:gte:2015-03-03", [4, 5]),
        ("where=free:true&sort=-opened", [5, 4, 2]),
        ("where=fee:120", [3]),
        ("where=kind:ne:剧场", [2, 4, 5]),
        ("sort=-seats", [1, 3, 4, 5, 2]),
        ("sort=kind,-id", [5, 3, 1, 4, 2]),
        ("sort=seats&limit=2&offset=1", [4, 3]),
        ("limit=2&offset=4", [5]),
        ("limit=2&offset=40", []),
        ("q=图书馆", [2]),
        ("where=kind:没有这种", []),
    ],
)
def test_filters_sorting_and_pages(query: str, expected: list[int]):
    assert ids(query) == expected


def test_values_are_written_for_the_public():
    row = ask("where=id:1")["rows"][0]
    assert row == {
        "id": 1, "name": "首都“大”剧院", "kind": "剧场", "seats": 1200, "fee": 80.5, "opened": "2001-05-01",
        "free": False, "lon": 116.4, "lat": 39.9,
    }  # fmt: skip


def test_the_next_page_and_the_total():
    first = ask("limit=2&count=true&where=seats:notnull")
    assert first["total"] == 4
    again = Client().get(first["next"]).json()
    assert [each["id"] for each in again["rows"]] == [4, 5]
    assert again["next"] is None
    assert "total" not in ask("limit=2")


def test_aggregates():
    found = ask("group_by=kind&aggregate=count,sum:seats,distinct:free&sort=-count,kind")
    assert found["rows"][0] == {"kind": "剧场", "count": 2, "sum_seats": 1500.0, "distinct_free": 1}
    assert ask("aggregate=count,max:opened")["rows"] == [{"count": 5, "max_opened": "2020-02-29"}]


def test_closed_columns_are_nowhere():
    for query in ("", "shape=arrays", "format=csv", "format=ndjson", "format=geojson"):
        text = Client().get(f"{ROWS}?{query}").content.decode()
        assert "王某某" not in text
        assert "13800000001" not in text
        assert "keeper" not in text
    for query in (
        "where=keeper:王某某",
        "sort=phone",
        "columns=keeper",
        "group_by=phone",
        "aggregate=max:keeper",
    ):
        answer = Client().get(f"{ROWS}?{query}")
        assert answer.status_code == 422
        assert "keeper" not in answer.json()["facts"]["reason"].partition("∉")[2]
    assert ids("q=王某某") == []


@pytest.mark.parametrize("name", ["elders", "secrets", "nothing"])
def test_what_is_closed_looks_like_what_is_not_there(name: str):
    answer = Client().get(f"/api/portal/datasets/{name}/rows")
    assert answer.status_code == 404
    assert answer.json()["code"] == "portal.not-open"
    assert answer.content == Client().get("/api/portal/datasets/zzzz/rows").content.replace(
        b"zzzz", name.encode()
    )


def test_closing_a_dataset_ends_its_rows():
    assert ids("limit=1") == [1]
    made.catalogue(venues="none")
    opened.forget()
    assert Client().get(ROWS).status_code == 404


def test_formats_neutralise_formulas_and_keep_chinese():
    text = Client().get(f"{ROWS}?format=csv").content.decode()
    assert text.splitlines()[0] == "id,name,kind,seats,fee,opened,free,lon,lat"
    assert '3,"\'=HYPERLINK(""x"")",剧场' in text
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(Client().get(f"{ROWS}?format=xlsx").content))
    cells = [row[1] for row in book.active.iter_rows(values_only=True)]
    assert cells == ["name", "首都“大”剧院", "东城图书馆", '\'=HYPERLINK("x")', "胡同博物馆", "书店,一号"]
    import pyarrow.parquet as pq

    kept = pq.read_table(io.BytesIO(Client().get(f"{ROWS}?format=parquet").content))
    assert kept.column("name").to_pylist()[2] == '=HYPERLINK("x")'
    features = Client().get(f"{ROWS}?format=geojson").json()["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [116.4, 39.9]}
    assert features[3]["geometry"] is None


def test_an_answer_is_tagged_by_its_snapshot():
    first = Client().get(ROWS)
    assert Client().get(ROWS, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert first["Hutong-Snapshot"].endswith(":snapshot:venues.1")


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1", "limit=99999999", "offset=-5", "offset=x", "where=", "where=:", "where=seats:gt:many", "format=exe",
        "where=opened:2020-13-45", "where=free:maybe", "aggregate=drop:seats", "aggregate=sum:name", "sort=;--",
        "aggregate=sum", "shape=x", "group_by=%22", "where=seats:99999999999999999999999", "columns=*",
        "where=" + "&where=".join(["id:1"] * 30),
    ],
)  # fmt: skip
def test_bad_questions_are_told(query: str):
    answer = Client().get(f"{ROWS}?{query}")
    assert answer.status_code == 422, answer.content
    assert answer.json()["message"]["zh"]
