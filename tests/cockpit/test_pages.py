"""The cockpit's pages: who sees them, for which day, in how many queries, and what a broken one says."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from pydantic import ValidationError

from hutong.accounts import people
from hutong.accounts.models import Organisation
from hutong.cockpit import board
from hutong.cockpit.pack import PageSpec, check
from hutong.indicators import api as indicators
from hutong.kernel.settings import home
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn, resolve
from hutong.lake.types import LoadReport
from hutong.packs.api import load as load_pack
from tests.indicators.conftest import define, load  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2024, 3, 31)
PAGE = """
id: trial
title: {zh: 试页, en: Trial}
rows:
  - tiles: [{figure: revenue, large: true}]
  - title: {zh: 走势, en: Trend}
    tiles:
      - {chart: [revenue], points: 12}
      - {causes: revenue, by: street}
      - {rank: revenue, by: street}
      - {targets: [revenue]}
      - {notice: {zh: 提示, en: A note}}
      - {link: {title: {zh: 地图, en: Map}, url: /map}}
"""


@pytest.fixture(autouse=True)
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One page, and the day the figures stand on."""
    shutil.rmtree(home() / "lake", ignore_errors=True)
    monkeypatch.setenv("HUTONG_AS_OF", DAY.isoformat())
    monkeypatch.setattr(board, "pages", lambda: [PageSpec.model_validate(yaml.safe_load(PAGE))])
    yield
    shutil.rmtree(home() / "lake", ignore_errors=True)


@pytest.fixture
def figures(load: Callable[..., LoadReport], define: Callable[..., int]) -> None:  # noqa: F811 - fixtures
    load()
    define()
    indicators.compute("revenue", DAY)


def client(role: str) -> Client:
    """Somebody of a role, signed in; public is nobody."""
    found = Client(headers={"accept": "text/html"})
    if role != "public":
        Organisation.objects.get_or_create(
            id="bureau",
            defaults={"urn": "urn:hutong:test:organisation:bureau", "title_zh": "局", "kind": "bureau"},
        )
        people.add(
            role.replace("_", "-"), Text("张三", "Zhang San"), role, "bureau", "correct horse battery 蓄电池"
        )
        found.force_login(
            people.find(role.replace("_", "-")), backend="hutong.accounts.backend.PersonBackend"
        )
    return found


