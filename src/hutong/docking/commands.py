"""`hutong dock`: exchange the catalog with another instance."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from hutong.docking import exchange, peers, proving
from hutong.docking.errors import BadMessage
from hutong.docking.types import Moved
from hutong.ledger import api as ledger


@click.group()
def dock() -> None:
    """Exchange the catalog with the city's or a district's."""


@dock.command()
def key() -> None:
    """What the other side writes into its peers.toml about this instance."""
    own = peers.known()
    keys = [each for each in ledger.organisation_keys(own.organisation) if each.revoked_by is None]
    made = keys[-1] if keys else ledger.add_key(own.organisation)
    click.echo(f'organisation = "{made.subject}"\nkey = "{made.key}"\nlog = "{ledger.verifier_key()}"')


@dock.command()
@click.argument("peer")
def trust(peer: str) -> None:
    """Tell our log the key that PEER signs with."""
    click.echo(exchange.trust(peer))


@dock.command()
@click.argument("peer")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def push(peer: str, *, as_json: bool) -> None:
    """Send PEER what changed here."""
    _show(exchange.push(peer), as_json=as_json)


@dock.command()
@click.argument("peer")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def pull(peer: str, *, as_json: bool) -> None:
    """Fetch what changed at PEER."""
    _show(exchange.pull(peer), as_json=as_json)


@dock.command()
@click.argument("peer")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def report(peer: str, *, as_json: bool) -> None:
    """How the two catalogs differ; exit 1 when they do."""
    found = exchange.report(peer)
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        for name, urns in (("<", found.only_here), (">", found.only_there), ("≠", found.differ)):
            for each in urns:
                click.echo(f"{name} {each}")
        click.echo(f"{found.here} / {found.there}; {found.requests} requests, {found.bytes} bytes", err=True)
    if not found.same:
        sys.exit(1)


@dock.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", default="", help="The verifier key of the other log that you trust.")
def check(file: Path, key: str) -> None:
    """Verify the FILE of an entry that came from another catalog; exit 1 when it does not hold."""
    try:
        given = json.loads(file.read_bytes())
    except ValueError as error:
        raise BadMessage(reason=str(error)) from error
    found = proving.check(given, key)
    head = f"{found.checkpoint.origin}: {found.index} / {found.checkpoint.size}"
    click.secho(f"✓ {head}, {', '.join(found.signers)}", fg="green")


def _show(moved: Moved, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(moved)))
        return
    click.echo(" ".join(f"{name}={count}" for name, count in asdict(moved).items()))
