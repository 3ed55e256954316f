"""The open portal: pages of rows side by side with Datasette over the same table, loading by CKAN's API, search.

Needs ``wrk`` on the path; Datasette 0.65 is in the environment that ``bench.peers`` names. Both servers get the same
two cores in turn, never at once: a run of ours and a run of the peer are a pair, the order changes from pair to pair,
and what is judged is the median of the pairs' ratios. The peer has indexes on every column asked for and is asked in
two ways: as it answers by itself ("usual": it counts, suggests facets), and with everything beside the rows turned
off ("bare"), against which the target is held.
"""

import json
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from bench import peers
from bench.apart import measured
from bench.result import Result

ROWS = 1_000_000
SECONDS = int(os.environ.get("HUTONG_BENCH_SECONDS", "4"))
PAIRS = int(os.environ.get("HUTONG_BENCH_PAIRS", "7"))
WORKERS = os.environ.get("HUTONG_BENCH_WORKERS", "2")
DATASETTE = peers.program("datasette")
TARGET = 3.0
CONTRACT = """
key: [id]
columns:
  id: {type: int, required: true}
  firm: {type: text, required: true}
  day: {type: date, required: true}
  district: {type: text}
  kind: {type: text}
  name: {type: text}
  staff: {type: int}
  area: {type: int}
  revenue: {type: float}
  tax: {type: float}
"""
SQL = f"""
SELECT i AS id, 'F' || (i * 7919 % 60000) AS firm, DATE '2021-01-01' + (i % 1000)::INTEGER AS day,
  ['东城区', '西城区', '朝阳区', '海淀区', '丰台区'][i % 5 + 1] AS district, 'K' || (i * 31 % 97) AS kind,
  '名称' || (i % 997) AS name, (hash(i) % 1000)::INTEGER AS staff, (hash(i + 1) % 100000)::INTEGER AS area,
  round((hash(i + 2) % 100000000) / 100, 2) AS revenue, round((hash(i + 3) % 100000) / 100, 2) AS tax
FROM range({ROWS}) t(i)
"""
BARE = "_u={u}&_size=100&_shape=array&_nocount=1&_nofacet=1&_nosuggest=1"
USUAL = "_u={u}&_size=100"
AGGREGATED = (
    "select+district%2Ccount(*)%2Csum(revenue)%2Cavg(tax)+from+rows+where+area%3E%3D{a}+group+by+district"
)
# Each: what, our question, Datasette's question, how many pairs. Every request is another
# one: {u} makes it so even where the numbers asked for are the same, since ours keeps what it has answered.
QUESTIONS = (
    ("filtered", "where=firm:F{n}&limit=100", "/rows.json?firm=F{n}&" + BARE, PAIRS),
    ("filtered, the peer as usual", "where=firm:F{n}&limit=100", "/rows.json?firm=F{n}&" + USUAL, 3),
    (
        "filtered by two, sorted",
        "where=kind:K{k}&where=staff:gte:{s}&sort=-revenue&limit=100",
        "/rows.json?kind=K{k}&staff__gte={s}&_sort_desc=revenue&" + BARE,
        3,
    ),
    (
        "sorted",
        "where=area:gte:{a}&sort=-revenue&limit=100",
        "/rows.json?area__gte={a}&_sort_desc=revenue&" + BARE,
        PAIRS,
    ),
    (
        "aggregated",
        "where=area:gte:{a}&group_by=district&aggregate=count,sum:revenue,avg:tax",
        ".json?_shape=array&sql=" + AGGREGATED,
        2,
    ),
)


def run() -> Iterable[Result]:
    """In a process of its own, over a home of its own."""
    return measured("bench.portal")


def prepare() -> tuple[Path, Path]:
    """The table as an open dataset of ours and as SQLite for the peer; returns both homes."""
    import django  # noqa: PLC0415 - the parent process must not start Django

    django.setup()
    import yaml  # noqa: PLC0415 - after django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from hutong.catalog import following  # noqa: PLC0415
    from hutong.catalog.store import Draft  # noqa: PLC0415
    from hutong.catalog.types import Kind  # noqa: PLC0415
    from hutong.kernel.settings import home  # noqa: PLC0415
    from hutong.kernel.text import Text  # noqa: PLC0415
    from hutong.lake import api as lake  # noqa: PLC0415
    from hutong.lake.types import Source  # noqa: PLC0415
    from hutong.portal import editions, engine, opened  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    file = home() / "rows.parquet"
    engine.connect().execute(f"COPY ({SQL}) TO '{file}'")
    contract = lake.TableSpec.model_validate(yaml.safe_load(CONTRACT)).contract("rows")
    lake.define(contract)
    lake.load("rows", Source.file(file))
    title = Text(zh="百万行", en="A million rows")
    draft = Draft(
        "urn:hutong:bench:dataset:rows", Kind.DATASET, "rows", title, {"id": "rows"}, "bench",
        grade="general-1", opening="open",
    )  # fmt: skip
    following.put_all(Kind.DATASET, [draft])
    editions.make(opened.table("rows"))
    peer = home() / "peer.db"
    _sqlite(file, peer)
    return home(), peer


