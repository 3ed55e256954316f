"""The audit trail sealed on the log, exported with its proof, and checked from the file alone."""

import json
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from hutong.accounts.errors import Refused
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.errors import HutongError
from hutong.kernel.models import AuditRecord
from hutong.posture import checking
from hutong.posture.api import seals
from hutong.posture.errors import BadPeriod, ExportBroken
from hutong.posture.models import SealRow
from tests.exchange.conftest import OFFICE
from tests.posture.conftest import SECURITY

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(district: None, tmp_path: Path) -> Path:
    """Three days of records, sealed day by day; the middle one exported."""
    for day in range(3):
        with clock.freeze(clock.now() + timedelta(days=day)):
            for each in range(5):
                audit.record("test.act", f"thing-{day}-{each}", note="=1+1")
            seals.seal()
    with clock.freeze(clock.now() + timedelta(days=3)):
        day = clock.today() - timedelta(days=2)
        name, body = seals.export(SECURITY, day, day)
        file = tmp_path / name
        file.write_bytes(b"".join(body))
    return file


def rewritten(file: Path, change: Callable[[list[bytes]], list[bytes]]) -> Path:
    """The same export with other records."""
    with zipfile.ZipFile(file) as old:
        parts = {each: old.read(each) for each in old.namelist()}
    parts["audit.ndjson"] = b"".join(change(parts["audit.ndjson"].splitlines(keepends=True)))
    forged = file.with_name("forged.zip")
    with zipfile.ZipFile(forged, "w") as new:
        for name, body in parts.items():
            new.writestr(name, body)
    return forged


def test_an_export_holds_and_tells_its_period(export: Path):
    found = checking.check(export)
    assert found.within == 5
    assert found.seals == 1
    with zipfile.ZipFile(export) as pack:
        lines = [json.loads(each) for each in pack.read("audit.ndjson").splitlines()]
        shown = json.loads(pack.read("seals.json"))
    assert [each["subject"] for each in lines] == [f"thing-1-{n}" for n in range(5)]
    assert shown["skipped"] == 1, "the first day is only counted"


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: lines[:-1],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [lines[0].replace(b"test.act", b"test.pact"), *lines[1:]],
        lambda _lines: [],
        lambda _lines: [b"\xff\n"],
    ],
    ids=["first gone", "last gone", "twice", "other order", "altered", "empty", "no text"],
)
def test_records_that_are_not_as_sealed_are_found(export: Path, change: Callable[[list[bytes]], list[bytes]]):
    with pytest.raises(ExportBroken):
        checking.check(rewritten(export, change))


def test_a_record_that_is_missing_is_told_with_its_seal(export: Path):
    with pytest.raises(ExportBroken) as found:
        checking.check(rewritten(export, lambda lines: lines[:-1]))
    assert "有缺失" in found.value.said.zh
    assert "some are missing" in found.value.said.en


def test_a_seal_that_is_left_out_is_found(export: Path):
    with zipfile.ZipFile(export) as pack:
        parts = {each: pack.read(each) for each in pack.namelist()}
    proof = json.loads(parts["seals.json"])
    del proof["entries"][0]
    parts["seals.json"] = json.dumps(proof).encode()
    with zipfile.ZipFile(export, "w") as pack:
        for name, body in parts.items():
            pack.writestr(name, body)
    with pytest.raises(HutongError):
        checking.check(export)


def test_a_period_that_begins_among_skipped_seals_is_refused(export: Path):
    with zipfile.ZipFile(export) as pack:
        parts = {each: pack.read(each) for each in pack.namelist()}
    told = json.loads(parts["manifest.json"])
    told["since"] = "2026-03-01T00:00:00+08:00"
    parts["manifest.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(export, "w") as pack:
        for name, body in parts.items():
            pack.writestr(name, body)
    with pytest.raises(ExportBroken, match="缺少该时段的封存"):
        checking.check(export)


def test_what_is_no_export_is_refused(tmp_path: Path):
    file = tmp_path / "x.zip"
    file.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ExportBroken):
        checking.check(file)


def test_a_record_changed_after_it_was_sealed_is_found(district: None, tmp_path: Path):
    audit.record("test.act", "thing")
    seals.seal()
    AuditRecord.objects.filter(subject="thing").update(subject="other")
    _, body = seals.export(SECURITY, clock.today(), clock.today())
    file = tmp_path / "export.zip"
    file.write_bytes(b"".join(body))
    with pytest.raises(ExportBroken, match="记录与封存时不同"):
        checking.check(file)


def test_sealing_again_seals_only_what_is_new(district: None):
    seals.seal()
    assert SealRow.objects.count() == 1
    seals.seal()
    assert SealRow.objects.count() == 1
    audit.record("test.act", "thing")
    seals.seal()
    first, second = SealRow.objects.order_by("first")
    assert second.first == first.last + 1
    assert second.count == 1


def test_who_may_export_and_for_how_long(district: None):
    with pytest.raises(Refused):
        seals.export(OFFICE, clock.today(), clock.today())
    with pytest.raises(BadPeriod):
        seals.export(SECURITY, clock.today(), clock.today() - timedelta(days=1))
    with pytest.raises(BadPeriod):
        seals.export(SECURITY, clock.today() - timedelta(days=400), clock.today())


@pytest.mark.store
@pytest.mark.django_db(transaction=True)
def test_a_record_that_is_committed_late_is_not_left_behind():
    """Its number is lower than that of one that was there first, on a database that lets both be written at once."""
    written = threading.Event()

    def slow() -> None:
        try:
            with atomic():
                audit.record("test.act", "slow")
                written.set()
                time.sleep(0.3)
        finally:
            connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert written.wait(10)
    audit.record("test.act", "quick")
    seals.seal()
    writer.join()
    seals.seal()
    last = SealRow.objects.order_by("-last")[0].last
    assert (
        sum(SealRow.objects.values_list("count", flat=True))
        == AuditRecord.objects.filter(pk__lte=last).count()
    )
    assert {each.subject for each in audit.records(last=last, actions=("test.act",))} == {"slow", "quick"}
