"""`hutong pack`: check packs, show them, export their schemas, apply one."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from hutong.kernel.settings import home
from hutong.packs import api
from hutong.packs import folder as files
from hutong.packs.report import show_problems, show_summary


@click.group()
def pack() -> None:
    """Check, show and apply packs."""


@pack.command()
@click.argument("packs", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.option("--no-tests", is_flag=True, help="Leave out the tests written beside rules and indicators.")
def check(packs: tuple[str, ...], *, as_json: bool, no_tests: bool) -> None:
    """Check PACKS (ids or folders; all when none is given): each error with file, line, key and fix.

    Exit 1 when there is any error.
    """
    folders = [files.find(each) for each in packs] or api.known()
    found = {folder: api.check(folder, tests=not no_tests) for folder in folders}
    if as_json:
        rows = [
            {"pack": folder.name, "ok": not problems, "problems": [each.as_dict() for each in problems]}
            for folder, problems in found.items()
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for folder, problems in found.items():
            show_problems(folder, problems)
    sys.exit(1 if any(found.values()) else 0)


@pack.command("list")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def list_(*, as_json: bool) -> None:
    """List the packs there are."""
    packs = [_outline(folder) for folder in api.known()]
    if as_json:
        click.echo(json.dumps(packs, ensure_ascii=False, indent=2))
        return
    for each in packs:
        click.echo(f"{each['kind']}  {each['id']}  {each['title']['zh']} · {each['title']['en']}")


@pack.command()
@click.argument("name", metavar="PACK")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def show(name: str, *, as_json: bool) -> None:
    """Show what a pack holds."""
    outline = _outline(files.find(name))
    if as_json:
        click.echo(json.dumps(outline, ensure_ascii=False, indent=2))
        return
    show_summary(outline)


@pack.command()
@click.argument("target", required=False, type=click.Path(file_okay=False, path_type=Path))
def schema(target: Path | None) -> None:
    """Write the JSON Schema of every section to the folder TARGET (schemas in the home folder)."""
    folder = target or home() / "schemas"
    for name, content in api.schemas().items():
        files.write(folder / f"{name}.schema.json", json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        click.echo(folder / f"{name}.schema.json")


@pack.command()
@click.argument("name", metavar="PACK")
def apply(name: str) -> None:
    """Make this installation follow the pack. Safe to repeat."""
    done = api.install(name)
    click.echo(f"✓ {done.id} {done.title.zh} · {done.title.en}")


def _outline(folder: Path) -> dict[str, Any]:
    found = api.load(folder)
    titles = {each.name: each.title for each in api.registered()}
    return {
        "id": found.id,
        "kind": found.kind,
        "title": found.title.as_dict(),
        "division": found.division,
        "folder": str(found.folder),
        "needs": list(found.needs),
        "sources": [
            {
                "id": each.id,
                "title": each.title.as_dict(),
                "published": each.published.isoformat() if each.published else None,
            }
            for each in found.sources
        ],
        "sections": {
            name: {"title": titles[name].as_dict(), "items": len(items)}
            for name, items in sorted(found.sections.items())
        },
    }
