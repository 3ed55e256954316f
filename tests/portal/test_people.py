"""Tables about people: totals alone, without small counts and without what they would follow from. By attack."""

import json
import random
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
import yaml
from django.test import Client

from hutong.catalog import following, store
from hutong.catalog.types import Kind
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Source
from hutong.portal import api, index, opened
from hutong.portal.logic.query import FUNCTIONS
from tests.portal import made

pytestmark = [pytest.mark.django_db]
NAME = "visits"
ROWS = f"/api/portal/datasets/{NAME}/rows"
CONTRACT = """
key: [id]
columns:
  id: {type: int, required: true}
  street: {type: text, title: {zh: 街道, en: Street}}
  illness: {type: code, codes: [感冒, 骨折, 肺炎, 罕见病], title: {zh: 病种, en: Illness}}
  age: {type: int}
  cost: {type: money, unit: 元}
  born: {type: date}
  who: {type: idnumber}
"""
STREETS, ILLNESSES = ("东华门", "景山", "交道口", "安定门"), ("感冒", "骨折", "肺炎", "罕见病")
# One person of 安定门 has the rare illness, alone in street and illness; another is alone in age.
PEOPLE = [(s, i, 20 + 10 * (n % 3)) for s, i in product(STREETS, ILLNESSES[:3]) for n in range(12)]
PEOPLE += [("安定门", "罕见病", 30), ("景山", "感冒", 99)]


def settle(folder: Path, **opening: object) -> None:
    lake.define(lake.TableSpec.model_validate(yaml.safe_load(CONTRACT)).contract(NAME))
    lines = ["id,street,illness,age,cost,born,who"]
    for number, (street, illness, age) in enumerate(PEOPLE):
        cost = "" if number == 3 else f"{100 + number}"
        lines.append(f"{number},{street},{illness},{age},{cost},19{40 + number % 50}-01-01,")
    (folder / "visits.csv").write_text("\n".join(lines), "utf8")
    lake.load(NAME, Source.file(folder / "visits.csv"))
    opening_of(**opening)


def opening_of(kind: str = "conditional", **opening: object) -> None:
    draft = store.Draft(
        f"urn:hutong:beijing-dongcheng:dataset:{NAME}", Kind.DATASET, NAME, Text("就诊", "Visits"),
        {"id": NAME, "opening": {"kind": kind, **opening}}, "health", grade="general-1", opening=kind,
    )  # fmt: skip
    following.put_all(Kind.DATASET, [draft])
    for each in (opened, index):
        each.forget()


@pytest.fixture
def clinic(tmp_path: Path) -> None:
    settle(tmp_path, totals=True)


def ask(query: str) -> dict:
    answer = Client().get(f"{ROWS}?{query}")
    assert answer.status_code == 200, answer.content.decode()
    return json.loads(answer.content)


def counted(query: str) -> dict:
    found = ask(query)
    keys = [each for each in found["rows"][0] if each != "count"] if found["rows"] else []
    return {tuple(row[key] for key in keys): row["count"] for row in found["rows"]}


def number(where: str) -> int | None:
    return ask(f"aggregate=count&{where}")["rows"][0]["count"]


def test_no_row_by_itself_anywhere(clinic):
    for query in (
        "",
        "limit=1",
        "where=age:99",
        "columns=age&distinct=true",
        "count=true&limit=0",
        "format=csv",
    ):
        answer = Client().get(f"{ROWS}?{query}")
        assert (answer.status_code, answer.json()["code"]) == (403, "portal.only-totals"), query
    for form in ("csv", "json", "parquet", "xlsx", "geojson", "duckdb"):
        assert Client().get(f"/open/{NAME}/files/{NAME}.{form}").status_code == 404
    for path in (f"/datastore/dump/{NAME}", f"/datastore/dump/{NAME}?format=json"):
        assert Client().get(path).status_code == 403
    for sent in ({}, {"filters": {"age": 99}}, {"limit": 0}, {"fields": ["age"], "distinct": True}):
        answer = Client().post(
            "/api/3/action/datastore_search",
            json.dumps({"resource_id": NAME, **sent}),
            content_type="application/json",
        )
        assert answer.status_code == 403
    shown = Client().get(f"/api/3/action/package_show?id={NAME}").json()["result"]
    assert shown["resources"] == []
    assert not [each for each in shown["extras"] if each["key"].startswith("temporal")]
    page = Client(headers={"accept": "text/html"}).get(f"/open/{NAME}").content.decode()
    assert "每一行关于一个人" in page
    assert "罕见病" not in page


def test_large_groups_are_counted_as_they_are(clinic):
    assert counted("group_by=street&aggregate=count") == dict(Counter((s,) for s, _, _ in PEOPLE))
    assert ask("aggregate=count")["rows"] == [{"count": len(PEOPLE)}]
    assert ask("aggregate=count")["smallest_count"] == 5


def test_a_lone_small_group_does_not_follow_from_the_total(clinic):
    found = counted("group_by=illness&aggregate=count")
    assert ("罕见病",) not in found
    assert len(found) == 2, "another is withheld with it"
    assert len(PEOPLE) - sum(found.values()) >= 5


def test_nobody_is_singled_out_by_conditions(clinic):
    for where in (
        "where=age:99", "where=illness:罕见病", "where=street:安定门&where=illness:罕见病", "where=age:gt:90",
        "where=illness:prefix:罕", "where=illness:contains:见", "where=age:in:98,99", "where=cost:null",
    ):  # fmt: skip
        assert number(where) is None, where
    absent = number("where=age:98")
    assert absent is None, "somebody alone looks like nobody"


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("", "where=age:ne:99"),
        ("", "where=age:lt:99"),
        ("", "where=illness:ne:罕见病"),
        ("where=street:景山", "where=street:景山&where=age:lte:90"),
        ("where=street:安定门", "where=street:安定门&where=illness:in:感冒,骨折,肺炎"),
        ("where=illness:感冒", "where=illness:感冒&where=age:ne:99"),
        ("", "where=cost:notnull"),
    ],
)
def test_two_questions_that_differ_by_one_person(clinic, wide: str, narrow: str):
    with_them, without = number(wide), number(narrow)
    assert without is None or with_them is None or not 0 < with_them - without < 5


