"""`hutong market`: the shelf, calls and keys from the command line of the machine."""

import json
import sys
from typing import Any

import click

from hutong.accounts.api import Role, actor_named, system
from hutong.kernel.text import Text
from hutong.market import calling, shelf, subscriptions, training, usage
from hutong.market.types import Asked, Holder, Training


@click.group()
def market() -> None:
    """Modules of the supermarket: list, call, keys, train, models, use."""


@market.command("list")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def show(*, as_json: bool) -> None:
    """What is on the shelf, with its measured accuracy."""
    found = shelf.modules().values()
    if as_json:
        rows = [
            {"id": each.id, "version": each.manifest.version, "title": each.title.as_dict(), "owner": each.offer.owner,
             "accuracy": [one.model_dump(mode="json") for one in each.manifest.accuracy]}
            for each in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for each in found:
        measured = "; ".join(f"{one.metric.text} {one.value:g}" for one in each.manifest.accuracy)
        click.echo(f"{each.id:16} {each.manifest.version}  {each.title}  {measured}")


@market.command("call")
@click.argument("module")
@click.argument("source", type=click.File("rb"), default="-")
@click.option("--sample", type=click.IntRange(1, 9), help="Use the module's sample of this number instead.")
@click.option("--key", envvar="HUTONG_MARKET_KEY", default="", help="Count it for this key's subscription.")
def call(module: str, source: Any, sample: int | None, key: str) -> None:
    """Call MODULE with the JSON of a file or of the standard input."""
    found = shelf.module(module)
    if sample:
        if sample > len(found.manifest.samples):
            raise click.BadParameter(f"there are {len(found.manifest.samples)}", param_hint="--sample")
        body = json.dumps(found.manifest.samples[sample - 1].input).encode()
    else:
        body = source.read(found.manifest.limits.bytes + 1)
    try:
        given = json.loads(body)
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="SOURCE") from error
    machine = Holder("try:system", module, calling.TRY_DAY, calling.TRY_MONTH)
    who = subscriptions.holder_of_key(key, module) if key else machine
    answer = calling.call(found, who, given, len(body))
    json.dump(answer.output, sys.stdout, ensure_ascii=False, indent=1)
    click.echo()


@market.command("keys")
@click.argument("subscription", required=False)
@click.option("--new", "person", metavar="PERSON", help="Make a key in the name of that person (URN).")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def keys(subscription: str | None, person: str | None, *, as_json: bool) -> None:
    """Subscriptions and what they used; with SUBSCRIPTION its keys."""
    if subscription is None:
        rows = [
            {"id": each.id, "module": each.module, "organisation": each.organisation, "state": each.state.value,
             "items": sum(items for _day, items, _bad in usage.by_day([subscriptions.holder_of(each).name]))}
            for each in subscriptions.of_modules(list(shelf.modules()))
        ]  # fmt: skip
    elif person:
        click.echo(subscriptions.make_key(actor_named(person), subscription))
        return
    else:
        rows = [
            {name: str(value) if value else "" for name, value in each.items()}
            for each in subscriptions.keys(subscription)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values()))


@market.command("train")
@click.argument("module")
@click.argument("table")
@click.option("--text", required=True, help="The column of what people wrote.")
@click.option("--label", required=True, help="The column of the category or department.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--later", is_flag=True, help="Leave the work to the server's jobs instead of doing it here.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def train(module: str, table: str, text: str, label: str, seed: int, *, later: bool, as_json: bool) -> None:
    """Train MODULE on the handled cases of TABLE, a table of the lake."""
    begin = training.ask if later else training.train_here
    made = begin(system(Role.DATA_OFFICE), module, Asked(table, text, label, seed))
    _print_models([made], as_json=as_json)
    if made.error:
        raise click.ClickException(str(Text(**made.error["message"])))


@market.command("models")
@click.argument("module")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def models(module: str, *, as_json: bool) -> None:
    """The models that MODULE learnt, with their figures on cases they had not seen."""
    shelf.module(module)
    _print_models(training.trainings(module), as_json=as_json)


@market.command("use")
@click.argument("module")
@click.argument("number", type=click.IntRange(0))
def use(module: str, number: int) -> None:
    """Let model NUMBER answer for MODULE; 0 goes back to the module as it ships."""
    found = training.use(system(Role.DATA_OFFICE), module, number)
    click.echo(f"{module} {found.number} {found.sha256}" if found else f"{module} 0")


def _print_models(found: list[Training], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {"urn": each.urn, "number": each.number, "state": each.state, "table": each.asked.table,
             "cases": each.cases, "figures": each.figures, "beside": each.beside, "sha256": each.sha256,
             "entry": each.entry}
            for each in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for each in found:
        figures = "  ".join(f"{name} {value:.4f}" for name, value in each.figures.items())
        click.echo(
            f"{each.number:3} {each.state:8} {each.asked.table}  {each.cases}  {figures}  {each.sha256[:12]}"
        )
