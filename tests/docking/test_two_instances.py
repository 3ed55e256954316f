"""A city and a district, two real processes: all arrives once, over a line that is cut, and both can prove it."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.docking.instances import Instance, cut_line

pytestmark = [pytest.mark.processes, pytest.mark.timeout(500)]  # eight processes, one after the other
SEEN = """
from hutong.docking.models import Batch, Copy
from hutong.ledger.models import EntryRow
from hutong.catalog import api
kinds = list(EntryRow.objects.filter(kind__startswith="docking.").values_list("kind", flat=True))
print(json.dumps({
  "entries": len(api.digests()), "changes": api.last(), "copies": Copy.objects.count(),
  "sent": Batch.objects.filter(direction="sent").count(),
  "received": Batch.objects.filter(direction="received").count(),
  "proven": Batch.objects.exclude(proof__isnull=True).count(),
  "logged": {each: kinds.count(each) for each in set(kinds)},
}))
"""
EDIT = """
from hutong.catalog import api
entry = api.entry("{urn}")
api.edit(entry.kind, entry.urn, {{**entry.body, "title": {{"zh": "{title}", "en": "Changed"}}}}, expected=entry.version)
print(json.dumps(True))
"""
FOUND = """
from hutong.catalog import api
print(json.dumps([[hit.entry.urn, hit.entry.origin] for hit in api.search("{words}", {{}}).hits]))
"""
TITLE = """
from hutong.catalog import api
print(json.dumps(api.entry("{urn}").title.zh))
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Instance, Instance]]:
    root = tmp_path_factory.mktemp("docking")
    city = Instance(root / "city", "city", "beijing-xicheng", "government-office")
    district = Instance(root / "district", "district", "beijing-dongcheng", "science-informatization-bureau")
    city.know(district, f"http://127.0.0.1:{district.port}", "district", rule="manual")
    district.know(city, f"http://127.0.0.1:{city.port}", "city")
    city.run("dock", "trust", "district")
    district.run("dock", "trust", "city")
    city.start()
    district.start()
    yield city, district
    city.kill()
    district.kill()


def _batches(changes: int) -> int:
    return -(-changes // 10)


def test_everything_arrives_once_though_the_line_is_cut_and_the_server_killed(pair):
    city, district = pair
    before = district.ask(SEEN)
    # The first question is where both logs stand. The answer to the fourth page is lost: the city has taken it, the
    # district does not know.
    with cut_line(city.port, at=5) as line:
        district.know(city, f"http://127.0.0.1:{line.port}", "city")
        assert "docking.line-cut" in district.run("dock", "push", "city", fails=True)
    assert city.ask(SEEN)["received"] == 4
    district.know(city, f"http://127.0.0.1:{city.port}", "city")
    # The server is killed while the rest goes over.
    pushing = subprocess.Popen(
        district.command("dock", "push", "city"),
        env=district.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    for _ in range(400):
        if city.ask(SEEN)["received"] >= 5 or pushing.poll() is not None:
            break
        time.sleep(0.05)
    city.kill()
    pushing.communicate(timeout=120)
    city.start()
    district.run("dock", "push", "city")
    here, there = district.ask(SEEN), city.ask(SEEN)
    pages = _batches(before["changes"])
    assert there["copies"] == before["entries"]
    assert (here["sent"], there["received"]) == (pages, pages)
    assert (here["logged"]["docking.sent"], there["logged"]["docking.received"]) == (pages, pages)
    assert here["logged"]["docking.acknowledged"] == pages
    assert (here["proven"], there["proven"]) == (pages, pages)
    assert district.json("dock", "push", "city")["items"] == 0


def test_a_pull_brings_the_rest_and_then_nothing_differs(pair):
    city, district = pair
    district.run("dock", "push", "city")
    moved = district.json("dock", "pull", "city")
    assert moved["items"] == city.ask(SEEN)["changes"]
    found = district.json("dock", "report", "city")
    assert found["same"], found
    assert found["requests"] == 1


def test_conflicts_follow_the_rule_and_the_report_names_them(pair):
    _city, district = pair
    district.run("dock", "push", "city")
    district.run("dock", "pull", "city")
    urn = "urn:hutong:beijing-dongcheng:system:big-data-platform"
    district.ask(EDIT.format(urn=urn, title="大数据平台二期"))
    answer = json.loads(
        district.run("dock", "report", "city", "--json", fails=True).split("\n}\n")[0] + "\n}"
    )
    assert answer["differ"] == [urn]
    assert answer["requests"] <= 4
    district.run("dock", "push", "city")
    assert district.json("dock", "report", "city")["same"]


def test_both_logs_hold_and_a_stranger_is_refused(pair):
    _city, district = pair
    for each in pair:
        assert each.json("ledger", "verify")["ok"]
    file = district.home / "peers.toml"
    kept = file.read_text()
    file.write_text(kept.replace('name = "district"', 'name = "stranger"'))
    assert "docking." in district.run("dock", "pull", "city", fails=True)
    file.write_text(kept)


def test_a_city_that_was_put_back_and_went_on_differently_is_refused_and_told_of(pair):
    city, district = pair
    district.run("dock", "pull", "city")
    city.kill()
    kept = city.home.with_name("kept")
    shutil.copytree(city.home, kept)
    city.start()
    urn = "urn:hutong:beijing-xicheng:system:big-data-platform"
    city.ask(EDIT.format(urn=urn, title="大数据平台"))
    assert district.json("dock", "pull", "city")["items"] == 1
    found = district.ask(FOUND.format(words="大数据平台"))
    assert [urn, "city"] in found
    # Put back to before that edit, the city writes another history of the same length.
    city.kill()
    shutil.rmtree(city.home)
    kept.rename(city.home)
    city.start()
    city.ask(EDIT.format(urn=urn, title="另一平台"))
    assert "docking.peer-forked" in district.run("dock", "pull", "city", fails=True)
    assert "docking.peer-alarmed" in district.run("dock", "push", "city", fails=True)
    assert "docking.peer-alarmed" in city.run("dock", "push", "district", fails=True)
    said = json.loads(district.run("doctor", "--json", fails=True))
    assert "city" in json.dumps(said, ensure_ascii=False)
    assert district.json("ledger", "verify")["ok"]
