"""The exchange: decisions of the gate, recorded accesses over HTTP, rows handed over in each format beside DuckDB's own
COPY, and a large body.

The peer reads the same Parquet file of the same snapshot and writes the same columns of the same rows to a file, with
no lens, no record, no log and no neutralised formulas; the runs alternate and medians are compared.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import exchange_accesses
from bench.apart import measured
from bench.result import Result

ROWS, SOME, FEW = 2_000_000, 500_000, 50_000
ROUNDS = 3
CLIENTS = (1, 2, 4, 8, 16)
TABLE = "safety-inspections"
COLUMNS = ("id", "date", "uscc", "building", "subdistrict", "topic", "hazards", "serious")
SQL = f"""
SELECT 'J' || i AS "检查编号", DATE '2021-01-01' + (i % 1500)::INTEGER AS "检查日期",
  ['91110101MA0000015M', '91110101MA0000023G'][i % 2 + 1] AS "统一社会信用代码",
  'LY' || lpad((i % 40)::VARCHAR, 2, '0') AS "所在楼宇", '110101' || lpad((i % 17 + 1)::VARCHAR, 3, '0') AS "街道代码",
  '检查 ' || md5(i::VARCHAR) AS "检查专项", i % 9 AS "隐患数", least(i % 2, i % 9) AS "重大隐患", NULL AS "整改完成日期"
