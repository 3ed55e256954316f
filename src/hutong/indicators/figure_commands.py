"""The verbs of ``hutong indicators``."""

import json
from datetime import date, datetime
from typing import Any

import click

from hutong.indicators import api
from hutong.indicators.dumping import dump_computation, dump_definition, dump_figure, dump_walk

_DAY = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day the figure is about.")
_JSON = click.option("--json", "as_json", is_flag=True, help="For a program.")


@click.group()
def indicators() -> None:
    """Compute indicators and show where they come from."""


@indicators.command("list")
@_JSON
def list_indicators(*, as_json: bool) -> None:
    """Every indicator of the installed packs."""
    found = api.definitions().values()
    if as_json:
        _print([dump_definition(each) for each in found])
        return
    for each in found:
        click.echo(f"{each.id:<34} {each.title.zh}  [{each.unit}]  {each.reference}")


@indicators.command("compute")
@click.argument("names", nargs=-1)
@_DAY
@click.option("--known-at", help="Only what was in the lake at this moment (ISO 8601, with a zone).")
@_JSON
def compute_indicators(
    names: tuple[str, ...], as_of: datetime | None, known_at: str | None, *, as_json: bool
) -> None:
    """Compute the named indicators, or all; what is stored for the same snapshots is not computed again."""
    day = _day(as_of)
    if known_at:
        moment = _moment(known_at)
        runs = [api.compute(each, day, moment) for each in names or api.definitions()]
        _print([dump_computation(each) for each in runs]) if as_json else _tell(len(runs), 0)
        return
    unknown = sorted(set(names) - set(api.definitions()))
    for each in unknown:
        api.definition(each)
    with click.progressbar(length=max(1, len(names) or len(api.definitions())), hidden=as_json) as bar:
        outcome = api.compute_all(day, wanted=names or None, progress=lambda *_: bar.update(1))
    failed = {name: error.as_dict() for name, error in outcome.failed.items()}
    if as_json:
        runs_out = [dump_computation(each) for each in outcome.computed]
        _print({"computed": runs_out, "unchanged": outcome.unchanged, "failed": failed})
    else:
        _tell(len(outcome.computed) - outcome.unchanged, outcome.unchanged)
        for name, error in outcome.failed.items():
            click.secho(f"{name}: {error}", fg="red", err=True)
    if failed:
        raise SystemExit(1)


@indicators.command()
@click.argument("name")
@_DAY
@click.option("--by", help="A dimension to break it down by.")
@_JSON
def show(name: str, as_of: datetime | None, by: str | None, *, as_json: bool) -> None:
    """One figure: value, change, state, series; with --by, its parts."""
    found = api.figure(name, _day(as_of), reader=None)
    parts = api.breakdown(name, by, found.as_of, reader=None) if by else []
    if as_json:
        _print({**dump_figure(found), "parts": [{"member": e.member, "value": e.value} for e in parts]})
        return
    click.secho(f"{found.title.zh}  {found.text or '—'} {found.unit}  {found.period_text}", bold=True)
    if found.standing.text.zh:
        click.echo(f"  {found.standing.text}")
    for point in found.series[-13:]:
        click.echo(f"  {point.period}  {point.text}")
    for part in parts:
        click.echo(f"  {part.name}  {part.text}")


@indicators.command()
@click.argument("urn")
@_JSON
def walk(urn: str, *, as_json: bool) -> None:
    """From a computation (its URN, or an indicator's name) to its query, snapshots and ledger entry."""
    found = api.walk(urn) if urn.startswith("urn:") else api.walk_on(urn, api.default_day())
    repeated = api.again(found.computation)
    if as_json:
        _print({**dump_walk(found), "again": {"same": repeated.same, "result": repeated.result}})
        return
    run = found.computation
    click.secho(f"{found.definition.title.zh}  {run.urn}", bold=True)
    click.echo(f"definition  {found.definition.file}:{found.definition.line}  {run.definition}")
    click.echo(f"query       {run.query}\n{found.sql}")
    for each in run.readings:
        click.echo(f"snapshot    {each.urn}  rows {each.rows}  entry {each.entry_id}")
    click.echo(f"result      {run.result}  entry {run.entry_id}")
    click.echo(f"again       {'same' if repeated.same else 'DIFFERENT'}  {repeated.result}")
    if not repeated.same:
        raise SystemExit(1)


def _day(given: datetime | None) -> date:
    return given.date() if given else api.default_day()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(text, param_hint="--known-at") from error
    if moment.tzinfo is None:
        raise click.BadParameter("a time without a zone", param_hint="--known-at")
    return moment


def _tell(computed: int, unchanged: int) -> None:
    click.echo(f"{computed} computed, {unchanged} unchanged")


def _print(what: Any) -> None:
    click.echo(json.dumps(what, ensure_ascii=False, indent=2))
