"""``hutong indicators`` and its machine interface."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from django.test import Client

from hutong.indicators.commands import indicators
from hutong.indicators.errors import UnknownIndicator
from hutong.kernel import clock
from hutong.lake.types import LoadReport
from tests.cockpit.test_pages import client
from tests.indicators.conftest import ROWS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("stands")]


@pytest.fixture
def stands(
    monkeypatch: pytest.MonkeyPatch, load: Callable[..., LoadReport], define: Callable[..., int]
) -> None:
    monkeypatch.setenv("HUTONG_AS_OF", "2024-03-31")
    load()
    define()


def run(*words: str) -> dict[str, object]:
    result = CliRunner().invoke(indicators, [*words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)  # type: ignore[no-any-return]


def test_compute_show_and_walk(load: Callable[..., LoadReport]) -> None:
    first = run("compute")
    assert (first["unchanged"], first["failed"]) == (0, {})
    assert run("compute", "revenue")["unchanged"] == 1
    shown = run("show", "revenue", "--by", "street")
    assert (shown["text"], shown["period"], shown["state"]) == ("220", "2024-03-01", "good")
    assert shown["parts"] == [{"member": "east", "value": 150.0}, {"member": "west", "value": 70.0}]
    walked = run("walk", str(shown["urn"]))
    assert walked["again"]["same"] is True  # type: ignore[index]
    before = clock.now().isoformat()
    load(ROWS.replace("70,李四", "90,李四"))
    run("compute")
    assert run("show", "revenue")["text"] == "240"
    run("compute", "revenue", "--known-at", before)
    assert run("show", "revenue")["text"] == "240"
    for words in (("list",), ("show", "revenue"), ("walk", "revenue"), ("compute",)):
        said = CliRunner().invoke(indicators, list(words), catch_exceptions=False)
        assert said.exit_code == 0


def test_wrong_words() -> None:
    with pytest.raises(UnknownIndicator):
        CliRunner().invoke(indicators, ["compute", "nothing"], catch_exceptions=False)
    for words in (
        ["compute", "revenue", "--known-at", "soon"],
        ["compute", "revenue", "--known-at", "2024-01-01"],
        ["compute", "--as-of", "soon"],
    ):
        assert CliRunner().invoke(indicators, words).exit_code == 2


def test_the_machine_interface() -> None:
    run("compute")
    reader = client("leader")
    assert [each["id"] for each in reader.get("/api/indicators/").json()] == ["revenue"]
    assert reader.get("/api/indicators/revenue").json()["period"] == "month"
    assert reader.get("/api/indicators/revenue/figure").json()["text"] == "220"
    assert len(reader.get("/api/indicators/revenue/parts/street").json()) == 2
    assert reader.get("/api/indicators/revenue/parts/colour").json() == []
    assert "GROUPING SETS" in reader.get("/api/indicators/revenue/walk").json()["sql"]
    assert reader.get("/api/indicators/revenue/values").json()["values"][0] == ["2024-01-01", {}, "150"]
    assert reader.post("/api/indicators/revenue/again").json()["same"] is True
    assert reader.get("/api/indicators/nothing").status_code == 404
    assert Client().get("/api/indicators/revenue/figure").status_code == 403