def test_sums_tell_nobodys_value(clinic):
    by = ask("group_by=illness&aggregate=sum:cost,count")["rows"]
    assert "罕见病" not in {row["illness"] for row in by}
    whole = ask("aggregate=sum:cost")["rows"][0]["sum_cost"]
    without = ask("aggregate=sum:cost&where=illness:ne:罕见病")["rows"][0]["sum_cost"]
    rare = 100 + len(PEOPLE) - 2
    assert whole is None or without is None or abs(whole - without - rare) > 1


def test_extremes_and_lists_of_values_are_refused(clinic):
    for function in sorted(set(FUNCTIONS) - {"count", "sum", "avg"}):
        assert Client().get(f"{ROWS}?aggregate={function}:age").status_code == 422
    assert ask("group_by=born,age&aggregate=count")["rows"] == []
    assert ask("group_by=id")["rows"] == []
    assert (
        Client().get(f"{ROWS}?group_by=id,street,illness,age,cost,born").json()["code"] == "portal.too-fine"
    )
    assert Client().get(f"{ROWS}?q=罕见病&group_by=age,cost,born,id").status_code == 422


def test_the_order_and_the_pages_tell_nothing_of_what_is_withheld(clinic):
    one = ask("group_by=illness&aggregate=count&sort=count&count=true")
    assert one["total"] == len(one["rows"]) == 2
    assert ask("group_by=illness&aggregate=count&limit=1&offset=5")["rows"] == []


def test_asking_again_and_again_gives_the_same(clinic):
    assert (
        len(
            {
                json.dumps(ask(f"group_by=illness,age&aggregate=count&limit={90 + n}")["rows"])
                for n in range(5)
            }
        )
        == 1
    )


def test_every_question_of_a_kind_together_tells_no_small_count(clinic):
    """All counts by one and two columns, with every condition on a third, subtracted from one another."""
    truth = Counter(PEOPLE)
    seen: dict[frozenset, int] = {}
    dice = random.Random(4)
    values = {"street": STREETS, "illness": ILLNESSES, "age": (20, 30, 40, 99)}
    for _ in range(60):
        chosen = {name: dice.choice(each) for name, each in values.items() if dice.random() < 0.6}
        told = number("&".join(f"where={name}:{value}" for name, value in chosen.items()))
        inside = frozenset(p for p in truth if all(p[list(values).index(n)] == v for n, v in chosen.items()))
        if told is not None:
            assert told >= 5
            seen[inside] = told
    for (a, many), (b, few) in product(seen.items(), repeat=2):
        if b < a:
            rest = many - few
            assert rest != sum(truth[p] for p in a - b) or rest == 0 or rest >= 5


def test_what_is_conditional_is_closed_unless_by_totals(tmp_path: Path):
    settle(tmp_path)
    assert Client().get(ROWS).status_code == 404
    opening_of(totals=True)
    assert Client().get(ROWS).status_code == 403
    assert ask("aggregate=count")["rows"] == [{"count": len(PEOPLE)}]
    assert not api.is_open(NAME)


def test_unsaid_identity_numbers_mean_people_and_no_means_no(tmp_path: Path):
    settle(tmp_path, kind="open")
    assert Client().get(ROWS).status_code == 403
    opening_of(kind="open", people=False)
    assert Client().get(ROWS).status_code == 200
    assert counted("group_by=illness&aggregate=count")["罕见病",] == 1
    opening_of(kind="open")
    assert Client().get(ROWS).status_code == 403, "what was kept of the rows is not handed out"


def test_other_doors_do_not_show_rows_that_are_published_by_totals(clinic):
    for path in (
        f"/catalog/datasets/{NAME}",
        f"/catalog/datasets/{NAME}/sample",
        f"/id/urn:hutong:x:dataset:{NAME}",
    ):
        answer = Client(headers={"accept": "text/html"}).get(path)
        assert answer.status_code in {302, 403, 404}, path
        assert "罕见病" not in answer.content.decode()


def test_the_pack_says_below_what(tmp_path: Path):
    settle(tmp_path, totals=True, smallest_count=40)
    assert counted("group_by=illness,street&aggregate=count") == {}
    assert min(counted("group_by=illness&aggregate=count").values(), default=40) >= 40


def test_an_open_table_with_personal_columns_withholds_small_counts_unless_it_says_otherwise(tmp_path: Path):
    made.settle(tmp_path)
    asked = "/api/portal/datasets/venues/rows?group_by=kind&aggregate=count&sort=kind"
    assert len(Client().get(asked).json()["rows"]) == 4
    draft = store.Draft(
        "urn:hutong:beijing-dongcheng:dataset:venues", Kind.DATASET, "venues", Text("文化场所", "Venues"),
        {"id": "venues", "opening": {"kind": "open"}}, "culture-bureau", grade="general-1", opening="open",
    )  # fmt: skip
    following.put_all(Kind.DATASET, [draft])
    opened.forget()
    assert Client().get(asked).json()["rows"] == []
    assert Client().get("/api/portal/datasets/venues/rows?aggregate=count").json()["rows"] == [{"count": 5}]
    assert len(Client().get("/api/portal/datasets/venues/rows").json()["rows"]) == 5
