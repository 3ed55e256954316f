"""Databases that the administrator has named, so that people load from them without knowing where they are.

The file holds addresses with passwords: it belongs to the server's user alone and is never shown, and a job's
arguments name a database, not its address. ::

    [registry]
    title = "市场主体登记库"
    organisation = "market-bureau"     # whose stewards may read it; without: the data office alone
    address = "postgresql://reader:…@db.example/registry"
"""

import stat
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from hutong.accounts.types import Target
from hutong.kernel.errors import Place
from hutong.kernel.settings import Setting, declare, home, value
from hutong.kernel.text import Text
from hutong.lake.errors import BadDatabases, NoSuchDatabase

_FILE = "databases.toml"
_KEYS = {"title", "organisation", "address"}

declare(
    Setting(
        "HUTONG_LAKE_DATABASES",
        "",
        "str",
        Text(
            zh="页面上可装载的业务库清单（TOML 文件）；空则取主目录下的 databases.toml",
            en="The file (TOML) of databases that can be loaded from on the page; empty: databases.toml in the home",
        ),
    )
)


class Database(NamedTuple):
    """A database by its name; ``address`` is a SQLAlchemy URL and a secret."""

    name: str
    title: str
    organisation: str
    address: str

    @property
    def target(self) -> Target:
        """As the policy sees it: whoever loads its organisation's tables may read it."""
        return Target(self.organisation, "general", "database")


def known() -> tuple[Database, ...]:
    """All that are named, none where there is no file; raises ``BadDatabases``."""
    file = Path(str(value("HUTONG_LAKE_DATABASES")) or home() / _FILE)
    if not file.is_file():
        return ()
    place = Place(file=file.name)
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadDatabases(place=place, reason=f"chmod 600 {file.name}")
    try:
        written = tomllib.loads(file.read_text("utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadDatabases(place=place, reason=str(error)) from error
    return tuple(_read(name, body, file.name) for name, body in sorted(written.items()))


def named(name: str) -> Database:
    """The database of that name; raises ``NoSuchDatabase`` or ``BadDatabases``."""
    for each in known():
        if each.name == name:
            return each
    raise NoSuchDatabase(name=name[:80])


def _read(name: str, body: Any, file: str) -> Database:
    place = Place(file=file, key=name)
    if not isinstance(body, dict) or not body.get("address"):
        raise BadDatabases(place=place, reason=f"[{name}] address = …")
    if unknown := sorted(body.keys() - _KEYS):
        raise BadDatabases(place=place, reason=f"[{name}] {', '.join(unknown)}?")
    return Database(
        name, str(body.get("title", name)), str(body.get("organisation", "")), str(body["address"])
    )
