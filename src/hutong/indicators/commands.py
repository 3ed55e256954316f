"""The verbs ``hutong plan`` and, beside it, ``hutong indicators``."""

import json
from pathlib import Path

import click

from hutong.indicators.figure_commands import indicators
from hutong.indicators.plan_import.importing import read_plan
from hutong.indicators.plan_import.types import Indicator, Place, PlanReading

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
