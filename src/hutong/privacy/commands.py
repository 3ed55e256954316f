"""`hutong private`: joint computation with another organisation, and what is left of budgets."""

import json
from pathlib import Path

import click

from hutong.accounts.api import actor_named
from hutong.privacy import asking, certificates, joint, reading, runs

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def private() -> None:
    """Usable, not visible."""


@private.command()
@click.argument("contract")
@click.argument("run")
@click.argument("file", type=_FILE)
@click.option("--as", "person", required=True, help="Who runs it.")
@click.option("--for", "organisation", required=True, help="The party of the contract that runs this side.")
@click.option("--key", required=True, help="The column both have.")
@click.option("--sum", "column", default="", help="The dataset's column to sum; the same on both sides.")
@click.option(
    "--value", default="", help="Provider: the values to sum; consumer: 0 or 1 for the rows it chooses."
)
@click.option("--epsilon", default="0.1", help="What a sum spends of the budget; the same on both sides.")
@click.option("--purpose", default="", help="One of the contract's; its first unless said.")
@click.option("--provider", required=True, help="Address of the provider's side, host:port.")
@click.option("--consumer", required=True, help="Address of the consumer's side, host:port.")
@click.option("--tls", nargs=3, type=_FILE, help="Certificate, key and authority; required between machines.")
@click.option(
    "--seconds", default=600, type=click.IntRange(10, joint.MOST_SECONDS), help="How long it may take."
)
@click.option("--wait", default=120, type=click.IntRange(1, joint.MOST_SECONDS), help="For the other side.")
def match(  # noqa: PLR0917 - click calls it by name
    contract: str, run: str, file: Path, person: str, organisation: str, key: str, column: str, value: str,
    epsilon: str, purpose: str, provider: str, consumer: str, tls: tuple[Path, Path, Path] | None, seconds: int,
    wait: int,
) -> None:  # fmt: skip
    """What is common to FILE and the other side's, and the sum over the rows that were chosen. Both run it at once,
    under the same name RUN; the same run with the same FILE is told again for nothing.
    """
    asked = joint.Match(
        contract, run, file, key, (provider, consumer), value, column, reading.decimal(epsilon), purpose, tls or None,
        seconds, min(wait, seconds),
    )  # fmt: skip
    click.echo(
        json.dumps(runs.plain(joint.match(actor_named(person), organisation, asked)), ensure_ascii=False)
    )


@private.command()
@click.option("--contract", default="", help="Of one contract alone.")
def matches(contract: str) -> None:
    """Runs of joint computation on record here, newest first: one JSON object a line."""
    for each in runs.listed(contract=contract, limit=1000):
        click.echo(json.dumps(runs.plain(each), ensure_ascii=False))


@private.command()
@click.argument("dataset")
@click.argument("consumer")
def budget(dataset: str, consumer: str) -> None:
    """What CONSUMER has left of DATASET's budget."""
    found = asking.budget(dataset, consumer)
    told = {"granted": found.granted, "spent": found.spent, "left": found.left, "ever": found.ever}
    counted = {"renews": found.renews.isoformat(), "matches": found.matches, "matched": found.matched}
    click.echo(json.dumps({name: str(each) for name, each in told.items()} | counted))


@private.command()
@click.argument("host")
def certificate(host: str) -> None:
    """Make this installation's certificate for joint runs; HOST is its name or address. Send the file to the other
    side, and read the fingerprint to it by telephone.
    """
    _show(certificates.make(host))


@private.command()
@click.argument("file", type=_FILE)
def trust(file: Path) -> None:
    """Take in the other side's certificate from FILE, once its fingerprint was compared."""
    _show(certificates.trust(file))


def _show(made: certificates.Certificate) -> None:
    told = {
        "file": str(made.path),
        "host": made.name,
        "sha256": made.fingerprint,
        "until": made.until.isoformat(),
    }
    click.echo(json.dumps(told, ensure_ascii=False))
