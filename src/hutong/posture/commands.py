"""`hutong posture`: risk, alerts, findings; verify the log; check an export of the audit trail."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hutong.kernel import audit
from hutong.ledger import api as ledger
from hutong.posture import alerts, checking, scoring, seals
from hutong.posture.endpoints import plain
from hutong.posture.gathering import VERIFIED


@click.group()
def posture() -> None:
    """Risk, alerts and findings; the audit trail with its proof."""


@posture.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def look(*, as_json: bool) -> None:
    """Judge the accesses since the last look, run the rules and score everything."""
    seen = alerts.watch()
    found = scoring.renew()
    if as_json:
        click.echo(json.dumps({"alerts": seen.found, "risks": plain(found)}, ensure_ascii=False, indent=2))
        return
    click.echo(f"{seen.accesses} accesses, {seen.found} new alerts; district {scoring.district()}")
    for each in found[:10]:
        click.echo(f"{each.score:6.1f}  {each.kind:<8} {each.id}")


@posture.command()
def verify() -> None:
    """Verify the whole log and keep on record that it was; exit 1 when it does not hold."""
    report = ledger.verify()
    if report.faults:
        for fault in report.faults[:20]:
            click.secho(f"✗ {fault.name}: {fault.what}", fg="red", err=True)
        raise SystemExit(1)
    audit.record(VERIFIED, seals.trail(), size=report.size, root=report.root.hex())
    click.secho(f"✓ {report.size}", fg="green")


@posture.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", default="", help="The verifier key you trust; without it the one named in the file is used."
)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def check(file: Path, key: str, *, as_json: bool) -> None:
    """Check an export of the audit trail: nothing that was sealed is altered or missing."""
    found: dict[str, Any] = asdict(checking.check(file, key))
    if as_json:
        click.echo(json.dumps({"ok": True, **found}, ensure_ascii=False, indent=2))
        return
    click.secho(f"✓ {found['within']} records of {found['since']} – {found['until']}", fg="green")
    click.echo(f"  {found['records']} records in {found['seals']} seals, sealed up to {found['sealed_at']}")
