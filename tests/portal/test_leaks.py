"""Whatever is asked, nothing closed is answered and nothing breaks."""

import json
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
HIDDEN = ("王某某", "李某某", "13800000001", "老年人", "要害部位", "负责人")
NAMES = ["venues", "elders", "secrets", "nothing", "venues-", "VENUES", "plan", "..", "%2e%2e", "a" * 300]
COLUMNS = [
    "id",
    "name",
    "kind",
    "seats",
    "fee",
    "opened",
    "free",
    "lon",
    "keeper",
    "phone",
    "_id",
    "",
    "*",
    '"',
    "a;b",
]
VALUES = [
    "1",
    "-1",
    "剧场",
    "王某某",
    "13800000001",
    "",
    "x" * 3000,
    "\x00",
    "'",
    '"',
    "%",
    "1e999",
    "NaN",
    "2020-02-30",
    "9" * 40,
    "true",
    "null",
    "{}",
    "[]",
    "∞",
    "1,2,,3",
    "a:b:c",
    "*:*",
    "((",
    "[* TO *]",
    "😀",
]
names, columns, values = st.sampled_from(NAMES), st.sampled_from(COLUMNS), st.sampled_from(VALUES)
operators = st.sampled_from(
    ["eq", "ne", "lt", "gte", "in", "contains", "prefix", "null", "notnull", "like", ""]
)
wheres = st.builds("{}:{}:{}".format, columns, operators, values)
rows = st.fixed_dictionaries(
    {},
    optional={
        "where": st.lists(wheres, max_size=3),
        "q": values,
        "columns": columns,
        "sort": columns,
        "group_by": columns,
        "aggregate": st.builds(
            "{}:{}".format, st.sampled_from(["count", "sum", "max", "distinct", "x"]), columns
        ),
        "limit": st.one_of(st.integers(-1, 200), values),
        "offset": st.one_of(st.integers(-1, 10**12), values),
        "count": values,
        "distinct": st.booleans(),
        "shape": st.sampled_from(["objects", "arrays", "x"]),
        "format": st.sampled_from(["json", "csv", "ndjson", "geojson", "parquet", "xlsx", "x"]),
    },
)
actions = st.sampled_from(
    [
        "package_list",
        "package_show",
        "package_search",
        "package_create",
        "package_patch",
        "package_delete",
        "resource_show",
        "resource_search",
        "organization_show",
        "group_show",
        "tag_list",
        "tag_show",
        "datastore_search",
        "datastore_info",
        "current_package_list_with_resources",
        "package_autocomplete",
        "help_show",
        "package_create_many",
    ]
)
anything = st.one_of(
    values,
    names,
    st.integers(-5, 10**18),
    st.none(),
    st.lists(values, max_size=2),
    st.dictionaries(columns, values, max_size=2),
)
data = st.dictionaries(
    st.sampled_from(
        [
            "id",
            "q",
            "fq",
            "fq_list",
            "rows",
            "start",
            "sort",
            "facet.field",
            "facet.limit",
            "resource_id",
            "query",
            "filters",
            "fields",
            "limit",
            "offset",
            "distinct",
            "records_format",
            "name",
            "packages",
            "include_datasets",
        ]
    ),
    anything,
    max_size=5,
)
bounded = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def fine(answer) -> str:
    assert answer.status_code < 500, answer.status_code
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode("utf-8", "replace")


def check(text: str, sent: str) -> None:
    for hidden in HIDDEN:
        assert hidden not in text.replace(sent, ""), hidden


@bounded
@given(name=names, asked=rows)
def test_rows(name: str, asked: dict):
    answer = Client().get(f"/api/portal/datasets/{name}/rows?{urlencode(asked, doseq=True)}")
    text = fine(answer)
    if answer.status_code == 200 and name != "venues":
        pytest.fail("rows of what is not open")
    if answer.status_code == 200:
        check(text, "")


@bounded
@given(action=actions, sent=data)
def test_actions(action: str, sent: dict):
    answer = Client().post(f"/api/3/action/{action}", json.dumps(sent), content_type="application/json")
    text = fine(answer)
    if answer.status_code == 200:
        found = json.loads(text)["result"]
        check(json.dumps(found, ensure_ascii=False), json.dumps(sent, ensure_ascii=False)[1:-1])


@bounded
@given(
    path=st.sampled_from(
        [
            "/open",
            "/open/{}",
            "/open/{}/metadata",
            "/open/{}/files/{}.csv",
            "/dcat/{}.ttl",
            "/datastore/dump/{}",
            "/dcat/catalog.jsonld",
            "/open/letters",
        ]
    ),
    name=names,
    asked=st.dictionaries(
        st.sampled_from(["q", "page", "theme", "organisation", "format", "limit", "bom"]), values, max_size=3
    ),
)
def test_pages(path: str, name: str, asked: dict):
    answer = Client(headers={"accept": "text/html"}).get(f"{path.format(name, name)}?{urlencode(asked)}")
    text = fine(answer)
    if answer.status_code == 200 and not asked:
        check(text, "")
