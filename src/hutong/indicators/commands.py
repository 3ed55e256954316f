"""The verbs ``hutong plan`` and, beside it, ``hutong indicators``."""

import json
from datetime import datetime
from pathlib import Path
from types import ModuleType

import click

from hutong.indicators.figure_commands import indicators
from hutong.indicators.plan_import.importing import read_plan
from hutong.indicators.plan_import.types import Indicator, Place, PlanReading
from hutong.indicators.plans.dumps import plan_as_dict
from hutong.indicators.plans.dumps import summary as _summary

__all__ = ["indicators", "plan"]


@click.group()
def plan() -> None:
    """Read plan documents and follow plans."""


@plan.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the reading as JSON.")
def import_plan(file: Path, *, as_json: bool) -> None:
    """Read a published plan (txt, docx or pdf): indicators, sections, tasks, systems and what stayed unread."""
    reading = read_plan(file)
    if as_json:
        click.echo(json.dumps(reading.as_dict(), ensure_ascii=False, indent=2))
        return
    _show(reading)


@plan.command("list")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def list_plans(*, as_json: bool) -> None:
    """List the plans in force: period, indicators, tasks, and how many of them are done."""
    found = _registry().plans()
    if as_json:
        click.echo(json.dumps([_summary(each) for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        years = f"{each.period[0]}—{each.period[1]}"
        counts = f"{each.indicators} indicators, {each.done}/{each.tasks} tasks"
        click.echo(f"{each.id}  {years}  {each.title}  {counts}")


@plan.command("show")
@click.argument("wanted", metavar="ID")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to look at.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def show_plan(wanted: str, *, as_of: datetime | None, as_json: bool) -> None:
    """Show a plan on a day: every indicator against its target and pace, every task."""
    found = _registry().plan(wanted, as_of.date() if as_of else None)
    if as_json:
        click.echo(json.dumps(plan_as_dict(found), ensure_ascii=False, indent=2))
        return
    click.secho(f"{found.title} {found.period[0]}—{found.period[1]}, {found.as_of}", bold=True)
    for each in found.indicators:
        due = each.progress.expected
        until = f"{due:g}" if due is not None else str(each.progress.reason) or "—"
        now = f"{each.measured.value:g}" if each.measured else "—"
        click.echo(
            f"  {each.title} ({each.unit or '—'}): {each.target.text}; {until}; {now}; {each.progress.pace}"
        )
    for task in found.tasks:
        owner = f"  {task.owner_title}" if task.owner else ""
        until = f"  {task.deadline}" if task.deadline else ""
        click.echo(f"  [{task.state}] {task.title}{owner}{until}")


def _registry() -> ModuleType:
    from hutong.indicators.plans import registry  # noqa: PLC0415 - models load after the apps

    return registry


def _show(reading: PlanReading) -> None:
    years = f" {reading.period[0]}—{reading.period[1]}" if reading.period else ""
    click.secho(f"{reading.plan}{years}", bold=True)
    for title, lines in (
        ("indicators", [_indicator(each) for each in reading.indicators]),
        (
            "sections",
            [f"{'  ' * (s.level - 1)}{s.number} {s.title}  {_at(s.place)}" for s in reading.sections],
        ),
        ("tasks", [f"{t.number} {t.title}  {_at(t.place)}" for t in reading.tasks]),
        ("systems", [f"{s.name} ×{len(s.places)}  {_at(s.places[0])}" for s in reading.systems]),
        ("unread", [f"{u.text}: {u.reason_zh} / {u.reason_en}  {_at(u.place)}" for u in reading.unread]),
    ):
        click.secho(f"\n{title}: {len(lines)}", bold=True)
        for line in lines:
            click.echo(f"  {line}")


def _indicator(each: Indicator) -> str:
    group = f"[{each.group}] " if each.group else ""
    return f"{group}{each.name} ({each.unit or '—'}): {each.target.text} {each.nature}  {_at(each.place)}"


def _at(place: Place | None) -> str:
    if place is None:
        return ""
    return f"L{place.line}" + (f" p{place.page}" if place.page else "")
