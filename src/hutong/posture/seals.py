"""The audit trail, sealed: runs of records whose digest the log is told of, and exports that show nothing is missing.

A record is not an entry of the log. Every six hours all records since the last seal are digested together and the
log is told their numbers, count, times and digest. An export holds every record of every seal that touches the
period, and the log's proof that these are all the seals there are; who has it checks it without us.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hutong.accounts.api import Actor, Target, allow
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic, exclusive
from hutong.kernel.settings import home
from hutong.ledger import api as ledger
from hutong.posture import gathering
from hutong.posture.checking import FORMAT
from hutong.posture.errors import BadPeriod
from hutong.posture.models import SealRow

SEAL: Final = "audit.sealed"
MOST_DAYS: Final = 366
MOST: Final = 100_000  # records of one seal
_LOCK: Final = 0x48_55_53


def trail() -> str:
    """What seals are about."""
    return gathering.urn("audit-trail", "seals")


def line(record: audit.Record) -> str:
    """One record as it is digested and exported: canonical JSON."""
    told = {
        "id": record.id, "at": record.at.isoformat(), "actor": record.actor, "organisation": record.organisation,
        "action": record.action, "subject": record.subject, "address": record.address, "detail": record.detail,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal() -> int:
    """Tell the log of every record since the last seal; returns how many seals were made. Safe to repeat."""
    made, settled = 0, audit.settled()
    while settled is not None and _seal_one(settled):
        made += 1
    return made


def _seal_one(settled: int) -> bool:
    with atomic():
        exclusive(_LOCK)
        last = SealRow.objects.order_by("-last").first()
        newest = last.last if last else 0
        numbers: list[int] = []
        times: list[datetime] = []
        digest = hashlib.sha256()
        for record in audit.records(first=newest + 1, last=min(newest + MOST, settled)):
            numbers.append(record.id)
            times.append(record.at)
            digest.update(line(record).encode() + b"\n")
        if not numbers:
            return False
        reached = max([*times, *([last.reached] if last else [])])
        payload = {
            "first": newest + 1, "last": numbers[-1], "count": len(numbers), "since": min(times).isoformat(),
            "until": max(times).isoformat(), "before": last.reached.isoformat() if last else "",
            "sha256": digest.hexdigest(),
        }  # fmt: skip
        entry = ledger.append(SEAL, trail(), payload)
        SealRow.objects.create(
            first=newest + 1, last=numbers[-1], count=len(numbers), since=min(times), until=max(times),
            reached=reached, sha256=digest.hexdigest(), log_entry=entry.id, at=clock.now(),
        )  # fmt: skip
        return len(numbers) == MOST


def export(actor: Actor, since: date, until: date) -> tuple[str, Iterator[bytes]]:
    """The name and the bytes of a ZIP: records, what they are, and the log's proof. The export is a record itself."""
    allow(actor, "audit.view", Target(kind="audit"))
    if until < since or (until - since).days > MOST_DAYS:
        raise BadPeriod(since=since, until=until, days=MOST_DAYS)
    audit.record("audit.export", trail(), actor=actor.urn, since=since.isoformat(), until=until.isoformat())
    seal()
    begin = datetime.combine(since, time(), clock.SHANGHAI)
    end = datetime.combine(until + timedelta(days=1), time(), clock.SHANGHAI)
    found = list(SealRow.objects.filter(since__lt=end, until__gte=begin).order_by("first"))
    name = f"audit-{since.isoformat()}-{until.isoformat()}.zip"
    return name, _zipped(found, begin, end)


def _zipped(found: list[SealRow], begin: datetime, end: datetime) -> Iterator[bytes]:
    base = home() / "tmp"
    base.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=base, prefix="audit-") as folder:
        file = Path(folder) / "export.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
            told = _records(pack, found, begin, end)
            _write(pack, "seals.json", _proof(begin))
            _write(pack, "manifest.json", told)
            pack.writestr("README.txt", _README)
        with file.open("rb") as body:
            while piece := body.read(1 << 20):
                yield piece


def _records(pack: zipfile.ZipFile, found: list[SealRow], begin: datetime, end: datetime) -> dict[str, Any]:
    count = within = 0
    digest = hashlib.sha256()
    with pack.open("audit.ndjson", "w", force_zip64=True) as out:
        for each in found:
            for record in audit.records(first=each.first, last=each.last):
                text = line(record).encode() + b"\n"
                digest.update(text)
                out.write(text)
                count += 1
                within += begin <= record.at < end
    return {
        "format": FORMAT, "trail": trail(), "since": begin.isoformat(), "until": end.isoformat(),
        "made_at": clock.now().isoformat(), "records": count, "within": within, "sha256": digest.hexdigest(),
        "seals": [{"first": each.first, "last": each.last, "entry": each.log_entry} for each in found],
    }  # fmt: skip


def _proof(begin: datetime) -> dict[str, Any]:
    """All seals but the oldest ones, whose records are all from before the period: the first one shown says so."""
    older, every = SealRow.objects.filter(reached__lt=begin).count(), SealRow.objects.count()
    return ledger.evidence_about(trail(), skip=max(0, min(older, every - 1)))


def _write(pack: zipfile.ZipFile, name: str, body: dict[str, Any]) -> None:
    pack.writestr(name, json.dumps(body, ensure_ascii=False, indent=1))


_README: Final = """审计记录导出 · export of the audit trail

audit.ndjson   records, one JSON object a line: every record of every seal that touches the period, those of the
               same seals before or after it too
manifest.json  the period, counts, and the seals
seals.json     the log's proof: these are all seals from the first of this export on

Check: hutong posture check FILE (needs no access to the system that made it).
What it shows: no record that was sealed has been altered or left out. What it does not: that every act was recorded,
or that a record was not changed before it was sealed (within six hours).
"""
