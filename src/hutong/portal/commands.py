"""`hutong open`: keys of those who publish, editions, and what the index holds."""

import json

import click

from hutong.kernel.errors import Invalid


@click.group("open")
def open_portal() -> None:
    """Publish editions, make keys, search what is open."""


@open_portal.command()
@click.argument("login")
@click.option("--title", default="key", show_default=True, help="What the key is for.")
def key(login: str, title: str) -> None:
    """Make a key with which a program acts for LOGIN; it is shown once."""
    from hutong.accounts.api import actor_named  # noqa: PLC0415 - models load after the apps
    from hutong.portal import keys  # noqa: PLC0415 - as above

    actor = actor_named(login)
    if not actor.is_authenticated:
        raise Invalid(reason=login)
    click.echo(keys.make(actor.urn, title))


@open_portal.command()
@click.argument("datasets", nargs=-1)
def publish(datasets: tuple[str, ...]) -> None:
    """Make the editions and files of DATASETS, or of all that are open."""
    from hutong.portal import editions, files, index, opened  # noqa: PLC0415 - models load after the apps

    index.follow(at_once=True)
    for each in datasets or tuple(entry.id for entry in opened.entries()):
        table = opened.table(each)
        if table.snapshot is None:
            continue
        made = editions.make(table)
        count = files.make_all(table, made)
        click.echo(f"{each}  {made.rows} rows  {count} files  {made.snapshot}")


@open_portal.command()
@click.argument("words", nargs=-1)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def search(words: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Open datasets that hold every word, with the points of their metadata."""
    from hutong.portal import shelf  # noqa: PLC0415 - models load after the apps
    from hutong.portal.ckan.reading import bodies  # noqa: PLC0415 - as above

    found = shelf.search(shelf.Asked(words=" ".join(words), limit=limit))
    rows = bodies(found.ids)
    if as_json:
        listed = [
            {"name": row.name, "title": row.title, "urn": row.urn, "quality": row.quality} for row in rows
        ]
        click.echo(json.dumps({"total": found.total, "datasets": listed}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row.quality:3}  {row.name}  {row.title}")
    click.echo(f"{found.total}", err=True)
