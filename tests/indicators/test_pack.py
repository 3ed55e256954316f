"""`hutong pack check` on indicators: what is wrong is named with file, line and key."""

from pathlib import Path

import pytest

from hutong.indicators.logic import query
from hutong.indicators.logic.periods import Period
from hutong.indicators.specs import IndicatorSpec, fingerprint
from hutong.packs.api import Problem, check, load

PACK = (
    "id: trial\nkind: district\ntitle: {zh: 试, en: Trial}\nsources: [{id: s, title: {zh: 源, en: Source}}]\n"
)
SHIPPED = load("beijing-dongcheng")
INDICATOR = """id: patients
title: {zh: 病人, en: Patients}
unit: 人
direction: down
reference: s 1
tables: [visits]
query: |
  SELECT sum(count) AS value FROM visits
rows_query: |
  SELECT * FROM visits
tests:
  - name: sum
    as_of: 2024-01-31
    given: {visits: [{day: 2024-01-01, count: 2}, {day: 2024-01-02, count: 3}]}
    expect: [{value: 5}]
    rows: 2
"""


@pytest.fixture
def problems(tmp_path: Path):
    """Problems of a pack with one indicator, written to a folder."""

    def run(text: str) -> list[Problem]:
        folder = tmp_path / "trial"
        for part in ("indicators", "datasets"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "pack.yaml").write_text(PACK, "utf8")
        (folder / "datasets" / "visits.yaml").write_text(_dataset(), "utf8")
        (folder / "indicators" / "patients.yaml").write_text(text, "utf8")
        return [each for each in check(folder) if each.file.startswith("indicators/")]

    return run


def _dataset() -> str:
    return """id: visits
title: {zh: 就诊, en: Visits}
table:
  key: [day]
  columns:
    day: {type: date, title: {zh: 日期, en: Day}, required: true}
    count: {type: int, title: {zh: 人次, en: Visits}}
"""


def test_model_and_key_are_named(problems) -> None:
    found = problems(INDICATOR.replace("direction: down", "direction: left"))
    assert [(each.line, each.key) for each in found] == [(4, "direction")]
    found = problems(INDICATOR.replace("tables:", "table:"))
    assert {"table"} & {each.key for each in found}


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT sum(count) AS value FROM secrets", "unsafe-query"),
        ("SELECT sum(count) AS value FROM read_csv('x')", "unsafe-query"),
        ("SELECT sum(count) AS total FROM visits", "missing-column"),
    ],
)
def test_queries_are_checked(sql: str, code: str) -> None:
    from hutong.indicators.pack import check as check_section

    item = SHIPPED.find("indicators", "gdp")
    assert item is not None
    spec = item.value.model_copy(
        update={
            "query": sql,
            "tables": ("visits",),
            "dimensions": (),
            "period": Period.NONE,
            "rows_query": "SELECT 1 AS a FROM visits",
        }
    )
    found = list(
        check_section(_Pack(), (type(item)(item.pack, item.section, item.file, spec, item.raw, item.marks),))
    )
    assert [(each.code, each.key, each.file) for each in found] == [(code, "query", "indicators/gdp.yaml")]
    assert found[0].line == item.mark(("query",)).line > 1


class _Pack:
    def items(self, _section: str) -> tuple[object, ...]:
        return ()


def test_a_failing_test_names_its_line() -> None:
    from hutong.indicators.pack import run_tests

    item = SHIPPED.find("indicators", "culture-visits")
    assert item is not None
    case = item.value.tests[0]
    wrong = case.model_copy(
        update={"expect": [{"value": 150}, {"value": 51, "venue_kind": "书店"}], "rows": 9}
    )
    spec = item.value.model_copy(update={"tests": (wrong,)})
    found = list(
        run_tests(SHIPPED, (type(item)(item.pack, item.section, item.file, spec, item.raw, item.marks),))
    )
    assert [(each.key, each.found) for each in found] == [
        ("tests[0].expect[1]", "50"),
        ("tests[0].rows", "2"),
    ]
    assert found[0].line == item.mark(("tests", 0, "expect", 1)).line
    assert list(run_tests(SHIPPED, (item,))) == []


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"culture-venues": [{"id": "a", "colour": 1}]}, "tests[0].given.culture-venues[0]"),
        ({"museums": [{"id": "a"}]}, "tests[0].given.museums"),
        ({"culture-venues": [{"visitors": "many"}]}, "tests[0].given.culture-venues[0]"),
    ],
)
def test_rows_that_do_not_fit_the_contract(given: dict[str, object], key: str) -> None:
    from hutong.indicators.pack import run_tests

    item = SHIPPED.find("indicators", "culture-visits")
    assert item is not None
    case = item.value.tests[0].model_copy(update={"given": given})
    spec = item.value.model_copy(update={"tests": (case,)})
    found = list(
        run_tests(SHIPPED, (type(item)(item.pack, item.section, item.file, spec, item.raw, item.marks),))
    )
    assert [each.key for each in found] == [key]


@pytest.mark.parametrize("item", SHIPPED.items("indicators"), ids=lambda item: item.id)
def test_every_shipped_indicator_is_portable_and_whole(item) -> None:
    spec: IndicatorSpec = item.value
    assert spec.title.en
    assert query.sources(spec.query, spec.tables) == set(spec.tables)
    for sql in (spec.query, spec.rows_query):
        bound = query.bind(sql, spec.tables, spec.period, spec.tests[0].as_of)
        assert query.for_spark(bound)
    if spec.combine != "none":
        assert spec.dimensions
    if spec.combine == "mean":
        assert "weight" in query.columns(spec.query)


def test_the_plan_is_measured() -> None:
    plan = SHIPPED.find("plans", "science-2021-2025")
    assert plan is not None
    measured = {each.computed_by for each in plan.value.indicators}
    assert measured <= {item.id for item in SHIPPED.items("indicators")}
    assert len(measured) == 11
    for each in plan.value.indicators:
        own = SHIPPED.find("indicators", each.computed_by)
        assert own is not None
        for target in own.value.target.values():
            low = target.about or target.at_least or (target.between or [None])[0]
            assert float(low) == each.target.low


def test_a_better_title_changes_no_value() -> None:
    item = SHIPPED.find("indicators", "gdp")
    assert item is not None
    other = item.value.model_copy(update={"decimals": 3})
    assert fingerprint(other) == fingerprint(item.value)
    assert fingerprint(item.value.model_copy(update={"query": "SELECT 1"})) != fingerprint(item.value)
