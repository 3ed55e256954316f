"""The reference pages, made from what the code declares: ``python -m hutong.project.reference`` writes them.

A test fails when a committed page no longer says what the code does.
"""

import pkgutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import click
import django

import hutong

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"


def settings() -> Iterator[str]:
    """Every setting, those of modules that are imported only when needed included."""
    from hutong.kernel.settings import declared  # noqa: PLC0415 - after django.setup()

    for module in pkgutil.walk_packages(hutong.__path__, "hutong."):
        if not {"migrations", "wsgi", "__main__"} & set(module.name.split(".")):
            import_module(module.name)

    yield "# Settings\n"
    yield "From the environment, else from `hutong.toml` in the home folder, else the default.\n"
    yield "| setting | kind | default | what it does | 说明 |"
    yield "|---|---|---|---|---|"
    for each in declared():
        default = "" if each.default is None else f"`{each.default}`"
        secret = " (secret)" if each.secret else ""
        yield f"| `{each.name}` | {each.kind}{secret} | {default} | {each.doc.en} | {each.doc.zh} |"


def events() -> Iterator[str]:
    """Every event."""
    from hutong.kernel.events import declared  # noqa: PLC0415 - after django.setup()

    yield "# Events\n"
    yield "Written to the outbox in the transaction of the change, delivered at least once.\n"
    yield "| event | what happened | handled by |"
    yield "|---|---|---|"
    for each in declared():
        if not each.name.startswith("test."):
            doc = " ".join(each.doc.split())
            yield f"| `{each.name}` | {doc} | {', '.join(f'`{name}`' for name in each.handlers)} |"


def commands() -> Iterator[str]:
    """Every verb of the command."""
    from hutong.project.cli import hutong as command  # noqa: PLC0415 - after django.setup()

    yield "# The `hutong` command\n"
    yield "Exit codes: 0 ok, 1 failed, 2 wrong usage. `--json` wherever a program may read the answer.\n"
    context = click.Context(command, info_name="hutong")
    yield from _verb(command, context)


def _verb(command: click.Command, parent: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name in command.list_commands(parent):
            found = command.get_command(parent, name)
            if found is not None and not found.hidden:
                yield from _verb(found, click.Context(found, info_name=name, parent=parent))
        return
    arguments = " ".join(command.collect_usage_pieces(parent))
    yield f"## `{parent.command_path}`\n"
    yield f"`{parent.command_path} {arguments}`\n"
    yield f"{(command.help or '').strip()}\n"
    for parameter in command.params:
        record = parameter.get_help_record(parent) if isinstance(parameter, click.Option) else None
        if record and record[0] != "--help":
            yield f"- `{record[0]}` {record[1]}".rstrip()
    yield ""


PAGES: dict[str, Callable[[], Iterator[str]]] = {"settings": settings, "events": events, "commands": commands}


def page(name: str) -> str:
    """The text of one reference page."""
    return "\n".join(PAGES[name]()).rstrip() + "\n"


def main() -> None:
    django.setup()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (FOLDER / f"{name}.md").write_text(page(name), "utf8")
        sys.stdout.write(f"docs/reference/{name}.md\n")


if __name__ == "__main__":
    main()
