"""The `hutong lake` verbs."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import yaml
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from hutong.kernel.errors import Place
from hutong.kernel.text import Text
from hutong.lake import api
from hutong.lake.errors import BadContract
from hutong.lake.loading import Progress as Told
from hutong.lake.loading import alone
from hutong.lake.pack import TableSpec
from hutong.lake.store import relocating, tidying
from hutong.lake.types import Contract, Finding, LoadReport, Quality, Source

_as_json = click.option("--json", "as_json", is_flag=True, help="For a program.")
_console = Console()


@click.group()
def lake() -> None:
    """Load tables and ask them."""


@lake.command()
@click.argument("what", nargs=-1, required=True, metavar="[TABLE] FILE|URL")
@click.option("--contract", "contract_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mode", type=click.Choice(["replace", "append", "upsert"]), default="replace")
@click.option("--sql", default="", help="Read this SELECT or table of the database whose address is given.")
@_as_json
def load(what: tuple[str, ...], contract_file: Path | None, mode: Any, sql: str, *, as_json: bool) -> None:
    """Load a file, an HTTP address or a database's rows into TABLE.

    With --contract the table's contract is read from a YAML file and defined first; TABLE then defaults to the file's
    name.
    """
    if len(what) > 2 or (len(what) == 1 and contract_file is None):
        raise click.UsageError("give TABLE and FILE, or --contract and FILE")
    table = what[0] if len(what) == 2 else str(contract_file and contract_file.stem)
    if contract_file is not None:
        api.define(read_contract(contract_file, table))
    with _bar() as progress:
        report = api.load(table, _source(what[-1], sql), mode=mode, progress=progress)
    if as_json:
        _print(_report(report))
    else:
        _tell(report)


def read_contract(file: Path, table: str) -> Contract:
    """The contract in a YAML file: a `table:` block, alone or inside a dataset; raises ``BadContract``."""
    try:
        raw = yaml.safe_load(file.read_text("utf8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadContract(place=Place(file=str(file)), reason=str(error).split("\n", 1)[0]) from error
    block = raw.get("table", raw) if isinstance(raw, dict) else raw
    try:
        return TableSpec.model_validate(block).contract(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadContract(place=Place(file=str(file), key=key), reason=f"{key}: {first['msg']}") from error


def _source(place: str, sql: str) -> Source:
    if sql or place.startswith(("postgresql", "sqlite://", "mysql", "oracle", "mssql")):
        return Source.database(place, sql)
    return Source.url(place) if place.startswith(("http://", "https://")) else Source.file(place)


@contextmanager
def _bar() -> Iterator[Told]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, note: Text) -> None:
            bar.update(task, completed=done, total=total, description=str(note))

        yield tell


@lake.command()
@_as_json
def tables(*, as_json: bool) -> None:
    """Every table: rows, newest snapshot, quality."""
    found = api.tables()
    if as_json:
        _print([asdict(each) for each in found])
        return
    shown = Table("table", "rows", "snapshot", "committed", "quality")
    for each in found:
        last = each.latest
        shown.add_row(
            each.table,
            f"{last.rows:,}" if last else "–",
            str(last.sequence) if last else "–",
            last.committed_at.isoformat(timespec="seconds") if last else "–",
            f"{each.score:.1f}" if each.score is not None else "–",
        )
    _console.print(shown)


@lake.command()
@click.argument("table")
@_as_json
def show(table: str, *, as_json: bool) -> None:
    """The contract of TABLE and its newest snapshot."""
    contract, latest = api.contract(table), api.latest(table)
    if as_json:
        _print({"contract": asdict(contract), "latest": asdict(latest) if latest else None})
        return
    shown = Table("column", "type", "unit", "required", "title")
    for each in contract.columns:
        required = "✓" if each.required or each.name in contract.key else ""
        shown.add_row(each.name, each.type, each.unit, required, str(each.title))
    _console.print(shown)
    for rule in contract.rules:
        click.echo(f"{rule.id}: {rule.because}")


@lake.command()
@click.argument("table")
@_as_json
def snapshots(table: str, *, as_json: bool) -> None:
    """Every snapshot of TABLE, newest first."""
    api.contract(table)  # says so when there is no such table
    found = api.snapshots(table)
    if as_json:
        _print([asdict(each) for each in found])
        return
    for each in found:
        click.echo(f"{each.sequence}\t{each.committed_at:%Y-%m-%d %H:%M:%S%z}\t{each.rows:,}\t{each.urn}")


@lake.command()
@click.argument("table")
@_as_json
def quality(table: str, *, as_json: bool) -> None:
    """The newest snapshot of TABLE: a score per dimension and every defect counted."""
    api.contract(table)  # says so when there is no such table
    latest = api.latest(table)
    found = api.quality(latest.urn) if latest else None
    if as_json:
        _print(asdict(found) if found else None)
    elif found is None:
        click.echo(f"{table}: –")
    else:
        _tell_quality(found)


@lake.command()
@click.argument("load")
@click.option("--limit", default=50, show_default=True)
@click.option("--offset", default=0)
@_as_json
def quarantine(load: str, limit: int, offset: int, *, as_json: bool) -> None:
    """Rows that LOAD (a load, or a snapshot's URN) put aside, each with its reason."""
    page = api.quarantine(load, offset=offset, limit=limit)
    if as_json:
        _print(asdict(page))
        return
    for each in page.rows:
        click.echo(f"{each.row}\t{each.column}\t{each.what}\t{each.original[:120]!r}\t{each.fix}")
    click.echo(f"{page.total} in all", err=True)


@lake.command()
@click.argument("sql")
@click.option(
    "--table", "-t", "names", multiple=True, help="A table the query reads; all when none is named."
)
@click.option("--limit", default=1000, show_default=True)
@_as_json
def query(sql: str, names: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Run one SELECT over tables of the lake (their SQL name has _ for -)."""
    found = api.query(sql, names or [each.table for each in api.tables()], limit=limit)
    if as_json:
        _print({"columns": found.columns, "rows": found.rows, "truncated": found.truncated})
        return
    shown = Table(*found.columns)
    for row in found.rows:
        shown.add_row(*("" if value is None else str(value) for value in row))
    _console.print(shown)


@lake.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, take nothing away.")
@_as_json
def tidy(*, dry_run: bool, as_json: bool) -> None:
    """Take away files that no snapshot names: what killed loads left behind."""
    found = tidying.tidy(dry_run=dry_run)
    if as_json:
        _print(asdict(found))
    else:
        click.echo(f"{found.files} files, {found.bytes:,} bytes, {found.loads} loads marked interrupted")


@lake.command()
@click.argument("tables", nargs=-1)
@_as_json
def relocate(tables: tuple[str, ...], *, as_json: bool) -> None:
    """Write the Iceberg metadata of TABLES (all, when none is named) anew after the home was moved.

    Hutong itself needs none of it; other Iceberg clients then find the files where they are now.
    """
    done = []
    for name in tables or relocating.moved():
        with alone(name):
            if relocating.relocate(name):
                done.append(name)
    if as_json:
        _print({"relocated": done})
    else:
        click.echo("\n".join(done) or "nothing has moved")


def _print(found: Any) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))


def _report(report: LoadReport) -> dict[str, Any]:
    return asdict(report)


def _tell(report: LoadReport) -> None:
    state = (
        "unchanged"
        if report.unchanged
        else f"snapshot {report.snapshot.sequence if report.snapshot else '–'}"
    )
    click.echo(
        f"{report.table}: {report.rows_in:,} rows in, {report.rows_loaded:,} loaded,"
        f" {report.rows_quarantined:,} quarantined, {state}, {report.elapsed_ms / 1000:.2f} s"
    )
    _tell_findings(report.findings)
    if report.rows_quarantined:
        click.echo(f"hutong lake quarantine {report.load_id}")


def _tell_findings(findings: tuple[Finding, ...]) -> None:
    shown = Table("count", "what", "where", "outcome", "rows")
    for each in sorted(findings, key=lambda found: -found.count):
        rows = ", ".join(map(str, each.rows))
        shown.add_row(f"{each.count:,}", f"{each.code}: {each.what}", each.column, each.outcome, rows)
    if findings:
        _console.print(shown)


def _tell_quality(found: Quality) -> None:
    click.echo(f"{found.score:.1f}")
    for each in found.dimensions:
        click.echo(f"{each.dimension}\t{'–' if each.score is None else f'{each.score:.2f}'}\t{each.why}")
    _tell_findings(found.findings)
