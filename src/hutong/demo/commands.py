"""The ``hutong demo`` verbs."""

import json
from dataclasses import asdict

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from hutong.demo import api
from hutong.demo.types import Generated
from hutong.kernel.text import Text


@click.group()
def demo() -> None:
    """Generate and load the synthetic demo district."""


@demo.command()
@click.option("--seed", type=int, default=api.DEMO_SEED, show_default=True, help="Another seed, other rows.")
@click.option(
    "--months", type=click.IntRange(1, 36), default=36, show_default=True, help="Length of the window."
)
@click.option("--scale", type=click.FloatRange(0, 1, min_open=True), default=1.0, show_default=True,
              help="Share of firms and cases to make.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def generate(seed: int, months: int, scale: float, as_json: bool) -> None:
    """Write the source files of the demo district; once for the same options."""
    with _bar(hidden=as_json) as bar:
        task = bar.add_task(str(Text(zh="合成", en="Generating")), total=None)

        def progress(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        made = api.generate(seed=seed, months=months, scale=scale, progress=progress)
    if as_json:
        click.echo(json.dumps(_shown(made), ensure_ascii=False, indent=1))
        return
    said = Text(
        zh="{state} {files} 个文件、{rows} 行（合成数据，演示日 {day}），用时 {seconds} 秒：{folder}",
        en="{files} files, {rows} rows {state_en} (synthetic, demo day {day}) in {seconds} s: {folder}",
    )
    click.echo(
        str(
            said.format(
                state="写成" if made.made else "已有",
                state_en="written" if made.made else "there already",
                files=len(made.files),
                rows=f"{sum(each.rows for each in made.files):,}",
                day=made.day.isoformat(),
                seconds=f"{made.elapsed_ms / 1000:.1f}",
                folder=made.folder,
            )
        )
    )


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def load(as_json: bool) -> None:
    """Load the files into the lake, making them first if need be, and compute; nothing is done twice."""
    with _bar(hidden=as_json) as bar:
        task = bar.add_task(str(Text(zh="装载", en="Loading")), total=None)

        def progress(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        done = api.load(progress=progress)
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False, indent=1))
        return
    fresh = [each for each in done.files if each.loaded]
    said = Text(
        zh="装载 {fresh} 个文件、{rows} 行，隔离 {bad} 行；{same} 个文件此前已装载；"
        "算出 {computed} 个指标；用时 {seconds} 秒",
        en="{fresh} files loaded, {rows} rows in, {bad} quarantined; {same} files were there already; "
        "{computed} indicators computed; {seconds} s",
    )
    click.echo(
        str(
            said.format(
                fresh=len(fresh),
                rows=f"{sum(each.rows_loaded for each in fresh):,}",
                bad=f"{sum(each.rows_quarantined for each in fresh):,}",
                same=len(done.files) - len(fresh),
                computed=done.computed,
                seconds=f"{done.elapsed_ms / 1000:.1f}",
            )
        )
    )


@demo.command()
def city() -> None:
    """Run the city's side of the docking until stopped: then `Exchange now` has someone to talk to."""
    click.echo(str(Text(zh="市级实例运行中，Ctrl-C 停止", en="the city's side is running, Ctrl-C to stop")))
    api.serve_city()


def _shown(made: Generated) -> dict[str, object]:
    return {
        "synthetic": True,
        **asdict(made),
        "folder": str(made.folder),
        "day": made.day.isoformat(),
        "files": [asdict(each) | {"path": str(each.path)} for each in made.files],
    }


def _bar(*, hidden: bool) -> Bar:
    return Bar(
        TextColumn("{task.description:<26}"),
        BarColumn(),
        MofNCompleteColumn(),
        transient=True,
        disable=hidden,
    )
