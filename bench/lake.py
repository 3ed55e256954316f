"""The lake: a CSV through contract, profile, snapshot and commit, beside DuckDB's bare conversion to Parquet.

The peer reads the same file in the same process with DuckDB's own type sniffing and the same settings; the runs
alternate, and medians are compared. Everything a load does is in its time: hashing, checks of every value, keys, a
rule, the profile, writing, block hashes for the log, Iceberg metadata, the transaction.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from bench.result import Result

SIZES = (100_000, 300_000, 1_000_000, 3_000_000)
JUDGED = 1_000_000
ROUNDS = 3
TARGET = 3.0
MOST_MEMORY = 1_500
CONTRACT = """
key: [id]
columns:
  id: {type: int, required: true}
  firm: {type: text, required: true}
  day: {type: date, required: true}
  district: {type: code, codes: ["110101", "110102", "110105"]}
  first: {type: float, range: [0, 1000]}
  second: {type: float, range: [0, 1000]}
  third: {type: float, range: [0, 100]}
  visits: {type: int, range: [0, null]}
  staff: {type: int}
  area: {type: int, range: [0, null]}
  name: {type: text}
  kind: {type: code, codes: [A, B, C, D]}
  active: {type: bool}
  at: {type: datetime}
  lon: {type: longitude, range: [115, 118]}
  lat: {type: latitude, range: [39, 42]}
  revenue: {type: money, unit: 元, range: [0, null]}
  tax: {type: money, unit: 元}
  mark: {type: text}
  note: {type: text}
rules:
  - {id: tax-within-revenue, check: tax <= revenue, breach: warn, because: {zh: 税额大于收入}}
"""
ROWS = """
SELECT i AS id, 'F' || (i % 6000) AS firm, DATE '2021-01-01' + (i % 1000)::INTEGER AS day,
  ['110101', '110102', '110105'][i % 3 + 1] AS district, round(random() * 1000, 2) AS first,
  round(random() * 1000, 2) AS second, round(random() * 100, 1) AS third, (random() * 1000)::INTEGER AS visits,
  (random() * 1000)::INTEGER AS staff, (random() * 100000)::INTEGER AS area, '名称' || (i % 997) AS name,
  ['A', 'B', 'C', 'D'][(i % 4) + 1] AS kind, i % 2 = 0 AS active,
  TIMESTAMP '2021-01-01 00:00:00' + to_minutes((i % 100000)::BIGINT) AS at, round(116 + random(), 6) AS lon,
  round(39.5 + random(), 6) AS lat, round(random() * 1e6 + 1000, 2) AS revenue, round(random() * 1e3, 2) AS tax,
  md5(i::VARCHAR) AS mark, '备注文字' AS note
FROM range({rows}) t(i)
"""


def run() -> Iterable[Result]:
    """In a process for each size, so that memory is of that size alone."""
    for rows in SIZES:
        with tempfile.TemporaryDirectory(prefix="hutong-bench-") as home:
            environment = {
                **os.environ,
                "HUTONG_HOME": home,
                "DJANGO_SETTINGS_MODULE": "hutong.project.settings",
            }
            environment.pop("HUTONG_DATABASE_URL", None)
            with subprocess.Popen(
                [sys.executable, "-m", "bench.lake", str(rows)],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            ) as child:
                assert child.stdout is not None
                for line in child.stdout:
                    yield Result(**json.loads(line))
            if child.returncode:
                raise RuntimeError(f"the measurement ended with {child.returncode}")


def measure(rows: int) -> Iterator[Result]:
    import django  # noqa: PLC0415 - the parent process must not start Django

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup()

    from hutong.kernel.settings import home  # noqa: PLC0415 - after django.setup()

    call_command("migrate", verbosity=0)
    file = home() / "rows.csv"
    _generate(file, rows)
    ours, peer = [], []
    rounds = ROUNDS if rows <= JUDGED else 1
    for number in range(rounds):
        peer.append(_convert(file))
        ours.append(_load(file, f"bench-{number}"))
    ratio = statistics.median(ours) / statistics.median(peer)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    judged = rows == JUDGED
    yield Result(
        f"load {rows:,} rows × 20 columns, times DuckDB's conversion",
        ratio,
        "×",
        f"≤ {TARGET:g}" if judged else "",
        ratio <= TARGET if judged else None,
        f"load {statistics.median(ours):.2f} s, conversion {statistics.median(peer):.2f} s",
    )
    yield Result(
        f"memory at its highest, {rows:,} rows",
        memory,
        "MB",
        f"≤ {MOST_MEMORY:,}" if judged else "",
        memory <= MOST_MEMORY if judged else None,
    )


def _generate(file: Path, rows: int) -> None:
    """In a process of its own: its memory is not the load's."""
    script = (
        "import duckdb, sys\n"
        "duckdb.execute('SET enable_progress_bar = false; SELECT setseed(0.5)')\n"
        f"duckdb.execute({f'COPY ({ROWS.format(rows=rows)}) TO {str(file)!r} (HEADER)'!r})\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def _convert(file: Path) -> float:
    """DuckDB alone, as anyone would call it."""
    from hutong.lake.engine import duck  # noqa: PLC0415 - after django.setup()

    connection = duck.connect()
    connection.execute("RESET disabled_optimizers")
    started = time.perf_counter()
    connection.execute(f"COPY (SELECT * FROM read_csv('{file}')) TO '{file}.parquet'")
    taken = time.perf_counter() - started
    duck.close(connection)
    Path(f"{file}.parquet").unlink()
    return taken


def _load(file: Path, table: str) -> float:
    import yaml  # noqa: PLC0415 - beside the others

    from hutong.lake import api  # noqa: PLC0415 - after django.setup()
    from hutong.lake.types import Source  # noqa: PLC0415 - after django.setup()

    api.define(api.TableSpec.model_validate(yaml.safe_load(CONTRACT)).contract(table))
    started = time.perf_counter()
    report = api.load(table, Source.file(file))
    taken = time.perf_counter() - started
    if report.rows_quarantined:
        raise RuntimeError(str(report.reasons))
    return taken


if __name__ == "__main__":
    for each in measure(int(sys.argv[1])):
        print(json.dumps(asdict(each)), flush=True)
