"""The whole district through the lake: every documented defect is found, every other row comes in, once."""

import shutil
from collections import Counter
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from hutong.demo import api
from hutong.demo.commands import demo
from hutong.demo.errors import NotDemo, NotGenerated
from hutong.demo.loading import load
from hutong.demo.pack import SourceSpec
from hutong.demo.types import Loaded
from hutong.kernel.settings import home
from hutong.lake import api as lake
from hutong.packs import api as packs
from hutong.packs.api import Pack

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def empty_home() -> Iterator[None]:
    for part in ("lake", "demo"):
        shutil.rmtree(home() / part, ignore_errors=True)
    yield
    for part in ("lake", "demo"):
        shutil.rmtree(home() / part, ignore_errors=True)


def test_nothing_to_load_is_said(pack: Pack) -> None:
    with pytest.raises(NotGenerated):
        load(pack)


def test_synthetic_rows_stay_out_of_a_real_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUTONG_DEMO", raising=False)
    with pytest.raises(NotDemo):
        api.load()


@pytest.mark.timeout(900)
def test_the_lake_finds_what_is_documented_and_nothing_else(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUTONG_DEMO", "1")
    packs.apply(pack)
    loaded = api.load()
    assert loaded.failed == ()
    assert loaded.computed > 30
    assert {each.dataset for each in loaded.files if not each.loaded} == set()
    for source in pack.values("demo-sources"):
        _check_findings(pack, source)
    _check_rows(pack, loaded)
    again = api.load()
    assert [each.file for each in again.files if each.loaded] == []
    assert again.computed == 0
    assert len(lake.snapshots("enterprises")) == 3
    assert len(lake.snapshots("hotline-cases")) == 2
    _check_scale()
    said = CliRunner().invoke(demo, ["load"])
    assert said.exit_code == 0


def _findings(source: SourceSpec) -> Counter[tuple[str, str, str]]:
    """Of what the table now holds: every file of those appended, the last of those replaced."""
    loads = [each for each in lake.loads(source.dataset) if each.state == "committed"]
    if not any(each.mode == "append" for each in source.files):
        loads = loads[:1]
    return Counter({
        (found.outcome, found.code, found.column): sum(
            each.count for load in loads for each in load.findings
            if (each.outcome, each.code, each.column) == (found.outcome, found.code, found.column)
        )
        for load in loads for found in load.findings
    })  # fmt: skip


def _check_findings(pack: Pack, source: SourceSpec) -> None:
    found = _findings(source)
    own = [each for each in pack.values("demo-defects") if each.dataset == source.dataset]
    wanted = {
        (each.expect.outcome, each.expect.code, each.expect.at): each.rows
        for each in own
        if each.expect.outcome != "unseen"
    }
    assert {key: found[key] for key in wanted} == wanted, source.dataset
    documented = {each.expect.at for each in own} | {"lat"}
    beside = {key for key in found if key not in wanted and key[0] != "noted" and key[2] not in documented}
    assert beside == set(), source.dataset


def _check_rows(pack: Pack, loaded: Loaded) -> None:
    """Rows that stay out are as many as are documented to."""
    for source in pack.values("demo-sources"):
        files = [each for each in loaded.files if each.dataset == source.dataset]
        if not any(each.mode == "append" for each in source.files):
            files = files[-1:]
        wanted = sum(
            each.rows
            for each in pack.values("demo-defects")
            if each.dataset == source.dataset and each.expect.outcome == "quarantined"
        )
        assert sum(each.rows_quarantined for each in files) == wanted, source.dataset


def _check_scale() -> None:
    sql = """SELECT (SELECT count(*) FROM enterprises), (SELECT count(*) FROM key_buildings),
                    (SELECT count(*) FROM subdistricts), (SELECT count(*) FROM communities),
                    (SELECT count(DISTINCT month) FROM key_firm_monthly),
                    (SELECT count(DISTINCT uscc) FROM high_tech_firms
                     WHERE issued <= DATE '2020-12-31' AND expires > DATE '2020-12-31')"""
    tables = [
        "enterprises",
        "key-buildings",
        "subdistricts",
        "communities",
        "key-firm-monthly",
        "high-tech-firms",
    ]
    counts = lake.query(sql, tables).rows[0]
    assert 5900 < counts[0] <= 6000
    assert counts[1:] == (30, 17, 169, 36, 616)
