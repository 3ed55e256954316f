"""What came from another catalog is found in ours, says whose it is, and leads to its proof."""

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from hutong.accounts.types import Role
from hutong.catalog import api as catalog
from hutong.catalog import browse
from hutong.docking import applying, batches, exchange, heads, peers, proving
from hutong.docking.commands import dock
from hutong.docking.errors import BadMessage
from hutong.docking.models import Conflict, Copy
from hutong.docking.types import Item
from hutong.kernel.errors import HutongError
from hutong.ledger import api as ledger
from tests.catalog.entries import BODIES, DATASET, client, fill
from tests.docking.test_heads import MYSELF

pytestmark = pytest.mark.django_db(transaction=True)
CITY = "urn:hutong:beijing:dataset:city-traffic"
BODY = {
    **BODIES[DATASET],
    "id": "city-traffic",
    "title": {"zh": "全市路网流量", "en": "City traffic"},
    "summary": {"zh": "每小时断面流量", "en": "Flows"},
    "table": {"columns": {"flow": {"type": "int", "title": {"zh": "断面流量"}, "unit": "辆"}}},
}


@pytest.fixture(autouse=True)
def _came(tmp_path, monkeypatch):
    """A peer, which is this instance itself, has sent two entries: one of the city's, one of ours."""
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    ledger.add_key("eco")
    ledger.integrate()
    (tmp_path / "peers.toml").write_text(MYSELF.format(log=ledger.verifier_key()))
    fill()
    own = {**BODIES[DATASET], "update": "daily"}
    _send(_item(CITY, BODY, 1), _item(DATASET, own, 1))


def _item(urn: str, body: dict[str, object], version: int, change: str = "added") -> Item:
    return Item(urn, "dataset", version, change, "", catalog.digest(body), body)


def _send(*items: Item) -> None:
    peer = peers.peer("me")
    sent = batches.outgoing(peer, items, 0, 1)
    proof = ledger.evidence(sent.entry)
    exchange.take_in(peer, list(items), (0, 1), proof, heads.growth(heads.held(peer), proof["size"]))


def _found(query: str, **chosen: str) -> list[tuple[str, str]]:
    return [(hit.entry.urn, hit.entry.origin) for hit in browse.find(query, chosen).hits]


@pytest.mark.parametrize("query", ["路网流量", "断面", "city tra", "flow"])
def test_it_is_found_by_its_title_its_text_and_its_columns(query):
    assert _found(query) == [(CITY, "me")]


def test_it_is_marked_and_told_apart_and_what_is_ours_is_not_shown_twice():
    assert _found("空气小时值") == [(DATASET, "")]
    assert set(_found("", kind="dataset")) == {(CITY, "me"), (DATASET, "")}
    assert _found("", kind="dataset", origin="me") == [(CITY, "me")]
    assert _found("", kind="dataset", origin="here") == [(DATASET, "")]
    assert browse.find("", {}).facets["origin"] == {"here": 3, "me": 1}


def test_the_public_does_not_see_other_catalogs():
    assert browse.find("路网流量", {}, only_open=True).total == 0
    assert Client().get("/api/catalog/entries?q=路网流量").json()["total"] == 0
    page = Client(HTTP_ACCEPT="application/json").get(f"/catalog/docking/me/entries/{CITY}")
    assert page.status_code == 403


def test_a_newer_version_takes_the_place_and_a_retired_one_is_found_no_more():
    _send(_item(CITY, {**BODY, "title": {"zh": "全市道路运行", "en": "Roads"}}, 2, "changed"))
    assert _found("道路运行") == [(CITY, "me")]
    assert _found("路网流量") == []
    _send(_item(CITY, BODY, 3, "retired"))
    assert _found("全市") == []


def test_search_leads_to_the_page_and_the_page_to_the_proof():
    leader = client("lin", Role.LEADER, "")
    page = leader.get("/catalog?q=路网流量").content.decode()
    assert "市级目录 · me" in page
    address = f"/catalog/docking/me/entries/{CITY}"
    assert address in page
    assert leader.get(f"/id/{CITY}")["Location"] == address
    page = leader.get(address).content.decode()
    assert "刚刚核验：成立" in page
    assert "断面流量" in page
    file = leader.get(f"/catalog/docking/me/proofs/{CITY}").json()
    found = proving.check(file, ledger.verifier_key())
    assert found.signers == ("urn:hutong:beijing-dongcheng:organisation:eco",)


def test_the_command_checks_the_file_offline(tmp_path):
    file = tmp_path / "entry.json"
    given = proving.build(Copy.objects.get(urn=CITY))
    file.write_text(json.dumps(given, ensure_ascii=False))
    answer = CliRunner().invoke(dock, ["check", str(file), "--key", ledger.verifier_key()])
    assert answer.exit_code == 0, answer.output
    given["entry"]["body"]["update"] = "yearly"
    file.write_text(json.dumps(given, ensure_ascii=False))
    assert CliRunner().invoke(dock, ["check", str(file)]).exit_code == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "x"),
        (("entry", "version"), 9),
        (("entry", "body", "update"), "yearly"),
        (("entry", "sha256"), "0" * 64),
        (("batch", 1, 1), 7),
        (("evidence", "index"), 0),
        (("evidence", "leaf"), "{}"),
        (("evidence",), None),
    ],
)
def test_a_file_that_was_changed_anywhere_does_not_hold(path, value):
    given = proving.build(Copy.objects.get(urn=CITY))
    inner = given
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises((BadMessage, HutongError)):
        proving.check(given)


def test_a_copy_whose_proof_does_not_hold_is_shown_as_such():
    Copy.objects.filter(urn=CITY).update(body={**BODY, "update": "yearly"})
    page = client("lin", Role.LEADER, "").get(f"/catalog/docking/me/entries/{CITY}").content.decode()
    assert "刚刚核验：成立" not in page
    assert "entry: sha256" in page


def test_a_retirement_of_the_peer_that_a_person_takes_retires_ours_with_the_reason():
    _send(_item(DATASET, BODIES[DATASET], 2, "retired"))
    row = Conflict.objects.get(state="open")
    applying.settle(row.pk, take=True, reason="市级已并入", actor="li")
    newest = catalog.versions(DATASET)[0]
    assert (newest.change, newest.note) == ("retired", {"reason": "市级已并入"})