FROM range({ROWS}) t(i)
"""
COPIES = {"csv": "FORMAT csv, HEADER", "ndjson": "FORMAT json", "parquet": "FORMAT parquet"}


def run() -> Iterable[Result]:
    """In a process of its own, over a home of its own."""
    return measured("bench.exchange")


def measure() -> Iterator[Result]:
    import django  # noqa: PLC0415 - the parent process must not start Django

    subprocess.run(
        [sys.executable, "-m", "hutong.project.cli", "init"], check=True, stdout=subprocess.DEVNULL
    )
    django.setup()
    contract = _contract()
    yield from _decisions(contract)
    for form, rows in (("csv", SOME), ("ndjson", SOME), ("parquet", SOME), ("arrow", SOME), ("xlsx", FEW)):
        yield _delivered(contract, form, rows)
    yield _masked(contract)
    with served() as (server, base):
        yield from exchange_accesses.over_http(base, _granted(contract), "2,000,000 rows", CLIENTS)
        yield from exchange_accesses.over_http(base, _granted(_firms()), "4,800 rows", (8,))
        yield from _over_http(contract, server, base)


def _contract() -> Any:
    """A contract in force about a table of two million rows."""
    import duckdb  # noqa: PLC0415 - after django.setup(), as all of Hutong below

    from hutong.kernel.settings import home  # noqa: PLC0415
    from hutong.lake import api as lake  # noqa: PLC0415
    from hutong.lake.types import Source  # noqa: PLC0415
    from hutong.packs import api as packs  # noqa: PLC0415

    packs.install("beijing-dongcheng")
    file = home() / "rows.csv"
    duckdb.sql(f"COPY ({SQL}) TO '{file}' (FORMAT csv, HEADER)")
    report = lake.load(TABLE, Source.file(file))
    if report.rows_loaded != ROWS:
        raise RuntimeError(f"{report.rows_loaded} of {ROWS} rows were loaded")
    file.unlink()
    return _signed(TABLE, COLUMNS)


def _firms() -> Any:
    """A contract in force about 4,800 rows: figures of 400 firms in twelve months."""
    from stdnum.cn import uscc  # noqa: PLC0415 - made here alone

    from hutong.kernel.settings import home  # noqa: PLC0415 - after django.setup()
    from hutong.lake import api as lake  # noqa: PLC0415
    from hutong.lake.types import Source  # noqa: PLC0415

    file = home() / "firms.csv"
    with file.open("w", encoding="utf8") as out:
        out.write("统一社会信用代码,月份,营业收入,税收,从业人员,研发投入\n")
        for firm in range(400):
            code = f"91110101MA{firm:07d}"
            code += uscc.calc_check_digit(code + "0")
            for month in range(1, 13):
                out.write(f"{code},2025-{month:02d},{1000 + firm}.5,10,{20 + firm % 90},5\n")
    rows = lake.load("key-firm-monthly", Source.file(file)).rows_loaded
    if rows != 4800:
        raise RuntimeError(f"{rows} of 4,800 rows were loaded")
    return _signed("key-firm-monthly", ("uscc", "month", "revenue", "staff"))


def _signed(table: str, columns: tuple[str, ...]) -> Any:
    from hutong.demo.exchange import office, steward  # noqa: PLC0415 - after django.setup()
    from hutong.exchange.api import Wish, contracts, requests  # noqa: PLC0415
    from hutong.exchange.types import Delivery  # noqa: PLC0415
    from hutong.kernel import clock  # noqa: PLC0415

    consumer, today = steward("culture-tourism-bureau"), clock.today()
    wish = Wish(
        table, "economic-analysis", "测量", "《统计法》", columns, (), today, today + timedelta(days=90), Delivery.API
    )  # fmt: skip
    asked = requests.submit(consumer, wish)
    requests.check(office(), asked.id)
    requests.agree(steward(asked.provider), asked.id)
    return contracts.sign(consumer, f"c-{asked.id}")


def _granted(contract: Any) -> exchange_accesses.Granted:
    from hutong.demo.exchange import steward  # noqa: PLC0415 - after django.setup()
    from hutong.exchange.api import contracts  # noqa: PLC0415

    key = contracts.issue_key(steward(contract.consumer), contract.id)
    columns = (
        ("id", "date", "building", "hazards") if contract.table == TABLE else tuple(contract.terms.columns)
    )
    return exchange_accesses.Granted(contract.id, key, columns)


def _asked(contract: Any, limit: int) -> Any:
    from hutong.exchange.types import Asked  # noqa: PLC0415 - after django.setup()

    return Asked("urn:hutong:bench:person:x", contract.consumer, contract.terms.purposes[0], limit=limit)


def _decisions(contract: Any) -> Iterator[Result]:
    from hutong.exchange.api import gate  # noqa: PLC0415 - after django.setup()
    from hutong.exchange.logic import gate as decision  # noqa: PLC0415
    from hutong.exchange.types import Used  # noqa: PLC0415
    from hutong.kernel import clock  # noqa: PLC0415

    asked, used, at = _asked(contract, 100), Used(), clock.now()
    alone = _rate(lambda: decision.decide(asked, contract, used, at), 20_000)
    yield Result("gate: decisions alone", alone, "/s")
    known = _rate(lambda: gate.decide(asked, contract), 2_000)
    yield Result("gate: decisions with today's use read", known, "/s")

    def whole() -> None:
        gate.leave(gate.enter(asked, contract, most=100).record, 100, whole=True)

    yield Result("gate: bodies begun and ended, on record, audited and on the log", _rate(whole, 200), "/s")


def _rate(do: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(times):
            do()
        found.append(times / (time.perf_counter() - begun))
    return statistics.median(found)


def _delivered(contract: Any, form: str, rows: int) -> Result:
    ours, peers = [], []
    for _ in range(ROUNDS):
        if form in COPIES:
            peers.append(rows / _copied(form, rows))
        ours.append(rows / _streamed(contract, form, rows))
    mine = statistics.median(ours)
    peer = ""
    if peers:
        theirs = statistics.median(peers)
        peer = f"DuckDB's COPY {theirs:,.0f} rows/s; ours {mine / theirs:.2f} of it"
    return Result(f"delivery as {form}, {rows:,} rows × {len(COLUMNS)} columns", mine, "rows/s", peer=peer)


def _streamed(contract: Any, form: str, rows: int) -> float:
    from hutong.exchange.api import gate  # noqa: PLC0415 - after django.setup()
    from hutong.kernel.settings import home  # noqa: PLC0415
    from hutong.lake.types import BodyFormat  # noqa: PLC0415

    begun = time.perf_counter()
    with (home() / "ours").open("wb") as out:
        for part in gate.stream(_asked(contract, rows), contract, BodyFormat(form)).parts:
            out.write(part)
    return time.perf_counter() - begun


def _copied(form: str, rows: int) -> float:
    import duckdb  # noqa: PLC0415 - the parent process measures nothing

    from hutong.kernel.settings import home  # noqa: PLC0415 - after django.setup()

    files = [str(each) for each in sorted((home() / "lake" / "tables" / TABLE).rglob("*.parquet"))]
    columns = ", ".join(COLUMNS)
    begun = time.perf_counter()
    duckdb.sql(
        f"COPY (SELECT {columns} FROM read_parquet({files!r}) LIMIT {rows}) TO '{home() / 'peer'}' ({COPIES[form]})"
    )
    return time.perf_counter() - begun


def _masked(contract: Any) -> Result:
    """The same rows with a digest, a partial text, a year and a rounded number."""
    from decimal import Decimal  # noqa: PLC0415 - used here alone

    from hutong.lake.types import Lens, Mask, MaskKind, Seen  # noqa: PLC0415 - after django.setup()

    masks = {
        "uscc": Mask(MaskKind.HASH, key=b"k" * 32),
        "topic": Mask(MaskKind.PARTIAL, first=2, last=2),
        "date": Mask(MaskKind.YEAR),
        "hazards": Mask(MaskKind.ROUND, step=Decimal(5)),
    }
    names = tuple(contract.terms.columns)
    clear = Lens(tuple(Seen(name) for name in names))
    hidden = Lens(tuple(Seen(name, masks.get(name, Mask())) for name in names))
    times = [[_seen(each) for each in (clear, hidden)] for _ in range(ROUNDS)]
    plain, masked = (statistics.median(each) for each in zip(*times, strict=True))
    told = f"without masks {SOME / plain:,.0f} rows/s"
    return Result(f"delivery as csv with four masks, {SOME:,} rows", SOME / masked, "rows/s", peer=told)


def _seen(lens: Any) -> float:
    from hutong.lake import api as lake  # noqa: PLC0415 - after django.setup()
    from hutong.lake.types import BodyFormat  # noqa: PLC0415

    begun = time.perf_counter()
    sql = f"SELECT * FROM {TABLE.replace('-', '_')} LIMIT {SOME}"
    for _part in lake.stream(sql, [TABLE], form=BodyFormat.CSV, lenses={TABLE: lens}).parts:
        pass
    return time.perf_counter() - begun


@contextmanager
def served() -> Iterator[tuple[int, str]]:
    """The process of a server with two web processes, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    serving = [sys.executable, "-m", "hutong.project.cli", "up", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(serving, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz")
            yield server.pid, f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _over_http(contract: Any, server: int, base: str) -> Iterator[Result]:
    """All rows as CSV: how fast, and how much more memory than before."""
    import psutil  # noqa: PLC0415 - measured here alone

    key, process = _granted(contract).key, psutil.Process(server)

    def memory() -> int:
        return sum(each.memory_info().rss for each in process.children(recursive=True))

    address = f"{base}/api/exchange/contracts/{contract.id}/rows?format=csv&limit="
    told = {"Authorization": f"Bearer {key}"}
    for _ in range(8):  # so that each web process has had one
        _read(urllib.request.Request(f"{address}{FEW}", headers=told), lambda: None)
    before, peak = memory(), [0]

    def look() -> None:
        peak[0] = max(peak[0], memory() - before)

    begun = time.perf_counter()
    size = _read(urllib.request.Request(f"{address}0", headers=told), look)
    elapsed = time.perf_counter() - begun
    megabytes = size / 1e6
    yield Result(
        f"one body of {megabytes:,.0f} MB over HTTP", megabytes / elapsed, "MB/s", "> 200 MB", megabytes > 200
    )
    grown = peak[0] / (1 << 20)
    yield Result("memory of the whole process tree grown meanwhile", grown, "MB", "≤ 100 MB", grown <= 100)


def _wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not come up")


def _read(asked: urllib.request.Request, look: Callable[[], None]) -> int:
    size, parts = 0, 0
    with urllib.request.urlopen(asked, timeout=300) as answer:
        while part := answer.read(1 << 20):
            size += len(part)
            parts += 1
            if parts % 4 == 0:
                look()
    return size


if __name__ == "__main__":
    Path(os.environ["HUTONG_HOME"]).mkdir(parents=True, exist_ok=True)
    for _result in measure():
        sys.stdout.write(json.dumps(asdict(_result)) + "\n")
        sys.stdout.flush()
