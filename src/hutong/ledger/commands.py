"""The `hutong ledger` verbs."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from hutong.kernel.urn import Urn
from hutong.ledger import api, checking
from hutong.ledger.errors import NoEntry
from hutong.ledger.types import Entry, VerifyReport

_as_json = click.option("--json", "as_json", is_flag=True, help="For a program.")


@click.group()
def ledger() -> None:
    """Show, prove and verify the log."""


@ledger.command()
@click.option("--no-evidence", is_flag=True, help="The log alone, without the files its entries commit to.")
@click.option(
    "--from-checkpoint",
    "since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint verified before: that the log still begins with those entries is checked, their signatures"
    " are not judged again.",
)
@click.option(
    "--keep-checkpoint",
    "keep",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the checkpoint here when everything holds, for --from-checkpoint.",
)
@_as_json
def verify(*, no_evidence: bool, since: Path | None, keep: Path | None, as_json: bool) -> None:
    """Re-check everything and name the first bad byte; exit 1 when anything is wrong."""
    known = api.read_checkpoint(since.read_bytes()) if since else None
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("entries", total=None)
        report = api.verify(
            evidence=not no_evidence,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
            since=known,
        )
    if keep and report.ok:
        keep.write_text(api.checkpoint_at(report.size).text, "utf8")
    if as_json:
        _print(report.as_dict())
    else:
        _tell(report)
    sys.exit(0 if report.ok else 1)


ledger.add_command(checking.check)


@ledger.command()
@_as_json
def checkpoint(*, as_json: bool) -> None:
    """The latest checkpoint, as signed."""
    found = api.checkpoint()
    if as_json:
        _print(
            {
                "origin": found.origin,
                "size": found.size,
                "root": found.root.hex(),
                "text": found.text,
                "verifier": api.verifier_key(),
            }
        )
    else:
        click.echo(found.text, nl=False)


@ledger.command()
@click.argument("entry")
@_as_json
def show(entry: str, *, as_json: bool) -> None:
    """One ENTRY, by its number or URN."""
    found = api.entry(_entry_id(entry))
    if as_json:
        _print(_entry(found))
        return
    place = "待入树 · pending" if found.index is None else str(found.index)
    for name, value in (
        ("URN", found.urn),
        ("kind", found.kind),
        ("subject", found.subject),
        ("organisation", found.organisation),
        ("at", found.at.isoformat()),
        ("index", place),
        ("leaf hash", found.leaf_hash.hex()),
    ):
        click.echo(f"{name:>13}  {value}")
    click.echo(json.dumps(found.payload, ensure_ascii=False, indent=2))


@ledger.command()
@click.argument("entry")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the evidence here.")
@_as_json
def prove(entry: str, out: Path | None, *, as_json: bool) -> None:
    """Evidence that ENTRY is in the log, to be checked anywhere with `hutong ledger check`."""
    evidence = api.evidence(_entry_id(entry))
    if out is None:
        _print(evidence)
        return
    out.write_text(json.dumps(evidence, ensure_ascii=False, indent=1) + "\n", "utf8")
    said = {"file": str(out), "index": evidence["index"], "size": evidence["size"]}
    if as_json:
        _print(said)
    else:
        click.echo(f"{out}: {said['index']} / {said['size']}")


@ledger.group()
def keys() -> None:
    """Keys of organisations: what is written in their name is signed."""


@keys.command("list")
@click.argument("organisation", default="")
@_as_json
def list_keys(organisation: str, *, as_json: bool) -> None:
    """Every key the log knows, of one ORGANISATION or of all."""
    found = api.organisation_keys(organisation) if organisation else sum(api.keyholders().values(), ())
    rows = [
        {
            "organisation": each.subject,
            "key": each.key,
            "hosted": each.hosted,
            "added_by": each.added_by,
            "revoked_by": each.revoked_by,
        }
        for each in found
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for each in found:
        state = f"吊销 · revoked #{each.revoked_by}" if each.revoked_by else "有效 · valid"
        click.echo(f"{each.id}  {state}  {each.subject}\n    {each.key}")


@keys.command("add")
@click.argument("organisation")
@click.option(
    "--key", default="", help="Verifier key of an organisation that signs elsewhere; none makes one here."
)
def add(organisation: str, key: str) -> None:
    """Add a key for ORGANISATION."""
    click.echo(api.add_key(organisation, key).key)


@keys.command("revoke")
@click.argument("organisation")
@click.argument("key_id")
@click.option("--reason", required=True)
def revoke(organisation: str, key_id: str, reason: str) -> None:
    """From now on nothing signed by this key counts."""
    click.echo(api.revoke_key(organisation, key_id, reason).urn)


@ledger.command()
@click.argument("subject", default="")
@click.option("--by", default="", help="Only what this organisation or consumer did.")
@click.option("--skip", default=0, type=click.IntRange(0), help="Leave out the earliest.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the evidence here.")
def about(subject: str, by: str, skip: int, out: Path | None) -> None:
    """Evidence of all there is about SUBJECT, and that nothing is left out."""
    lines = api.evidence_lines(subject, by=by, skip=skip)
    if out is None:
        for each in lines:
            click.echo(each, nl=False)
        return
    with out.open("w", encoding="utf8") as file:
        file.writelines(lines)
    state = api.label_state(subject, by=by)
    click.echo(f"{out}: {max(0, state.count - skip)} / {state.size}")


def _entry_id(text: str) -> int:
    number = Urn.parse(text).local if text.startswith("urn:") else text
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NoEntry(what=text)
    return int(number)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "urn": entry.urn,
        "kind": entry.kind,
        "subject": entry.subject,
        "organisation": entry.organisation,
        "at": entry.at.isoformat(),
        "index": entry.index,
        "leaf_hash": entry.leaf_hash.hex(),
        "payload": entry.payload,
        "leaf": entry.leaf.decode(),
    }


def _tell(report: VerifyReport) -> None:
    counts = ", ".join(f"{name} {count:,}" for name, count in sorted(report.checked.items()))
    if report.ok:
        click.secho(f"✓ {report.size:,}  {report.root.hex()}", fg="green")
    for fault in report.faults[:50]:
        click.secho(f"✗ {fault.place}", fg="red")
        click.echo(f"    {fault.what.zh} · {fault.what.en}")
    if len(report.faults) > 50:
        click.echo(f"  … +{len(report.faults) - 50}")
    click.echo(f"  {counts}")


def _print(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
