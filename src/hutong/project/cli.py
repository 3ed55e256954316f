"""The `hutong` command. Its verbs live with their capabilities and are imported when they are asked for."""

import json
import os
import sys
from importlib import import_module

import click
import django

from hutong import __version__
from hutong.kernel.errors import HutongError

VERBS = {
    "init": "hutong.project.commands:init",
    "up": "hutong.project.server:up",
    "work": "hutong.project.commands:work",
    "doctor": "hutong.project.commands:doctor",
    "settings": "hutong.project.commands:show_settings",
    "tidy": "hutong.project.commands:tidy",
    "backup": "hutong.project.backup:backup",
    "restore": "hutong.project.backup:restore",
    "demo": "hutong.demo.commands:demo",
    "pack": "hutong.packs.commands:pack",
    "people": "hutong.accounts.commands:people",
    "ledger": "hutong.ledger.commands:ledger",
    "witness": "hutong.ledger.witness.commands:witness",
    "lake": "hutong.lake.commands:lake",
    "catalog": "hutong.catalog.commands:catalog",
    "dock": "hutong.docking.commands:dock",
    "open": "hutong.portal.commands:open_portal",
    "exchange": "hutong.exchange.commands:exchange",
    "private": "hutong.privacy.commands:private",
    "market": "hutong.market.commands:market",
    "posture": "hutong.posture.commands:posture",
    "indicators": "hutong.indicators.commands:indicators",
    "plan": "hutong.indicators.commands:plan",
}
SUMMARIES = {
    "init": "Make the home, its keys and tables, and apply the district pack.",
    "up": "Serve the pages and do the durable work.",
    "work": "Do the durable work only.",
    "doctor": "Say what is wrong and how to mend it.",
    "settings": "Show every setting, its value and what it does.",
    "tidy": "Take away what has served its time.",
    "backup": "Write all state to one file.",
    "restore": "Bring back the state of a backup.",
    "demo": "Generate and load the synthetic demo district.",
    "pack": "Check, show and apply packs.",
    "people": "Add people and give them roles.",
    "ledger": "Show, prove and verify the log.",
    "witness": "Cosign logs as an independent witness.",
    "lake": "Load tables and ask them.",
    "catalog": "Search and check the catalog.",
    "dock": "Exchange the catalog with another instance.",
    "open": "Publish editions, make keys, search what is open.",
    "exchange": "Show requests, contracts and their use.",
    "private": "Match with another organisation, see budgets.",
    "market": "Modules of the supermarket: list, call, keys.",
    "posture": "Risk, alerts and findings; check exports of the audit trail.",
    "indicators": "Compute indicators and show where they come from.",
    "plan": "Read plan documents and follow plans.",
}

LIGHT = {"up", "witness"}  # run as long as the system does and need no application of their own


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        place = VERBS.get(cmd_name)
        if place is None:
            return None
        if sys.argv[1:3] == ["ledger", "check"]:  # evidence is checked where there is no home
            place = "hutong.ledger.checking:ledger"
        elif cmd_name not in LIGHT:
            django.setup()
        module, _, name = place.partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Verbs"):
            formatter.write_dl([(name, SUMMARIES[name]) for name in VERBS])


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def hutong() -> None:
    """Hutong 胡同: a city district's digital foundation."""


def main() -> None:
    """Run the command; exit 0 ok, 1 failed, 2 wrong usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.project.settings")
    try:
        hutong(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2 if isinstance(error, click.UsageError) else 1)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except HutongError as error:
        _tell(error)
        sys.exit(1)
    except Exception as error:
        unready = _unready(error)
        if unready is None:
            raise
        _tell(unready)
        sys.exit(1)


def _unready(error: Exception) -> HutongError | None:
    """What to say of a database error when the tables are of another version, or are not there yet."""
    if type(error).__module__ != "django.db.utils":  # without loading it: some verbs need no database
        return None
    from hutong.project.checks import tables  # noqa: PLC0415 - as above
    from hutong.project.errors import NotReady  # noqa: PLC0415 - as above

    found = tables()
    return None if found.ok else NotReady(zh=found.what.zh, en=found.what.en)


def _tell(error: HutongError) -> None:
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": error.as_dict()}, ensure_ascii=False))
        return
    place = f" ({error.place})" if error.place else ""
    click.secho(f"{error.code}{place}", fg="red", err=True)
    for text in (error.said, error.mend):
        for line in dict.fromkeys((text.zh, text.en)):
            if line:
                click.echo(f"  {line}", err=True)


if __name__ == "__main__":
    main()
