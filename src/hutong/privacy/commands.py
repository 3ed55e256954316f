"""`hutong private`: joint computation with another organisation, and what is left of budgets."""

import json
from pathlib import Path

import click

from hutong.accounts.api import actor_named
from hutong.privacy import asking, joint

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def private() -> None:
    """Usable, not visible."""


@private.command()
@click.argument("contract")
@click.argument("file", type=_FILE)
@click.option("--as", "person", required=True, help="Who runs it.")
@click.option("--for", "organisation", required=True, help="The party of the contract that runs this side.")
@click.option("--key", required=True, help="The column both have.")
@click.option(
    "--value", default="", help="Provider: the values to sum; consumer: 0 or 1 for the rows it chooses."
)
@click.option("--provider", required=True, help="Address of the provider's side, host:port.")
@click.option("--consumer", required=True, help="Address of the consumer's side, host:port.")
@click.option("--tls", nargs=3, type=_FILE, help="Certificate, key and authority; required between machines.")
@click.option(
    "--seconds", default=600, type=click.IntRange(10, joint.MOST_SECONDS), help="How long it may take."
)
def match(  # noqa: PLR0917 - click calls it by name
    contract: str, file: Path, person: str, organisation: str, key: str, value: str, provider: str, consumer: str,
    tls: tuple[Path, Path, Path] | None, seconds: int,
) -> None:  # fmt: skip
    """What is common to FILE and the other side's, and the sum over the rows that were chosen."""
    asked = joint.Match(contract, file, key, (provider, consumer), value, tls or None, seconds)
    click.echo(json.dumps(joint.match(actor_named(person), organisation, asked)))


@private.command()
@click.argument("dataset")
@click.argument("consumer")
def budget(dataset: str, consumer: str) -> None:
    """What CONSUMER has left of DATASET's budget."""
    found = asking.budget(dataset, consumer)
    told = {"granted": found.granted, "spent": found.spent, "left": found.left, "ever": found.ever}
    click.echo(
        json.dumps({name: str(each) for name, each in told.items()} | {"renews": found.renews.isoformat()})
    )
