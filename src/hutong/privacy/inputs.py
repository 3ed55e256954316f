"""The rows of this side: keys, and values or a choice, of a table of the lake or of a file that was handed over.

They lie as a CSV file in the home folder, readable by the system alone, from when they are taken to the end of the run
or for a few days: the same run again must be about the same file. Nobody is shown a row of it.
"""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hutong.accounts.api import Actor, allow
from hutong.exchange.types import ContractRef
from hutong.kernel.errors import Place
from hutong.kernel.settings import Setting, declare, home, value
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import BodyFormat, ColumnType, Condition, Contract, Lens, Seen
from hutong.privacy import reading, rules
from hutong.privacy.errors import BadMatch
from hutong.privacy.logic import questions
from hutong.privacy.types import Measure, Question, Side

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

declare(
    Setting(
        "HUTONG_JOINT_UPLOAD_BYTES",
        256 << 20,
        "int",
        Text(
            zh="联合计算一方上传文件最多的字节数", en="The most bytes of a file handed over for a joint run"
        ),
    )
)
KEEP: Final = timedelta(days=7)
KEYS: Final = frozenset(
    {ColumnType.TEXT, ColumnType.CODE, ColumnType.USCC, ColumnType.IDNUMBER, ColumnType.PHONE, ColumnType.INT}
)
KEY, VALUE = "k", "v"  # of the file that is made of a table
_HEADER = 1 << 16
_MARK = b"\xef\xbb\xbf"
_LONGEST_NAME = 200


def place(start: str) -> Path:
    return home() / "privacy" / "sides" / f"{start}.csv"


def remove(start: str) -> int:
    """Take the file of a side away; returns its size."""
    size = place(start).stat().st_size if place(start).is_file() else 0
    place(start).unlink(missing_ok=True)
    return size


def tables(organisation: str) -> list[str]:
    """Tables of the organisation that have a column of keys and rows."""
    found = [each.table for each in lake.tables() if lake.target_of(each.table).organisation == organisation]
    return [each for each in found if keys(lake.contract(each)) and lake.latest(each) is not None]


def keys(shape: Contract) -> list[str]:
    return [each.name for each in shape.columns if each.type in KEYS]


def check(actor: Actor, side: Side, contract: ContractRef) -> None:
    """Raise unless the side's table may take part: its own; of the provider the contract's. Conditions ask of rows,
    so whoever writes some must be allowed to query the table.
    """
    about = lake.target_of(side.table)
    if about.organisation != side.organisation or (
        side.organisation == contract.provider and side.table != contract.table
    ):
        raise _bad(
            "table",
            "须用本单位的数据表；提供方须用合同的数据表",
            "a table of one's own; the provider's is the contract's",
        )
    shape = lake.contract(side.table)
    if side.key not in keys(shape):
        raise _bad("key", "该列不能作为标识", "the column is none that people or firms are told apart by")
    if side.where:
        allow(actor, "lake.query", about)
    lake.check_lens(Lens(_seen(side, shape), _where(side)), shape)


def receive(sent: "UploadedFile[bytes]", side: Side, start: str) -> str:
    """Keep a file that was handed over, without its byte-order mark; returns its name."""
    name = Path(sent.name or "").name[-_LONGEST_NAME:]
    limit = int(value("HUTONG_JOINT_UPLOAD_BYTES"))
    if not name.lower().endswith((".csv", ".txt")):
        raise _bad("file", "须为 CSV 文件", "a CSV file is needed")
    if (sent.size or 0) > limit:
        raise _bad("file", f"文件超过 {limit >> 20} MiB", f"the file is beyond {limit >> 20} MiB")
    _header(sent, side)
    path = _made(start)
    with path.open("wb") as out:
        first = True
        for chunk in sent.chunks():
            out.write(chunk.removeprefix(_MARK) if first else chunk)
            first = False
    return name