def _sqlite(source: Path, target: Path) -> None:
    from hutong.portal import engine  # noqa: PLC0415 - after django.setup()

    kept = sqlite3.connect(target)
    kept.execute(
        "CREATE TABLE rows (id INTEGER PRIMARY KEY, firm TEXT, day TEXT, district TEXT, kind TEXT, name TEXT,"
        " staff INTEGER, area INTEGER, revenue REAL, tax REAL)"
    )
    cursor = engine.connect().execute(f"SELECT * REPLACE (day::VARCHAR AS day) FROM '{source}'")
    while batch := cursor.fetchmany(50_000):
        kept.executemany("INSERT INTO rows VALUES (?,?,?,?,?,?,?,?,?,?)", batch)
    for column in ("firm", "kind", "staff", "area", "revenue"):
        kept.execute(f"CREATE INDEX i_{column} ON rows ({column})")
    kept.execute("ANALYZE")
    kept.commit()
    kept.close()


@contextmanager
def serving(command: list[str], port: int, path: str) -> Iterator[str]:
    """A server on loopback until the block ends."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).read()
                    break
                except OSError:
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            child.terminate()
            child.wait(20)


def ours(port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", WORKERS,
        "--blocking-threads", "4", "--no-ws", "--log-level", "error", "hutong.project.wsgi:application",
    ]  # fmt: skip


def warm(base: str, question: str) -> None:
    """A few requests, one after the other, so that neither server is judged by its first."""
    for number in range(8):
        urllib.request.urlopen(
            base + question.format(u=number, n=number, k=number, s=990 + number, a=number), timeout=60
        ).read()


def load(
    base: str, question: str, *, distinct: bool = True, seconds: int = SECONDS, seed: int = 1
) -> tuple[float, float]:
    """Requests a second and the 99th percentile in ms, as wrk has them. Every request differs if ``distinct``."""
    dice = random.Random(seed)
    sentences = [
        question.format(
            u=seed * 100_000 + number,
            n=dice.randrange(60_000),
            k=dice.randrange(97),
            s=dice.randrange(1000),
            a=dice.randrange(100_000),
        )
        for number in range(20_000 if distinct else 8)
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        listed = ",".join(f'"{each}"' for each in sentences)
        script.write(
            f"local p={{{listed}}}\nlocal i=0\n"
            "function setup(t) t:set('first', i) i = i + 9973 end\n"
            "function init(a) n = first end\n"
            "function request() n = n + 1 return wrk.format('GET', p[n % #p + 1]) end\n"
            "bad = 0\nfunction response(s) if s ~= 200 then bad = bad + 1 end end\n"
            "function done(s, l) io.write(string.format('\\nR %f %f %d\\n', s.requests / s.duration * 1e6,"
            " l:percentile(99) / 1000, s.errors.status + s.errors.read + s.errors.timeout)) end\n"
        )
        script.flush()
        said = subprocess.run(
            ["wrk", "-t2", "-c8", f"-d{seconds}s", "--timeout", "20s", "-s", script.name, base],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    rate, slow, bad = next(line for line in said.splitlines() if line.startswith("R ")).split()[1:]
    if int(bad):
        raise RuntimeError(f"{bad} answers were errors: {question}")
    return max(float(rate), 1 / seconds), float(slow)  # none at all in that time: less than one


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def pages() -> Iterator[Result]:
    """Pages of rows, every request another one, in pairs with the peer; then the same few again and again."""
    _, peer = prepare()
    mine, theirs = free_port(), free_port()
    path = "/api/portal/datasets/rows/rows?u={u}&"
    with ExitStack() as up:
        base = up.enter_context(serving(ours(mine), mine, "/api/portal/datasets/rows/rows?limit=1"))
        other = (
            up.enter_context(serving(datasette(peer, theirs), theirs, "/peer/rows.json?_size=1"))
            if DATASETTE
            else ""
        )
        for what, question, asked, pairs in QUESTIONS:
            yield paired(what, (base, path + question), (other, f"/peer{asked}"), pairs)
        for what, question, _, _ in QUESTIONS:
            if "usual" not in what:
                rate, slow = load(base, path + question, distinct=False)
                name = f"{what} page of 1,000,000 rows, asked before"
                yield Result(name, rate, "requests/s", "", None, f"p99 {slow:.0f} ms")


def datasette(file: Path, port: int) -> list[str]:
    return [DATASETTE, "serve", str(file), "--port", str(port), "--setting", "sql_time_limit_ms", "20000"]


def paired(what: str, own: tuple[str, str], peer: tuple[str, str], pairs: int) -> Result:
    """Runs of both in turn, first the one and then the other; the target is held against the median ratio."""
    warm(*own)
    if not peer[0]:
        rate, slow = load(*own)
        return Result(f"{what} page of 1,000,000 rows", rate, "requests/s", "", None, f"p99 {slow:.0f} ms")
    warm(*peer)
    rates: dict[str, list[float]] = {"own": [], "peer": []}
    slowest = []
    for pair in range(pairs):
        for name, asked in (("own", own), ("peer", peer))[:: 1 if pair % 2 == 0 else -1]:
            rate, slow = load(*asked, seed=pair + 2, seconds=SECONDS if what != "aggregated" else 6 * SECONDS)
            rates[name].append(rate)
            if name == "own":
                slowest.append(slow)
    ratios = [a / b for a, b in zip(rates["own"], rates["peer"], strict=True)]
    middle = statistics.median(ratios)
    spread = f"{min(ratios):.1f}–{max(ratios):.1f} in {pairs} pairs"
    return Result(
        f"{what} page of 1,000,000 rows", statistics.median(rates["own"]), "requests/s", f"≥ {TARGET:g} × Datasette",
        middle >= TARGET,
        f"Datasette {statistics.median(rates['peer']):,.1f}/s, median ratio {middle:.2f} ({spread});"
        f" p99 {statistics.median(slowest):.0f} ms",
    )  # fmt: skip


if __name__ == "__main__":
    for result in pages():
        print(json.dumps(asdict(result), ensure_ascii=False), flush=True)
