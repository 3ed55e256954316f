"""Files for consumers: made as durable work, marked for their recipient, fetched until they expire; and pushes."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hutong.accounts.api import Actor, Target, allow
from hutong.exchange import contracts, gate, places, pushing, rules, watching
from hutong.exchange.errors import FileExpired, NoSuchFile
from hutong.exchange.models import FileRow
from hutong.exchange.types import Asked, ContractRef, Delivery, FileRef
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.lake import api as lake
from hutong.lake.types import BodyFormat, ColumnType, Lens, MaskKind
from hutong.ledger import api as ledger

FORMS = (BodyFormat.CSV, BodyFormat.XLSX, BodyFormat.PARQUET, BodyFormat.NDJSON)
_TELLING = {
    ColumnType.TEXT,
    ColumnType.CODE,
    ColumnType.USCC,
    ColumnType.IDNUMBER,
    ColumnType.PHONE,
    ColumnType.INT,
}


def ask(actor: Actor, contract: str, form: BodyFormat, *, channel: Delivery = Delivery.FILE) -> FileRef:
    """Ask for a file (or a push) under a contract; it is made by the worker."""
    from hutong.exchange import jobs  # noqa: PLC0415 - jobs make what is asked for here

    found = contracts.contract_of(contract)
    allow(actor, "exchange.read", Target(found.consumer, kind="exchange-contract"))
    asked = gate.asked_by(actor, found, channel=channel)
    verdict = gate.decide(asked, found)
    if not verdict:
        gate.enter(asked, found, most=0)  # writes the refusal down and raises
    now, file = clock.now(), uuid.uuid4().hex
    with atomic():
        row = FileRow.objects.create(
            id=file, contract=found.id, version=found.version, form=form.value,
            name=f"{found.table}-{clock.today():%Y%m%d}.{form.value}", state="waiting", made_at=now, made_by=actor.urn,
            organisation=asked.organisation, purpose=asked.purpose,
            expires_at=now + timedelta(days=rules.current().file_days),
        )  # fmt: skip
        work = jobs.MAKE if channel is Delivery.FILE else jobs.PUSH
        from hutong.kernel import jobs as work_of  # noqa: PLC0415 - named like the module beside

        row.job = work_of.enqueue(work, key=file, file=file)
        row.save(update_fields=["job"])
    return ref(row)


def make(file: str, channel: Delivery = Delivery.FILE) -> FileRow:
    """Write the file; the gate is asked again, as things stand now. Safe to repeat."""
    row = FileRow.objects.get(pk=file)
    if row.state == "ready":
        return row
    contract = contracts.contract_of(row.contract)
    asked = Asked(row.made_by, row.organisation, row.purpose, limit=0, channel=channel)
    form = BodyFormat(row.form)
    note = mark_line(contract, row)
    passed = gate.enter(asked, contract, most=None)
    rows, whole, digest, size = 0, False, hashlib.sha256(), 0
    path = path_of(row)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    counted: list[int] = []
    try:
        body = lake.stream(
            ordered(passed.sql, contract, passed.lens),
            [contract.table],
            form=form,
            params={"mark": order_key(contract)},
            lenses={contract.table: passed.lens},
            mark=False,
            note=note,
            told=lambda found, _whole: counted.append(found),
        )
        draft = path.with_suffix(".draft")
        with draft.open("wb") as out:
            for part in _with_line(body.parts, note, form):
                out.write(part)
                digest.update(part)
                size += len(part)
        draft.replace(path)
        rows, whole = (counted or [0])[0], True
    finally:
        gate.leave(passed.record, rows, whole=whole)
    return _made(row, contract, rows=rows, size=size, sha256=digest.hexdigest(), note=note)


def _made(row: FileRow, contract: ContractRef, *, rows: int, size: int, sha256: str, note: str) -> FileRow:
    with atomic():
        told: dict[str, Any] = {
            "file": row.id, "version": contract.version, "sha256": sha256, "size": size, "rows": rows,
            "form": row.form, "expires_at": row.expires_at.isoformat(), "recipient": row.organisation,
        }  # fmt: skip
        entry = ledger.append("exchange.file", contract.urn, told, organisation=contract.provider)
        audit.record("exchange.file", contract.urn, actor=row.made_by, organisation=row.organisation, **told)
        row.rows, row.size, row.sha256, row.note, row.log_entry, row.state = (
            rows,
            size,
            sha256,
            note,
            entry.id,
            "ready",
        )
        row.save()
    return row


def _with_line(parts: Any, note: str, form: BodyFormat) -> Any:
    """CSV begins with the mark and a line of comment; the other formats have their own places for it."""
    if form is BodyFormat.CSV:
        yield b"\xef\xbb\xbf" + f"# {note}\r\n".encode()
    yield from parts


def mark_line(contract: ContractRef, row: FileRow) -> str:
    """The visible mark: whose file it is, what for, under which contract."""
    day = clock.local(row.made_at).strftime("%Y-%m-%d %H:%M")
    told = f"仅供 {contract.consumer} 用于 {row.purpose}，不得转让"
    return f"{told} · {contract.urn} v{contract.version} · {row.id} · {day}"


def order_key(contract: ContractRef) -> str:
    return places.secret(f"order:{contract.id}").hex()


def telling(contract: ContractRef, names: tuple[str, ...]) -> list[str]:
    """The columns whose text is the same in every format: the order is made of them."""
    shape, found = lake.contract(contract.table), []
    for name in names:
        kind = contract.terms.columns[name].kind
        if kind in {MaskKind.HASH, MaskKind.PARTIAL, MaskKind.CONSTANT} or (
            kind is MaskKind.KEEP and shape.column(name).type in _TELLING
        ):
            found.append(name)
    return found


def ordered(sql: str, contract: ContractRef, lens: Lens) -> str:
    """The rows in the order of their recipient."""
    names = telling(contract, tuple(each.name for each in lens.columns))
    if not names:
        return sql
    cells = ", ".join(f"coalesce(CAST({lake.ident(name)} AS VARCHAR), '')" for name in names)
    return f"SELECT * FROM ({sql}) AS granted ORDER BY sha256($mark || concat_ws(chr(31), {cells}))"


def path_of(row: FileRow) -> Path:
    return places.files() / row.contract / f"{row.id}.{row.form}"


def push(file: str) -> int:
    """Make the file and hand it to the consumer's address."""
    row = make(file, Delivery.PUSH)
    contract = contracts.contract_of(row.contract)
    body = lake.media_type(BodyFormat(row.form))
    status = pushing.push(
        contract.terms.push_url, path_of(row), media_type=body, contract=contract.urn, delivery=row.id
    )
    with atomic():
        audit.record(
            "exchange.pushed",
            contract.urn,
            actor=row.made_by,
            organisation=row.organisation,
            file=row.id,
            status=status,
        )
        FileRow.objects.filter(pk=row.pk).update(state="pushed")
    return status


