"""The verbs of the installation itself: init, work, doctor, settings."""

import json
import sys
from dataclasses import asdict

import click
from django.core.management import call_command

from hutong.accounts import api as accounts
from hutong.kernel import doctor as checks
from hutong.kernel import settings as declared
from hutong.kernel import tidying, worker
from hutong.ledger import api as ledger
from hutong.packs import api as packs
from hutong.project.checks import tables
from hutong.project.errors import NotReady


@click.command()
@click.option("--pack", default=None, help="The district pack; HUTONG_PACK when not given.")
def init(pack: str | None) -> None:
    """Make the home, its keys and tables, and apply the district pack. Safe to repeat."""
    prepare(pack)
    click.echo(f"ready: {declared.home()}")


def prepare(pack: str | None = None) -> None:
    """Tables, the log's key and its empty checkpoint, the pack, demo people; nothing is done twice."""
    call_command("migrate", interactive=False, verbosity=0)
    ledger.checkpoint()
    packs.install(pack or str(declared.value("HUTONG_PACK")))
    if declared.demo():
        accounts.install_demo_people()


@click.command()
def work() -> None:
    """Do the durable work only: events, jobs, chores. Refuses to begin on tables of another version."""
    found = tables()
    if not found.ok:
        raise NotReady(zh=found.what.zh, en=found.what.en)
    worker.run()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def doctor(*, as_json: bool) -> None:
    """Say what is wrong and how to mend it; exit 1 when anything is."""
    findings = checks.examine("project.tables")
    if as_json:
        rows = {
            name: {"ok": each.ok, "what": each.what.as_dict(), "fix": each.fix.as_dict()}
            for name, each in findings.items()
        }
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for name, each in findings.items():
            click.secho(
                f"{'✓' if each.ok else '✗'} {name}: {each.what.zh} · {each.what.en}",
                fg=None if each.ok else "red",
            )
            if not each.ok:
                click.echo(f"    → {each.fix.zh} · {each.fix.en}")
    sys.exit(0 if all(each.ok for each in findings.values()) else 1)


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, take nothing away.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def tidy(*, dry_run: bool, as_json: bool) -> None:
    """Take away what has served its time; the worker does it every night. Exit 1 when a part of it failed."""
    found = tidying.tidy(dry_run=dry_run)
    if as_json:
        click.echo(json.dumps({name: asdict(each) for name, each in found.items()}, indent=2))
    else:
        for name, each in found.items():
            click.echo(f"{name}: {each.count:,} ({each.bytes:,} bytes) {each.error}".rstrip())
    sys.exit(1 if any(each.error for each in found.values()) else 0)


@click.command("settings")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def show_settings(*, as_json: bool) -> None:
    """Show every setting, its value and what it does; secrets are not shown."""
    rows = [
        {
            "name": each.name,
            "value": "***" if each.secret and declared.value(each.name) else str(declared.value(each.name)),
            "kind": each.kind,
            "doc": each.doc.as_dict(),
        }
        for each in declared.declared()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row, each in zip(rows, declared.declared(), strict=True):
        click.echo(f"{each.name} = {row['value']}\n    {each.doc.zh} · {each.doc.en}")
