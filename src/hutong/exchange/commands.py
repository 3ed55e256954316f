"""`hutong exchange`: requests, contracts, use, and whose a file was."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from hutong.exchange import contracts, delivery, issues, requests, usage
from hutong.exchange.bodies import plain
from hutong.exchange.logic import watermark
from hutong.exchange.models import AccessRow


@click.group()
def exchange() -> None:
    """Requests, contracts and what is read under them."""


@exchange.command("list")
@click.option("--organisation", default="", help="Of one organisation, as provider or consumer.")
@click.option("--state", default="")
@click.option("--overdue", is_flag=True)
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def list_requests(organisation: str, state: str, limit: int, *, overdue: bool, as_json: bool) -> None:
    """Requests, newest first."""
    found = requests.listed(organisation=organisation, state=state, overdue=overdue, limit=limit)
    if as_json:
        _tell(found)
        return
    for each in found:
        late = " OVERDUE" if each.overdue else ""
        click.echo(
            f"{each.id}  {each.state.value:<10} {each.consumer} ← {each.provider}  {each.title.zh}{late}"
        )


@exchange.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def show(name: str, *, as_json: bool) -> None:
    """A request with its steps, or a contract (c-…) with its versions."""
    if name.rpartition(":")[2].startswith("c-"):
        told: Any = {"contract": contracts.contract_of(name), "versions": contracts.versions(name)}
    else:
        told = {"request": requests.request(name), "steps": requests.steps(name.rpartition(":")[2])}
    if as_json:
        _tell(told)
        return
    click.echo(json.dumps(plain(told), ensure_ascii=False, indent=2))


@exchange.command("usage")
@click.argument("contract")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 400))
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def use(contract: str, days: int, *, as_json: bool) -> None:
    """Accesses under a contract, day by day."""
    found = usage.by_day(contracts.contract_of(contract).id, days)
    if as_json:
        _tell(found)
        return
    for each in found:
        click.echo(f"{each.day}  {each.calls:>6} accesses  {each.rows:>9} rows  {each.refused:>4} refused")


@exchange.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document (the default and only form).")
def export(*, as_json: bool) -> None:  # noqa: ARG001 - the flag is there so that every verb has it
    """Everything: requests with their steps, every version of contracts, accesses, issues."""
    _part('{"requests": [')
    for number, each in enumerate(_all(requests.listed)):
        body = {**plain(each), "steps": plain(requests.steps(each.id))}
        _part((",\n" if number else "\n") + json.dumps(body, ensure_ascii=False))
    _part('],\n"contracts": [')
    for number, each in enumerate(_all(contracts.listed)):
        _part(
            (",\n" if number else "\n") + json.dumps(plain(contracts.versions(each.id)), ensure_ascii=False)
        )
    _part('],\n"issues": [')
    for number, each in enumerate(_all(issues.listed)):
        _part((",\n" if number else "\n") + json.dumps(plain(each), ensure_ascii=False))
    _part('],\n"accesses": [')
    for number, row in enumerate(AccessRow.objects.order_by("id").values().iterator(1000)):
        _part((",\n" if number else "\n") + json.dumps(plain(row), ensure_ascii=False))
    _part("]}\n")


def _part(text: str) -> None:
    click.echo(text, nl=False)


def _all(listed: Callable[..., list[Any]]) -> Iterator[Any]:
    offset = 0
    while found := listed(limit=500, offset=offset):
        yield from found
        offset += len(found)


@exchange.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def trace(file: Path, *, as_json: bool) -> None:
    """Whose a leaked CSV file was: the contract in whose order its rows lie, whole or in part.

    One half is chance; near one is the recipient's. Sorting the rows takes the mark away.
    """
    with file.open(encoding="utf-8-sig", newline="") as opened:
        lines = (line for line in opened if not line.startswith("# "))
        table = list(csv.reader(lines))
    if len(table) < 3:
        raise click.ClickException("too few rows to tell")
    header, rows = table[0], table[1:]
    told: list[dict[str, Any]] = []
    for each in _all(contracts.listed):
        names = delivery.telling(each, tuple(name for name in header if name in each.terms.columns))
        if not names or set(header) - set(each.terms.columns):
            continue
        at = [header.index(name) for name in names]
        cells = ([row[place].removeprefix("'") for place in at] for row in rows)
        share, pairs = watermark.order_share(delivery.order_key(each), cells)
        told.append(
            {"contract": each.id, "consumer": each.consumer, "share": round(share, 4), "pairs": pairs}
        )
    told.sort(key=lambda found: -found["share"])
    if as_json:
        _tell(told)
        return
    for found in told[:10]:
        click.echo(
            f"{found['share']:.3f}  {found['contract']}  {found['consumer']}  ({found['pairs']} pairs)"
        )


def _tell(found: Any) -> None:
    click.echo(json.dumps(plain(found), ensure_ascii=False, indent=2))
