"""“These are all the entries about X”: nothing can be left out, added or shown for another thing."""

import json
import os
import random
import subprocess
import sys
from base64 import b64decode, b64encode
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.ledger import api
from hutong.ledger.errors import BadEvidence, BadNote, BadProof, BadSignature, LogDamaged, TooManyEntries
from hutong.ledger.logic import authmap, completeness, mapping
from hutong.ledger.logic.authmap import NOTHING, Tally
from hutong.ledger.logic.completeness import Complete
from hutong.ledger.models import EntryRow, MapTileRow, MentionRow, TallyRow
from hutong.ledger.store.mapstore import ScratchMap
from hutong.ledger.types import NewEntry

AIR = "urn:hutong:beijing-dongcheng:dataset:air"
FIRMS = "urn:hutong:beijing-dongcheng:dataset:firms"
READER = "urn:hutong:beijing-dongcheng:organisation:culture"
stored = pytest.mark.django_db(transaction=True)
SCRIPT = Path(__file__).parents[2] / "src/hutong/ledger/static/ledger/hutong_check.py"


def _naive(tallies: dict[bytes, Tally]) -> bytes:
    """The definition, bit by bit."""

    def root(keys: list[bytes], depth: int) -> bytes:
        if not keys:
            return NOTHING
        if len(keys) == 1:
            return authmap.leaf(keys[0], tallies[keys[0]])
        left = [key for key in keys if not authmap.bit(key, depth)]
        right = [key for key in keys if authmap.bit(key, depth)]
        return authmap.join(depth, root(left, depth + 1), root(right, depth + 1))

    return root(list(tallies), 0)