def statements(act: Callable[[], Any]) -> list[str]:
    """The SQL asked while ``act`` runs, on every connection of this thread."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return asked


@pytest.mark.usefixtures("figures")
def test_a_page_shows_its_tiles() -> None:
    text = client("leader").get("/").content.decode()
    for part in (
        "220",
        "比上月",
        "29.4%",
        "快于时间进度",
        "≥ 300 元 (2024)",
        "收入：变动来由",
        "占变动的 60%",
        "提示",
    ):
        assert part in text, part
    assert 'href="/figures/revenue/2024-03-31?period=2024-03-01&amp;street=west"' in text


@pytest.mark.usefixtures("figures")
def test_a_warm_page_asks_a_bounded_number_of_questions() -> None:
    reader = client("leader")
    reader.get("/")
    asked = statements(lambda: reader.get("/"))
    assert 5 <= len(asked) <= 12
    assert sum("indicators_" in each for each in asked) <= 5


@pytest.mark.usefixtures("figures")
def test_another_day_is_computed_when_first_asked_for() -> None:
    reader = client("leader")
    assert "170" in reader.get("/?as_of=2024-03-15").content.decode()
    assert indicators.figure("revenue", date(2024, 3, 15), reader=None).period == date(2024, 2, 1)
    asked = statements(lambda: reader.get("/?as_of=2024-03-15"))
    assert not [each for each in asked if each.startswith("INSERT")]
    before = reader.get("/?as_of=2014-03-15").content.decode()
    assert re.search(r"没有涉及这一天的内容。 <span class=\"hint\">收入", before), (
        "figures are named, not their ids"
    )


@pytest.mark.parametrize("day", ["2024-13-01", "soon", "1066-10-14", "2999-01-01"])
@pytest.mark.usefixtures("figures")
def test_a_day_that_cannot_be_is_refused(day: str) -> None:
    assert client("leader").get(f"/?as_of={day}").status_code == 422


@pytest.mark.parametrize(
    ("role", "page", "figure", "rows"),
    [
        ("public", 302, 302, 302),
        ("leader", 200, 200, 403),
        ("data_office", 200, 200, 200),
        ("administrator", 200, 403, 403),
    ],
)
@pytest.mark.usefixtures("figures")
def test_who_sees_what(role: str, page: int, figure: int, rows: int) -> None:
    reader = client(role)
    assert reader.get("/").status_code == page
    assert reader.get("/figures/revenue/2024-03-31").status_code == figure
    assert reader.get("/figures/revenue/2024-03-31/rows.csv").status_code == rows


@pytest.mark.usefixtures("figures")
def test_rows_above_the_readers_grade_are_not_shown_but_the_walk_is() -> None:
    text = client("leader").get("/figures/revenue/2024-03-31").content.decode()
    assert "您的角色不能查看这些数据行" in text
    assert "张三" not in text.replace("张三</", "")
    assert "data-entry" in text


@pytest.mark.usefixtures("figures")
def test_the_walk_narrows_to_the_figure_and_computes_again() -> None:
    reader = client("data_office")
    address = "/figures/revenue/2024-03-31?period=2024-03-01&street=west"
    text = reader.get(address).content.decode()
    assert "1 行构成这个数" in text
    assert "李四" not in text
    assert "东 · east" in reader.get(address.replace("west", "east")).content.decode()
    assert 'data-again="same"' in reader.post(address).content.decode()
    lines = b"".join(reader.get("/figures/revenue/2024-03-31/rows.csv?street=west").streaming_content).decode(
        "utf-8-sig"
    )
    assert len(lines.splitlines()) == 4
    assert "•••" in lines


@pytest.mark.usefixtures("figures")
def test_identifiers_lead_to_the_walk() -> None:
    run = indicators.walk_on("revenue", DAY).computation
    assert resolve(Urn.parse(run.urn)) == f"/figures/revenue/2024-03-31?run={run.urn.rpartition('/')[2]}"
    assert resolve(Urn("test", "indicator", "revenue")) == "/figures/revenue"
    assert resolve(Urn("test", "indicator", "nothing")) is None
    assert resolve(Urn("test", "observation", "revenue/2024-03-31/ffffff")) is None
    reader = client("leader")
    assert reader.get(resolve(Urn.parse(run.urn)) or "").status_code == 200
    assert reader.get("/figures/nothing/2024-03-31").status_code == 404
    assert reader.get("/figures/revenue/2024-03-31?run=ffffff").status_code == 404
    assert reader.get("/figures/revenue/tomorrow").status_code == 422


@pytest.mark.parametrize(
    "tile",
    [
        {},
        {"figure": "a", "rank": "a", "by": "b"},
        {"rank": "a"},
        {"figure": "a", "by": "b"},
        {"link": {"title": {"zh": "外", "en": "Out"}, "url": "https://example.org"}},
        {"picture": "a"},
    ],
)
def test_tiles_that_are_none(tile: dict[str, Any]) -> None:
    page = {"id": "x", "title": {"zh": "页", "en": "Page"}, "rows": [{"tiles": [tile]}]}
    with pytest.raises(ValidationError):
        PageSpec.model_validate(page)


def test_a_dimension_the_indicator_lacks_is_named_with_its_line() -> None:
    pack = load_pack("beijing-dongcheng")
    item = pack.find("cockpit", "city")
    assert item is not None
    assert list(check(pack, (item,))) == []
    body = yaml.safe_load((Path(pack.folder) / item.file).read_text("utf8"))
    row, tile = next(
        (r, t) for r, each in enumerate(body["rows"]) for t, one in enumerate(each["tiles"]) if "rank" in one
    )
    body["rows"][row]["tiles"][tile]["by"] = "colour"
    wrong = type(item)(
        item.pack, item.section, item.file, PageSpec.model_validate(body), item.raw, item.marks
    )
    found = list(check(pack, (wrong,)))
    assert [each.key for each in found] == [f"rows[{row}].tiles[{tile}].by"]
    assert found[0].line > 1


def test_without_pages_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "pages", list)
    assert "还没有驾驶舱页面" in client("leader").get("/").content.decode()
