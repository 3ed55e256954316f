"""What people came for, from the sources to the proof, on a whole small district."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.journeys.conftest import District

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]
SignIn = Callable[[str], httpx.Client]
LEADER, STEWARD, AUDITOR = "lin.zhiyuan", "gao.yang", "song.yu"


def test_bringing_it_up_again_loads_nothing_twice(district: District):
    before = district.ask("ledger", "checkpoint")
    again = district.ask("demo", "load")
    assert not any(each["loaded"] for each in again["files"])
    assert again["computed"] == 0
    district.run("init")
    assert district.ask("ledger", "checkpoint")["size"] == before["size"]


def test_the_public_is_led_to_sign_in_but_reads_the_log(address: str):
    with httpx.Client(base_url=address, headers={"Accept": "text/html"}) as anyone:
        assert anyone.get("/").headers["location"].startswith("/account/login")
        until = (
            time.monotonic() + 60
        )  # it is published when its witnesses have cosigned, soon after the start
        while (answer := anyone.get("/ledger/checkpoint")).status_code != 200 and time.monotonic() < until:
            time.sleep(0.5)
        checkpoint = answer.text
        assert int(checkpoint.split("\n")[1]) > 50
        assert anyone.get("/plan").status_code in (200, 302)
        assert anyone.get("/catalog?q=空气").status_code == 200


def test_every_figure_of_the_cockpit_walks_to_its_proof(
    district: District, as_person: SignIn, tmp_path: Path
):
    leader = as_person(LEADER)
    home = leader.get("/").text
    pages = {"/", *re.findall(r'href="(/cockpit/[a-z-]+)', home)}
    assert len(pages) >= 4, "economy, city, enterprises, plan"
    figures = {
        link for page in pages for link in re.findall(r'href="(/figures/[^"#?]+)', leader.get(page).text)
    }
    assert len(figures) >= 20
    entries: set[str] = set()
    for link in sorted(figures):
        walk = leader.get(link)
        assert walk.status_code == 200, link
        found = set(re.findall(r"/ledger/entries/(\d+)|hutong:[a-z-]+:entry:(\d+)", walk.text))
        numbers = {one or other for one, other in found}
        assert numbers, f"{link} shows no log entry"
        entries |= numbers
    first = sorted(entries, key=int)[:5]
    proofs = district.ask_all(*(("ledger", "prove", number) for number in first))
    for number, proof in zip(first, proofs, strict=True):
        (tmp_path / f"{number}.json").write_text(json.dumps(proof), "utf8")
    checked = district.ask_all(*(("ledger", "check", str(tmp_path / f"{number}.json")) for number in first))
    assert all("entry" in each for each in checked)


def test_the_same_snapshots_give_the_same_figure(as_person: SignIn):
    leader = as_person(LEADER)
    listed = leader.get("/api/indicators/").json()
    rows = listed if isinstance(listed, list) else listed["indicators"]
    checked = 0
    for row in rows[:8]:
        answer = leader.get(f"/api/indicators/{row['id']}/values")
        if answer.status_code == 200:
            digest = hashlib.sha256(answer.content).hexdigest()
            walk = leader.get(f"/api/indicators/{row['id']}/walk").json()
            assert digest in json.dumps(walk), row["id"]
            checked += 1
    assert checked


def test_rows_that_break_the_contract_stay_out_and_are_named(district: District, tmp_path: Path):
    before = _latest(district, "gdp-quarterly")
    export = district.ask("lake", "query", "SELECT * FROM gdp_quarterly LIMIT 1")
    columns = export["columns"]
    file = tmp_path / "gdp.csv"
    good = [str(each) for each in export["rows"][0]]
    bad = ["不是季度" if "quarter" in name else value for name, value in zip(columns, good, strict=True)]
    file.write_text("\n".join(",".join(row) for row in (columns, bad)) + "\n", "utf8")
    district.run("lake", "load", "gdp-quarterly", str(file), "--mode", "append", code=1)
    assert _latest(district, "gdp-quarterly") == before, "nothing half-loaded"


def _latest(district: District, table: str) -> object:
    return next(each["latest"] for each in district.ask("lake", "tables") if each["table"] == table)


def test_a_steward_loads_a_file_by_page_and_reads_what_stayed_out(district: District, as_person: SignIn):
    steward = as_person(STEWARD)
    page = steward.get("/lake/load")
    assert page.status_code == 200
    assert 'value="key-firm-monthly"' in page.text
    assert 'value="elders"' not in page.text, "another bureau's table is not offered"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    body = (district.home / "demo" / "sources" / "key-firms-2023-12.csv").read_bytes()

    def send(table: str) -> httpx.Response:
        return steward.post(
            "/lake/load",
            data={"csrfmiddlewaretoken": token[1], "table": table, "mode": "upsert"},
            files={"file": ("again.csv", body + "坏行,,,,\n".encode())},
            headers={"Referer": str(page.url)},
        )

    assert send("elders").status_code == 403
    report = send("key-firm-monthly")
    until = time.monotonic() + 60
    while "/lake/loads/" not in str(report.url) and time.monotonic() < until:
        assert report.status_code == 200, report.text[:300]
        time.sleep(0.3)
        report = steward.get(str(report.url))
    assert "/lake/loads/" in str(report.url)
    assert "missing-columns" in report.text
    assert as_person("he.jing").get("/lake/load?table=key-firm-monthly").status_code == 403
    inner = steward.post(
        "/lake/load",
        data={
            "csrfmiddlewaretoken": token[1],
            "table": "key-firm-monthly",
            "mode": "upsert",
            "address": "https://127.0.0.1/rows.csv",
        },
        headers={"Referer": str(page.url)},
    )
    until = time.monotonic() + 60
    while "127.0.0.1" not in inner.text.partition("<main")[2] and time.monotonic() < until:
        assert inner.status_code == 200, inner.text[:300]
        time.sleep(0.3)
        inner = steward.get(str(inner.url))
    assert "HUTONG_LAKE_FETCH_PRIVATE" in inner.text, (
        "an inner address is refused, and the page says how to allow it"
    )


@contextmanager
def _flipped(file: Path, offset: int) -> Iterator[None]:
    body = bytearray(file.read_bytes())
    body[offset] ^= 0b0001_0000
    file.write_bytes(bytes(body))
    try:
        yield
    finally:
        body[offset] ^= 0b0001_0000
        file.write_bytes(bytes(body))


def test_one_flipped_bit_in_a_lake_file_is_named(district: District):
    assert district.ask("ledger", "verify")["ok"]
    files = sorted((district.home / "lake").rglob("*.parquet"), key=lambda each: each.stat().st_size)
    committed = [each for each in files if "quarantine" not in str(each) and "stage" not in str(each)]
    file = committed[len(committed) // 2]
    offset = file.stat().st_size // 3
    with _flipped(file, offset):
        report = district.ask("ledger", "verify", code=1)
        assert not report["ok"]
        fault = next(each for each in report["faults"] if each["offset"] == offset)
        assert file.name in fault["name"]
        assert fault["bit"] == 4
    assert district.ask("ledger", "verify")["ok"]


def _until_little_is_written(address: str) -> None:
    """What a fresh district does of itself is over when its log has not grown for some seconds."""
    said, since, until = "", time.monotonic(), time.monotonic() + 90
    while time.monotonic() < min(since + 4, until):
        now = httpx.get(f"{address}/ledger/checkpoint").text
        if now != said:
            said, since = now, time.monotonic()
        time.sleep(0.5)


def test_a_restored_backup_is_the_same_district(district: District, address: str, tmp_path: Path):
    file, again = tmp_path / "backup.tar.gz", tmp_path / "again"
    _until_little_is_written(address)
    for _ in range(10):  # until nothing is written to the log meanwhile: the district goes on living
        still = district.ask("ledger", "checkpoint")
        district.run("backup", str(file))
        if district.ask("ledger", "checkpoint") == still:
            break
    district.run("restore", str(file), home=again)
    questions = (
        ("lake", "tables"),
        ("people", "list"),
        ("indicators", "list"),
        ("catalog", "search", "企业"),
        ("lake", "query", "SELECT count(*), sum(revenue), sum(tax) FROM key_firm_monthly"),
    )
    checkpoint, *after, verified = district.ask_all(
        ("ledger", "checkpoint"), *questions, ("ledger", "verify"), home=again
    )
    assert checkpoint == still
    assert verified["ok"]
    before = district.ask_all(*questions)
    for question, *pair in zip(questions, before, after, strict=True):
        for each in pair:
            if isinstance(each, dict):
                each.pop("elapsed_ms", None)
        assert pair[0] == pair[1], question
    _go_on_loading(district, again)


def _go_on_loading(district: District, home: Path) -> None:
    """A restored home is lived in: rows come in over the old ones."""
    source = home / "demo" / "sources" / "air-stations.csv"
    shorter = home / "air-stations.csv"
    shorter.write_bytes(b"\n".join(source.read_bytes().rstrip(b"\n").split(b"\n")[:-1]) + b"\n")
    report = district.ask("lake", "load", "air-stations", str(shorter), home=home)
    assert report["rows_loaded"] == 5
    assert district.ask("ledger", "verify", home=home)["ok"]


def test_an_auditor_sees_who_looked(as_person: SignIn):
    steward = as_person(STEWARD)
    assert steward.get("/catalog/datasets/key-firm-monthly/sample").status_code == 200
    trail = as_person(AUDITOR).get("/audit")
    assert trail.status_code == 200
    assert "lake.sample" in trail.text


@pytest.mark.parametrize("path", ["/people", "/audit", "/catalog/datasets/elders/sample"])
def test_what_one_may_not_see_is_refused(as_person: SignIn, path: str):
    assert as_person(STEWARD).get(path).status_code == 403