@given(st.lists(st.integers(0, 60), max_size=80), st.integers(1, 9), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_map_is_what_its_definition_says(numbers: list[int], step: int, near: bool) -> None:
    """Also with keys that share their first bytes, and with any splitting into batches."""
    keys = [(b"\0\0" * 15 + n.to_bytes(2, "big")) if near else authmap.key_of(str(n)) for n in numbers]
    store, wanted = ScratchMap(), dict[bytes, Tally]()
    for at in range(0, len(keys), step):
        new: dict[bytes, list[bytes]] = {}
        for key in keys[at : at + step]:
            new.setdefault(key, []).append(bytes([at % 251]) * 32)
            wanted[key] = wanted.get(key, Tally()).follow(bytes([at % 251]) * 32)
        assert mapping.extend(store, new) == _naive(wanted)
    root = mapping.root(store)
    for n in [*numbers, 61, 62]:
        key = (b"\0\0" * 15 + n.to_bytes(2, "big")) if near else authmap.key_of(str(n))
        found, steps = mapping.prove(store, key)
        assert authmap.check(key, steps, found, root) == wanted.get(key, Tally())
        if found and steps:
            with pytest.raises(BadProof):
                authmap.check(key, steps[:-1], found, root)
            with pytest.raises(BadProof):
                authmap.check(key, steps, (found[0], Tally(found[1].count + 1, found[1].chain)), root)
            with pytest.raises(BadProof):
                authmap.check(key, [], None, root)
    store.close()


def test_absence_cannot_be_shown_of_what_is_there() -> None:
    """Whatever other key's way is offered, it parts from the label's at a branch it passes."""
    store = ScratchMap()
    keys = [authmap.key_of(str(n)) for n in range(200)]
    root = mapping.extend(store, {key: [b"x" * 32] for key in keys})
    for key in keys[:20]:
        for other in keys:
            found, steps = mapping.prove(store, other)
            if other != key:
                with pytest.raises(BadProof):
                    authmap.check(key, steps, found, root)
    store.close()


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    random.seed(5)
    new = [
        NewEntry("exchange.access", random.choice([AIR, FIRMS]), {"n": n}, random.choice(["", READER]))
        for n in range(120)
    ]
    new.append(NewEntry("test.mention", "urn:hutong:d:contract:1", {"about": [AIR], "by": "urn:x:firm"}, ""))
    api.append_many(new[:70])
    api.index()
    api.append_many(new[70:])
    return sum(each.subject == AIR for each in new) + 1


def _check(evidence: dict[str, Any], **options: Any) -> Complete:
    found = api.check_any(json.dumps(evidence), **options)
    assert isinstance(found, Complete)
    return found


@stored
def test_all_entries_about_a_thing(log: int, client: Client) -> None:
    evidence = api.evidence_about(AIR)
    found = _check(evidence, trusted=api.verifier_key())
    assert (len(found.entries), found.skipped) == (log, 0)
    assert found.size >= 122
    both = _check(api.evidence_about(AIR, by=READER))
    rows = EntryRow.objects.filter(subject=AIR, organisation=READER)
    assert [place for place, _ in both.entries] == sorted(rows.values_list("leaf_index", flat=True))
    assert len(_check(api.evidence_about(by="urn:x:firm")).entries) == 1
    assert len(_check(api.evidence_about(AIR, by="urn:x:firm")).entries) == 1
    assert _check(api.evidence_about("urn:hutong:d:dataset:unheard-of")).entries == ()
    assert _check(api.evidence_about(AIR, by="culture")).entries == both.entries
    part = _check(api.evidence_about(AIR, skip=log - 3))
    assert (len(part.entries), part.skipped) == (3, log - 3)
    assert api.verify().ok
    before = EntryRow.objects.count()
    api.index()
    assert EntryRow.objects.count() == before  # its own entries do not keep it going


@stored
def test_nothing_can_be_left_out_or_added(log: int) -> None:
    good = api.evidence_about(AIR, by=READER)
    other = api.evidence_about(FIRMS, by=READER)
    b64 = b64encode(b"y" * 32).decode()

    def bad(**changes: Any) -> None:
        with pytest.raises((BadProof, BadEvidence, BadSignature, BadNote)):
            _check({**deepcopy(good), **changes})

    bad(entries=good["entries"][1:])
    bad(entries=good["entries"][:-1])
    bad(entries=good["entries"][:3] + good["entries"][4:])
    bad(entries=[*good["entries"], other["entries"][0]])
    bad(entries=[good["entries"][1], good["entries"][0], *good["entries"][2:]])
    bad(entries=good["entries"][1:], skipped=1)
    bad(entries=good["entries"][1:], skipped=1, before=b64)
    bad(about=FIRMS)
    bad(about=FIRMS, entries=[])
    bad(map=other["map"], entries=other["entries"])
    bad(map={"leaf": None, "way": []}, entries=[])
    bad(map={**good["map"], "way": good["map"]["way"][1:]})
    bad(map_entry=good["entries"][0])
    bad(checkpoint=good["checkpoint"].replace("\n1", "\n2", 1))
    bad(format="hutong-completeness/2")
    for name in good:
        if name not in {"policy", "size"}:
            bad(**{name: None})


@stored
def test_any_changed_byte_of_the_evidence_is_refused(log: int) -> None:
    text = json.dumps(api.evidence_about(AIR, by="urn:x:firm"), ensure_ascii=False)
    whole = _check(json.loads(text))

    @given(st.integers(0, len(text.encode()) - 1), st.integers(0, 7))
    @settings(max_examples=300, deadline=None)
    def flip(offset: int, bit: int) -> None:
        raw = bytearray(text.encode())
        raw[offset] ^= 1 << bit
        try:
            found = api.check_any(bytes(raw), trusted=api.verifier_key())
        except (BadProof, BadEvidence, BadSignature, BadNote):
            return
        except Exception as error:  # noqa: BLE001 - anything but a stated refusal is a defect
            pytest.fail(f"{type(error).__name__} at byte {offset}")
        assert isinstance(found, Complete)
        assert (found.entries, found.about, found.by) == (whole.entries, whole.about, whole.by)

    flip()


@stored
def test_any_bit_of_the_stored_map_is_found(log: int) -> None:
    api.index()
    assert api.verify().ok
    row = TallyRow.objects.order_by("key")[3]
    for change in ({"count": row.count + 1}, {"chain": b"\x01" + bytes(row.chain)[1:]}):
        TallyRow.objects.filter(pk=row.key).update(**change)
        assert [fault.part for fault in api.verify().faults] == ["map"]
        TallyRow.objects.filter(pk=row.key).update(count=row.count, chain=row.chain)
    tile = MapTileRow.objects.get(pk="")
    changed = bytearray(tile.data)
    changed[100] ^= 4
    MapTileRow.objects.filter(pk="").update(data=bytes(changed))
    assert [(fault.name, fault.offset, fault.bit) for fault in api.verify().faults] == [("map tile ", 100, 2)]
    with pytest.raises(LogDamaged):
        api.append("k", AIR, {}, organisation="")
        api.index()
    MapTileRow.objects.filter(pk="").update(data=tile.data)
    first = MapTileRow.objects.order_by("prefix")[1]
    MapTileRow.objects.filter(pk=first.prefix).delete()
    assert [fault.name for fault in api.verify().faults] == [f"map tile {first.prefix}"]
    first.save(force_insert=True)
    MentionRow.objects.all().delete()
    assert [fault.name for fault in api.verify().faults] == ["mentions"]


@stored
def test_a_map_that_hides_an_entry_is_found_by_whoever_replays_the_log(
    log: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = authmap.labels
    with monkeypatch.context() as patch:
        patch.setattr(
            authmap, "labels", lambda fields: honest(fields) if fields["payload"].get("n") != 100 else []
        )
        api.index()
    faults = api.verify().faults
    assert [(fault.part, fault.field) for fault in faults[:1]] == [("entry", "payload")]
    assert "hidden" in faults[0].what.en


@stored
def test_a_file_holds_five_thousand(log: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hutong.ledger.store.completing.MOST", 10)
    with pytest.raises(TooManyEntries) as said:
        api.evidence_about(AIR)
    assert f"skip={log - 10}" in said.value.mend.en


@stored
def test_checked_with_no_home_no_database_and_by_a_script_alone(log: int, tmp_path: Path) -> None:
    """`hutong ledger check` and the script that needs `cryptography` only; both refuse what was tampered with."""
    files = {"all": api.evidence_about(AIR), "one": api.evidence(EntryRow.objects.latest("id").pk)}
    environment = {
        name: each for name, each in os.environ.items() if not name.startswith(("HUTONG", "DJANGO"))
    }
    environment |= {"HUTONG_HOME": "/nonexistent/home", "PYTHONPATH": str(SCRIPT.parents[4])}
    for name, evidence in files.items():
        file = tmp_path / f"{name}.json"
        for good in (True, False):
            if not good:
                where = evidence["entries"][2] if name == "all" else evidence
                where["leaf"] = where["leaf"].replace('"at":"2', '"at":"1', 1)
            file.write_text(json.dumps(evidence, ensure_ascii=False))
            for command in (
                [
                    sys.executable,
                    "-m",
                    "hutong.project.cli",
                    "ledger",
                    "check",
                    str(file),
                    "--key",
                    api.verifier_key(),
                ],
                [sys.executable, "-I", str(SCRIPT), str(file), "--key", api.verifier_key()],
            ):
                done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
                assert done.returncode == (0 if good else 1), (command, done.stdout, done.stderr)
    assert b64decode(files["all"]["before"]) == NOTHING
    assert files["all"]["format"] == completeness.FORMAT
