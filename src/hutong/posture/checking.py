"""Checking an export of the audit trail, with nothing but the file."""

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from hutong.ledger import api as ledger
from hutong.posture.errors import ExportBroken

FORMAT = "hutong-audit-export/1"
_LONGEST = 64 << 20  # of the proof and the manifest
_LINE = 16 << 20


@dataclass(frozen=True, slots=True)
class Held:
    """What an export shows once it has been checked. ``sealed_at``: up to when it tells."""

    since: str
    until: str
    records: int
    within: int
    seals: int
    sealed_at: str
    size: int
    root: str


def check(file: Path, key: str = "", policy: str = "") -> Held:
    """Raises ``ExportBroken`` or what of the log's proof does not hold; ``key``: the log's, where one knows it."""
    try:
        with zipfile.ZipFile(file) as pack:
            manifest = json.loads(_small(pack, "manifest.json"))
            found = ledger.check_any(_small(pack, "seals.json"), key or None, policy or None)
            if manifest["format"] != FORMAT or found.about != manifest["trail"]:  # type: ignore[union-attr]
                raise ExportBroken(
                    reason_zh="格式不是审计导出", reason_en="it is not an export of the audit trail"
                )
            entries = [fields for _, fields in found.entries]  # type: ignore[union-attr]
            begin, end = (datetime.fromisoformat(manifest[each]) for each in ("since", "until"))
            seals = _touching([each["payload"] for each in entries], begin, end)
            records, within = _records(pack, seals, begin, end)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        said = f"{type(error).__name__}: {error}"
        raise ExportBroken(
            reason_zh=f"文件无法读取（{said}）", reason_en=f"it cannot be read ({said})"
        ) from error
    sealed = entries[-1]["at"].isoformat() if entries else ""
    checkpoint = found.checkpoint
    return Held(
        manifest["since"],
        manifest["until"],
        records,
        within,
        len(seals),
        sealed,
        checkpoint.size,
        checkpoint.root.hex(),
    )


def _small(pack: zipfile.ZipFile, name: str) -> str:
    if pack.getinfo(name).file_size > _LONGEST:
        raise ExportBroken(reason_zh=f"{name} 过大", reason_en=f"{name} is too large")
    return pack.read(name).decode()


def _touching(seals: Sequence[Mapping[str, Any]], begin: datetime, end: datetime) -> list[Mapping[str, Any]]:
    """The seals that touch the period; those that are left out before the first hold nothing of it."""
    if seals and seals[0]["before"] and datetime.fromisoformat(seals[0]["before"]) >= begin:
        raise ExportBroken(reason_zh="缺少该时段的封存", reason_en="seals of the period are left out")
    for before, each in pairwise(seals):
        if each["first"] != before["last"] + 1:
            raise ExportBroken(
                reason_zh=f"第 {before['last']} 条与第 {each['first']} 条之间的记录不在任何封存内",
                reason_en=f"records between {before['last']} and {each['first']} are in no seal",
            )
    return [
        each
        for each in seals
        if datetime.fromisoformat(each["since"]) < end and datetime.fromisoformat(each["until"]) >= begin
    ]


def _records(
    pack: zipfile.ZipFile, seals: Sequence[Mapping[str, Any]], begin: datetime, end: datetime
) -> tuple[int, int]:
    """Every record of every seal, digested as it was sealed."""
    within = total = 0
    with pack.open("audit.ndjson") as lines:
        for seal in seals:
            digest, last = hashlib.sha256(), seal["first"] - 1
            for _ in range(seal["count"]):
                text = lines.readline(_LINE)
                record = json.loads(text) if text else None
                if record is None or record["id"] > seal["last"]:
                    raise _missing(seal)
                if record["id"] <= last:
                    raise ExportBroken(
                        reason_zh=f"第 {record['id']} 条记录不应排在第 {last} 条之后",
                        reason_en=f"record {record['id']} does not belong after {last}",
                    )
                last = record["id"]
                digest.update(text)
                total += 1
                within += begin <= datetime.fromisoformat(record["at"]) < end
            if digest.hexdigest() != seal["sha256"]:
                raise ExportBroken(
                    reason_zh=f"第 {seal['first']}–{seal['last']} 条记录与封存时不同",
                    reason_en=f"records {seal['first']}–{seal['last']} are not those that were sealed",
                )
        if lines.read(1):
            raise ExportBroken(
                reason_zh="有记录不在任何封存内", reason_en="there are records that no seal has"
            )
    return total, within


def _missing(seal: Mapping[str, Any]) -> ExportBroken:
    which = f"{seal['first']}–{seal['last']}"
    return ExportBroken(
        reason_zh=f"第 {which} 条（封存时共 {seal['count']} 条）有缺失",
        reason_en=f"of records {which}, {seal['count']} when they were sealed, some are missing",
    )
