"""The open portal: pages of rows side by side with Datasette over the same table, loading by CKAN's API, search.

Needs ``wrk`` on the path, and Datasette 0.65 in an environment of its own (``HUTONG_BENCH_DATASETTE`` names its
command). Both servers get the same two cores in turn, never at once; the peer has indexes on every column asked for.
"""

import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from bench.result import Result

ROWS = 1_000_000
SECONDS = 5
DATASETTE = os.environ.get("HUTONG_BENCH_DATASETTE") or shutil.which("datasette") or ""
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
# Each: what, our question, Datasette's question. {n} is another number in every request.
QUESTIONS = (
    (
        "filtered",
        "rows?where=firm:F{n}&limit=100",
        "rows.json?firm=F{n}&_size=100&_shape=array&_nocount=1&_nofacet=1&_nosuggest=1",
    ),
    (
        "filtered by two, sorted",
        "rows?where=kind:K{k}&where=staff:gte:{s}&sort=-revenue&limit=100",
        "rows.json?kind=K{k}&staff__gte={s}&_sort_desc=revenue&_size=100&_shape=array&_nocount=1&_nofacet=1&_nosuggest=1",
    ),
    (
        "sorted",
        "rows?where=area:gte:{a}&sort=-revenue&limit=100",
        "rows.json?area__gte={a}&_sort_desc=revenue&_size=100&_shape=array&_nocount=1&_nofacet=1&_nosuggest=1",
    ),
    (
        "aggregated",
        "rows?where=staff:gte:{s}&group_by=district&aggregate=count,sum:revenue,avg:tax",
        ".json?_shape=array&sql=select+district%2Ccount(*)%2Csum(revenue)%2Cavg(tax)+from+rows+where+staff%3E%3D{s}+group+by+district",
    ),
)


def run() -> Iterable[Result]:
    """In a process of its own, over a home of its own."""
    with tempfile.TemporaryDirectory(prefix="hutong-bench-") as home:
        environment = {**os.environ, "HUTONG_HOME": home, "HUTONG_API_RATE": "none"}
        environment["DJANGO_SETTINGS_MODULE"] = "hutong.project.settings"
        environment.pop("HUTONG_DATABASE_URL", None)
        with subprocess.Popen(
            [sys.executable, "-m", "bench.portal", *sys.argv[2:0]],
            env=environment, stdout=subprocess.PIPE, text=True,
        ) as child:  # fmt: skip
            assert child.stdout is not None
            for line in child.stdout:
                yield Result(**json.loads(line))
        if child.returncode:
            raise RuntimeError(f"the measurement ended with {child.returncode}")


def prepare() -> tuple[Path, Path]:
    """The table as an open dataset of ours and as SQLite for the peer; returns both homes."""
    import django  # noqa: PLC0415 - the parent process must not start Django

    django.setup()
    import yaml  # noqa: PLC0415 - after django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from hutong.catalog import store  # noqa: PLC0415
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
    draft = store.Draft(
        "urn:hutong:bench:dataset:rows", Kind.DATASET, "rows", title, {"id": "rows"}, "bench",
        grade="general-1", opening="open",
    )  # fmt: skip
    store.put_all(Kind.DATASET, [draft])
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
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2",
        "--blocking-threads", "4", "--no-ws", "--log-level", "error", "hutong.project.wsgi:application",
    ]  # fmt: skip


def warm(base: str, question: str) -> None:
    """A few requests, one after the other, so that neither server is judged by its first."""
    for number in range(8):
        urllib.request.urlopen(
            base + question.format(n=number, k=number, s=990 + number, a=number), timeout=60
        ).read()


def load(base: str, question: str, *, distinct: bool) -> tuple[float, float]:
    """Requests a second and the 99th percentile in ms, as wrk has them. Every request differs if ``distinct``."""
    dice = random.Random(1)
    sentences = [
        question.format(
            n=dice.randrange(60_000), k=dice.randrange(97), s=dice.randrange(1000), a=dice.randrange(100_000)
        )
        for _ in range(20_000 if distinct else 8)
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
            ["wrk", "-t2", "-c8", f"-d{SECONDS}s", "--timeout", "20s", "-s", script.name, base],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    rate, slow, bad = next(line for line in said.splitlines() if line.startswith("R ")).split()[1:]
    if int(bad):
        raise RuntimeError(f"{bad} answers were errors: {question}")
    return float(rate), float(slow)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def pages() -> Iterator[Result]:
    """Pages of rows, every request another one, then the same few again and again."""
    _, peer = prepare()
    port = free_port()
    theirs: dict[str, float] = {}
    if DATASETTE:
        command = [
            DATASETTE,
            "serve",
            str(peer),
            "--port",
            str(port),
            "--setting",
            "sql_time_limit_ms",
            "20000",
        ]
        with serving(command, port, "/peer/rows.json?_size=1") as base:
            for what, _, question in QUESTIONS:
                path = f"/peer{question}" if question.startswith(".") else f"/peer/{question}"
                warm(base, path)
                theirs[what] = load(base, path, distinct=True)[0]
    port = free_port()
    with serving(ours(port), port, "/api/portal/datasets/rows/rows?limit=1") as base:
        for what, question, _ in QUESTIONS:
            warm(base, f"/api/portal/datasets/rows/{question}")
            for distinct in (True, False):
                rate, slow = load(base, f"/api/portal/datasets/rows/{question}", distinct=distinct)
                peers = theirs.get(what, 0.0)
                yield Result(
                    f"{what} page of 1,000,000 rows, {'every request another' if distinct else 'asked before'}",
                    rate,
                    "requests/s",
                    f"≥ {TARGET:g} × Datasette" if peers else "",
                    rate >= TARGET * peers if peers else None,
                    f"Datasette {peers:,.0f}/s, ratio {rate / peers:.1f}; p99 {slow:.0f} ms" if peers else "",
                )


if __name__ == "__main__":
    for result in pages():
        print(json.dumps(asdict(result), ensure_ascii=False), flush=True)
