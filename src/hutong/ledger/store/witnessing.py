"""Gathering cosignatures, and which checkpoint is published: the newest with a quorum."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.events import publish
from hutong.kernel.settings import Setting, declare, home, value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.ledger.errors import NoAlarm
from hutong.ledger.happenings import WitnessAlarm
from hutong.ledger.logic import entries, notes, policies, tiles
from hutong.ledger.models import CheckpointRow, CosignatureRow, EntryRow, WitnessRow
from hutong.ledger.store import twin
from hutong.ledger.store.appending import write
from hutong.ledger.store.asking import Answer, ask
from hutong.ledger.store.integrating import read_tiles
from hutong.ledger.types import EntryRef, NewEntry

log = logging.getLogger(__name__)
POLICY = "ledger.policy"
SETTLED = "ledger.alarm-settled"
_LONGEST = timedelta(minutes=5)
_LOOK_BACK = 64

declare(
    Setting(
        "HUTONG_LEDGER_POLICY",
        "",
        "str",
        Text(
            zh="见证策略文件（C2SP tlog-policy：见证方、公钥、地址、法定数）；"
            "默认为主文件夹中的 witnesses.policy",
            en="The witness policy (C2SP tlog-policy: witnesses, keys, addresses, quorum);"
            " witnesses.policy in the home folder by default",
        ),
    )
)
declare(
    Setting(
        "HUTONG_LEDGER_WITNESS_TIMEOUT",
        3.0,
        "float",
        Text(zh="等待一个见证方答复的秒数", en="Seconds to wait for the answer of a witness"),
    )
)


@dataclass(frozen=True, slots=True)
class WitnessState:
    """How a witness does. ``lag``: entries it has not cosigned yet."""

    name: str
    key: str
    url: str
    size: int
    lag: int
    seen_at: datetime | None
    error: str
    alarm: str
    alarm_at: datetime | None


def policy_file() -> Path:
    named = str(value("HUTONG_LEDGER_POLICY"))
    return Path(named).expanduser() if named else home() / "witnesses.policy"


def policy() -> policies.Policy | None:
    """The policy in force; None when there are no witnesses. BadPolicy when its file cannot be read."""
    file = policy_file()
    return policies.parse(file.read_text("utf8")) if file.is_file() else None


def published_note() -> bytes | None:
    """The newest checkpoint that a quorum has cosigned, with those lines; None when there is none yet.

    Without witnesses it is simply the newest.
    """
    rule = policy()
    if rule is None or rule.quorum == policies.NONE:
        row = CheckpointRow.objects.order_by("-size").first()
        return bytes(row.note) + _twin_line(row.size) if row else None
    by_size: dict[int, dict[str, bytes]] = defaultdict(dict)
    recent = CosignatureRow.objects.order_by("-size").values_list("size", "witness", "line")
    for size, name, line in recent[: _LOOK_BACK * max(1, len(rule.witnesses))]:
        by_size[size][name] = bytes(line)
    for size in sorted(by_size, reverse=True):
        if rule.enough(by_size[size]):
            note = CheckpointRow.objects.values_list("note", flat=True).get(size=size)
            return bytes(note) + b"".join(line for _, line in sorted(by_size[size].items()))
    return None


def gather() -> int:
    """Ask every witness that is due for its cosignature of the newest checkpoint. Returns how many gave one."""
    if twin.wanted():
        sign_twin()
    rule = policy()
    if rule is None or not rule.witnesses:
        return 0
    _declare_policy(rule)
    row = CheckpointRow.objects.order_by("-size").first()
    if row is None:
        return 0
    done = set(CosignatureRow.objects.filter(size=row.size).values_list("witness", flat=True))
    resting = WitnessRow.objects.filter(not_before__gt=clock.now())
    done |= set(resting.values_list("name", flat=True))
    due = [each for each in rule.witnesses if each.url and each.name not in done]
    if not due:
        return 0
    known = dict(WitnessRow.objects.values_list("name", "size"))
    answers = _ask_all(due, bytes(row.note).decode(), row.size, known)
    for answer in answers:
        _keep(answer, row.size)
    return sum(bool(answer.line) for answer in answers)


def sign_twin() -> None:
    """The newest checkpoint by SM2 as well; the line is kept with the cosignatures."""
    row = CheckpointRow.objects.order_by("-size").first()
    if row is None or CosignatureRow.objects.filter(size=row.size, witness=twin.NAME).exists():
        return
    line = twin.sign(notes.parse(bytes(row.note)).text)
    CosignatureRow.objects.get_or_create(
        size=row.size, witness=twin.NAME, defaults={"line": str(line).encode()}
    )


def _twin_line(size: int) -> bytes:
    found = CosignatureRow.objects.filter(size=size, witness=twin.NAME).values_list("line", flat=True).first()
    return bytes(found) if found is not None else b""


def witnesses() -> list[WitnessState]:
    """How each witness of the policy does."""
    rule = policy()
    newest = CheckpointRow.objects.order_by("-size").values_list("size", flat=True).first() or 0
    rows = {row.name: row for row in WitnessRow.objects.all()}
    found = []
    for each in rule.witnesses if rule else ():
        row = rows.get(each.name) or WitnessRow(name=each.name)
        found.append(
            WitnessState(
                each.name,
                str(each.key),
                each.url,
                row.size,
                max(0, newest - row.size),
                row.seen_at,
                row.error,
                row.alarm,
                row.alarm_at,
            )
        )
    return found


def settle(witness: str, reason: str) -> EntryRef:
    """Somebody has dealt with what the witness found; the log says so, and the witness is asked again.

    NoAlarm when there is none.
    """
    with atomic():
        row = WitnessRow.objects.filter(name=witness).exclude(alarm="").first()
        if row is None or not reason.strip():
            raise NoAlarm(witness=witness)
        said = {"witness": witness, "alarm": row.alarm, "reason": reason.strip()[:1000]}
        subject = str(Urn(str(value("HUTONG_PACK")), "ledger", "witnesses"))
        audit.record("ledger.alarm-settled", subject, **said)
        row.alarm, row.alarm_at, row.not_before = "", None, None
        row.save()
        return write([NewEntry(SETTLED, subject, said, "")])[0]


def _ask_all(due: Sequence[policies.Witness], note: str, size: int, known: dict[str, int]) -> list[Answer]:
    """All at once, and once more those that know another size than we thought. Proofs are read in this thread."""
    timeout = float(value("HUTONG_LEDGER_WITNESS_TIMEOUT"))
    asked = {each.name: (each, known.get(each.name, 0)) for each in due}
    answers: dict[str, Answer] = {}
    with ThreadPoolExecutor(max_workers=min(8, len(due))) as pool:
        for _ in range(2):
            work = [(each, old, _proof(old, size)) for each, old in asked.values()]
            said = pool.map(lambda one: ask(one[0], note, one[1], one[2], timeout), work)
            answers |= {each.witness: each for each in said}
            asked = {
                name: (each, answers[name].known or 0)
                for name, (each, old) in asked.items()
                if answers[name].known not in {None, old} and (answers[name].known or 0) <= size
            }
            if not asked:
                break
    return [_ahead(each, size) for each in answers.values()]


def _proof(old: int, size: int) -> list[bytes]:
    return tiles.read_ranges(tiles.proof_ranges(0, old, size), read_tiles) if 0 < old < size else []


def _ahead(answer: Answer, size: int) -> Answer:
    """A witness that has cosigned more than we have: our log was set back."""
    if answer.known is None or answer.known <= size:
        return answer
    said = f"it has cosigned size {answer.known}, beyond our {size}: the log was set back"
    return replace(answer, error=said, alarm=True)


def _keep(answer: Answer, size: int) -> None:
    with atomic():
        row, _ = WitnessRow.objects.get_or_create(name=answer.witness)
        if answer.line:
            CosignatureRow.objects.get_or_create(
                size=size, witness=answer.witness, defaults={"line": answer.line.encode()}
            )
            row.size, row.seen_at, row.failures, row.error, row.not_before = size, clock.now(), 0, "", None
        else:
            row.failures += 1
            row.error = answer.error[:1000]
            row.not_before = clock.now() + min(_LONGEST, timedelta(seconds=2 ** min(row.failures, 9)))
            if answer.known is not None and not answer.alarm:
                row.size, row.not_before = answer.known, None
        if answer.alarm and row.alarm != answer.error[:1000]:
            row.alarm, row.alarm_at = answer.error[:1000], clock.now()
            log.critical("witness %s refuses our checkpoint %s: %s", answer.witness, size, answer.error)
            publish(WitnessAlarm(answer.witness, size, answer.status, answer.error[:1000]))
        row.save()


def _declare_policy(rule: policies.Policy) -> None:
    """The log says which policy it publishes by, whenever that changes."""
    text = rule.text()
    last = EntryRow.objects.filter(kind=POLICY).order_by("-id").values_list("leaf", flat=True).first()
    if last is None or entries.read(bytes(last))["payload"].get("policy") != text:
        subject = str(Urn(str(value("HUTONG_PACK")), "ledger", "policy"))
        with atomic():
            write([NewEntry(POLICY, subject, {"policy": text}, "")])