def _header(sent: "UploadedFile[bytes]", side: Side) -> None:
    line = sent.read(_HEADER).removeprefix(_MARK).partition(b"\n")[0]
    sent.seek(0)
    try:
        names = next(csv.reader(io.StringIO(line.decode("utf8"))), [])
    except (UnicodeDecodeError, csv.Error):
        raise _bad("file", "须为 UTF-8 编码的 CSV", "it must be a CSV in UTF-8") from None
    for key, wanted in (("key", side.key), ("value", side.value)):
        if (wanted or key == "key") and names.count(wanted) != 1:
            told = ", ".join(names)[:120]
            raise _bad(key, f"文件没有此列，其列为：{told}", f"the file has no such column; it has: {told}")


def take(side: Side, contract: ContractRef, start: str) -> None:
    """Write the rows of a table as keys and values, as the table is now."""
    import pyarrow as pa  # noqa: PLC0415 - half a second that pages do not need
    import pyarrow.csv as pa_csv  # noqa: PLC0415 - like it

    shape = lake.contract(side.table)
    provider = side.organisation == contract.provider
    rows = (*contract.terms.where, *_where(side)) if provider else () if side.column else _where(side)
    lens = Lens(_seen(side, shape), rows)
    body = lake.stream(
        _select(side, shape, lens, provider=provider), [side.table], form=BodyFormat.ARROW, lenses={side.table: lens}
    )  # fmt: skip
    path = _made(start)
    draft = path.with_suffix(".draft")
    found = 0
    try:
        with (
            pa.ipc.open_stream(_Read(iter(body.parts))) as reader,
            draft.open("wb") as out,
            pa_csv.CSVWriter(out, reader.schema) as writer,
        ):
            for batch in reader:
                found += batch.num_rows
                writer.write_batch(batch)
        if not found:
            raise _bad("where", "没有符合条件且有标识的行", "no row with a key meets the conditions")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _select(side: Side, shape: Contract, lens: Lens, *, provider: bool) -> str:
    """Each key once, where what stands beside it allows; the engine refuses a value's key that is there twice."""
    name, key = lake.ident(shape.sql_name), f"trim(CAST({lake.ident(side.key)} AS VARCHAR))"
    some = f"{lake.ident(side.key)} IS NOT NULL AND {key} <> ''"
    if not side.column:
        return f"SELECT DISTINCT {key} AS {KEY} FROM {name} WHERE {some}"
    if not provider:
        tests = lake.shown_conditions(_where(side), lens, shape) or "true"
        chosen = f"max(CASE WHEN {tests} THEN 1 ELSE 0 END)"
        return f"SELECT {key} AS {KEY}, {chosen} AS {VALUE} FROM {name} WHERE {some} GROUP BY 1"
    number = f"try_cast({lake.ident(side.column)} AS DOUBLE)"
    whole = f"CAST(round({number} / {_unit(side, shape)}) AS BIGINT)"
    return f"SELECT {key} AS {KEY}, {whole} AS {VALUE} FROM {name} WHERE {some} AND isfinite({number})"


def _unit(side: Side, shape: Contract) -> str:
    """What the lake's number is divided by to be in the unit that people read: a sum of money lies there in fen."""
    rule = rules.of(side.table)
    bounds = questions.bounds(
        Question(Measure.SUM, side.epsilon, side.column), rule, shape.column(side.column)
    )
    return format((bounds.stored / bounds.step).normalize(), "f")


def _seen(side: Side, shape: Contract) -> tuple[Seen, ...]:
    """No other column is there for the query."""
    has = {each.name for each in shape.columns}
    named = (side.key, side.column if side.column in has else "", *(each.column for each in _where(side)))
    return tuple(Seen(each) for each in dict.fromkeys(named) if each)


def _where(side: Side) -> tuple[Condition, ...]:
    return reading.conditions(side.where)


def _made(start: str) -> Path:
    path = place(start)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    return path


class _Read(io.RawIOBase):
    """Pieces of bytes as a file that is read on and on."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._rest = parts, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = part
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _bad(key: str, zh: str, en: str) -> BadMatch:
    return BadMatch(place=Place(key=key), reason_zh=zh, reason_en=en)
