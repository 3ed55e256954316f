"""`hutong catalog`: search and read the catalog."""

import json
import sys

import click

from hutong.catalog import browse, history, suggesting
from hutong.catalog import closure as closing
from hutong.catalog.types import EntryRef


@click.group()
def catalog() -> None:
    """Search and check the catalog."""


@catalog.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@click.option("--retired", is_flag=True, help="Those that stand no more.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def search(words: tuple[str, ...], limit: int, *, retired: bool, as_json: bool) -> None:
    """Entries that hold every word, best first; Chinese words are found exactly."""
    found = browse.find(" ".join(words), {}, limit=limit, retired=retired)
    if as_json:
        rows = [_row(hit.entry) for hit in found.hits]
        click.echo(json.dumps({"total": found.total, "entries": rows}, ensure_ascii=False, indent=2))
        return
    for hit in found.hits:
        click.echo(f"{hit.entry.kind.shown.zh}  {hit.entry.title.zh}  {hit.entry.urn}")
    click.echo(f"{found.total}", err=True)


@catalog.command()
@click.argument("urn")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def show(urn: str, *, as_json: bool) -> None:
    """One entry with every version; the URN of a table shows the third level."""
    entry = history.entry(urn)
    versions = [
        {"version": each.version, "change": each.change, "at": each.at.isoformat(), "actor": each.actor,
         "sha256": each.sha256, "log_entry": each.log_entry}
        for each in history.versions(urn)
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({**_row(entry), "versions": versions}, ensure_ascii=False, indent=2))
        return
    click.echo(f"{entry.title.zh} · {entry.title.en}\n{entry.urn}\n{entry.summary.zh}")
    for each in versions:
        click.echo(
            f"  v{each['version']} {each['change']} {each['at']} {each['actor']} log {each['log_entry']}"
        )


@catalog.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def closure(*, as_json: bool) -> None:
    """Where duties, data, tables and systems do not meet; exit 1 when something is open."""
    found = closing.report()
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        for gap, count in found.counts().items():
            click.echo(f"{count:5} {gap.shown.zh}  {gap}")
            for each in found.lines:
                if each.gap is gap:
                    click.echo(f"      {each.title.zh}：{each.what.zh}  {each.mend_url}")
    if found.lines:
        sys.exit(1)


@catalog.command()
@click.argument("tables", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def grade(tables: tuple[str, ...], *, as_json: bool) -> None:
    """Suggest grades for the columns of TABLES, or of every table with rows."""
    found = {each: suggesting.suggest(each) for each in tables} if tables else suggesting.suggest_all()
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for table, count in found.items():
        click.echo(f"{count:4} {table}")


def _row(entry: EntryRef) -> dict[str, object]:
    return {
        "urn": entry.urn,
        "kind": str(entry.kind),
        "title": entry.title.as_dict(),
        "organisation": entry.organisation,
        "grade": entry.grade,
        "version": entry.version,
        "body": dict(entry.body),
    }