def fetch(actor: Actor, file: str) -> tuple[FileRef, Path]:
    """A file that is ready, for its consumer while the contract is in force; raises ``FileExpired`` and the gate's."""
    row = _row(file)
    contract = contracts.contract_of(row.contract)
    allow(actor, "exchange.read", Target(contract.consumer, kind="exchange-contract"))
    return fetchable(row, contract, gate.asked_by(actor, contract, channel=Delivery.FILE))


def fetchable(row: FileRow, contract: ContractRef, asked: Asked) -> tuple[FileRef, Path]:
    """Raises unless the gate would let it through now and it has not expired."""
    path = path_of(row)
    if clock.now() > row.expires_at or (row.state == "ready" and not path.is_file()):
        raise FileExpired(when=clock.local(row.expires_at).date())
    if row.state != "ready":
        raise NoSuchFile(name=row.id)
    verdict = gate.decide(asked, contract)
    if not [each for each in verdict.reasons if not each.code.endswith((".rows", ".calls"))]:
        audit.record(
            "exchange.fetch", contract.urn, actor=asked.actor, organisation=asked.organisation, file=row.id
        )
        return ref(row), path
    gate.enter(asked, contract, most=0)
    raise FileExpired(when=clock.today())


def still(actor: Actor, file: str) -> Callable[[], None]:
    """Raises ``GateShut`` once the contract of a file has ended, also while it is being fetched."""
    contract = contracts.contract_of(_row(file).contract)
    return watching.still(gate.asked_by(actor, contract, channel=Delivery.FILE), contract)


def files(contract: str) -> list[FileRef]:
    return [ref(row) for row in FileRow.objects.filter(contract=contract).order_by("-made_at")[:100]]


def file_row(file: str) -> FileRow:
    return _row(file)


def _row(file: str) -> FileRow:
    row = FileRow.objects.filter(pk=file).first() if "\0" not in file else None
    if row is None:
        raise NoSuchFile(name=file[:80])
    return row


def expire() -> int:
    """Take away files whose time is over, and those of contracts that have ended; returns how many."""
    gone = 0
    for row in FileRow.objects.filter(state__in=("ready", "pushed")):
        over = clock.now() > row.expires_at or not contracts.contract_of(row.contract).in_force(clock.today())
        if over:
            path_of(row).unlink(missing_ok=True)
            FileRow.objects.filter(pk=row.pk).update(state="expired")
            gone += 1
    return gone


def ref(row: FileRow) -> FileRef:
    return FileRef(
        row.id, row.contract, row.form, row.name, row.state, row.size, row.sha256, row.rows, row.made_at,
        row.expires_at, row.log_entry or 0, row.job,
    )  # fmt: skip
