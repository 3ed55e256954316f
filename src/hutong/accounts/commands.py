"""``hutong people``: the first administrator, and everything that must work when no page does."""

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from hutong.accounts import people as directory
from hutong.accounts.types import PersonRef, Role
from hutong.kernel import audit
from hutong.kernel.text import Text

ROLES = click.Choice([each.value for each in Role if each is not Role.PUBLIC])
_json = click.option("--json", "as_json", is_flag=True, help="For a program.")


@click.group()
def people() -> None:
    """Add people, give them roles, lock and unlock them."""


@people.command()
@click.argument("login")
@click.argument("name")
@click.option("--role", type=ROLES, required=True)
@click.option("--organisation", default="", help="Id of their organisation in the pack.")
@click.option("--english", default="", help="Their name in English.")
@_json
def add(login: str, name: str, role: str, organisation: str, english: str, *, as_json: bool) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    password = _password()
    with _acting():
        _show([directory.add(login, Text(name, english), role, organisation, password)], as_json=as_json)


@people.command()
@click.argument("login")
@click.argument("role", type=ROLES)
@click.option("--organisation", default="", help="Id of the organisation it covers, with all below it.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The last day.")
@click.option("--end", is_flag=True, help="End the role instead of giving it.")
@_json
def role(
    login: str, role: str, organisation: str, until: datetime | None, *, end: bool, as_json: bool
) -> None:
    """Give a role, or end it with --end."""
    with _acting():
        if end:
            found = directory.revoke(login, role, organisation)
        else:
            found = directory.grant(login, role, organisation, until.date() if until else None)
    _show([found], as_json=as_json)


@people.command()
@click.argument("login")
@click.option("--reason", default="", help="Kept on the audit trail.")
@_json
def lock(login: str, reason: str, *, as_json: bool) -> None:
    """Let them in no more; their sessions end at once."""
    with _acting():
        _show([directory.lock(login, reason)], as_json=as_json)


@people.command()
@click.argument("login")
@_json
def unlock(login: str, *, as_json: bool) -> None:
    """Let them in again, and forget failed attempts."""
    with _acting():
        _show([directory.unlock(login)], as_json=as_json)


@people.command()
@click.argument("login")
def password(login: str) -> None:
    """Set a new password, to be changed at the next sign-in."""
    given = _password()
    with _acting():
        directory.reset_password(login, given)
    click.echo("ok")


@people.command("list")
@click.option("--role", "wanted", type=ROLES, default=None)
@click.option("--search", default="", help="In login names and names.")
@_json
def list_people(wanted: str | None, search: str, *, as_json: bool) -> None:
    """List people, their roles and whether they may sign in."""
    _show(directory.listed(search, wanted or ""), as_json=as_json)


def _password() -> str:
    """Never an argument: those are seen by every process of the machine."""
    if sys.stdin.isatty():
        return str(click.prompt("Password 密码", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


@contextmanager
def _acting() -> Iterator[None]:
    with audit.acting(audit.Origin(actor=f"command:{getpass.getuser()}")):
        yield


def _show(found: list[PersonRef], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_plain(each) for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        state = "" if each.active else "  locked 已锁定"
        roles = ", ".join(sorted(each.roles)) or "–"
        click.echo(f"{each.login:<20} {each.name.zh}  {each.organisation or '–'}  {roles}{state}")


def _plain(each: PersonRef) -> dict[str, Any]:
    return {
        "login": each.login,
        "urn": each.urn,
        "name": each.name.as_dict(),
        "organisation": each.organisation,
        "roles": sorted(each.roles),
        "active": each.active,
        "demo": each.demo,
    }
