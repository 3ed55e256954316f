"""The demo's exchanges with the city are real: both logs hold, and each kind of outcome is there once."""

import json
from typing import Any

import pytest

from hutong.catalog import api as catalog
from hutong.demo import city
from hutong.docking import api as docking
from hutong.docking.models import Batch, Conflict, Copy, Head, Progress
from hutong.ledger import api as ledger
from hutong.packs import api as packs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def exchanged(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    monkeypatch.setenv("HUTONG_DEMO", "1")
    packs.install("beijing-dongcheng")
    assert city.seed()


def test_push_pull_divergence_and_conflicts_are_there_and_proved(exchanged: None) -> None:
    sent = Batch.objects.filter(direction="sent")
    received = Batch.objects.filter(direction="received")
    assert [each.proof is not None for each in (*sent, *received)] == [True] * (
        sent.count() + received.count()
    )
    assert (sent.count(), received.count()) == (1, 2)
    kept, waits = Conflict.objects.get(state="ours"), Conflict.objects.get(state="open")
    assert kept.urn.endswith(":government-cloud")
    assert waits.urn.endswith(":catalog-blockchain")
    report = Progress.objects.get().report
    assert report is not None
    assert report["only_there"] == ["urn:hutong:beijing-city:dataset:rail-stations"]
    assert len(report["differ"]) == 2
    assert catalog.waiting(Progress.objects.get().pushed) == 3
    found = catalog.search("断面流量", {}).hits
    assert [hit.entry.origin for hit in found] == ["beijing"]
    for each in (*sent, *received):
        ledger.check_evidence(json.dumps(each.proof), docking.known().peers["beijing"].log)
    assert ledger.verify().ok
    alarm = ledger.find(kind="docking.alarm", limit=2)
    assert alarm.total == ledger.find(kind="docking.trusted-anew", limit=2).total == 1
    assert Head.objects.get().alarm is None  # and it went on after it
    assert Head.objects.get().size >= max(each.proof["size"] for each in received if each.proof)
    assert not city.seed()  # once
    assert Copy.objects.filter(urn__contains=":dataset:").count() == 3
