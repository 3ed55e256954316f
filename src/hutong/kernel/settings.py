"""Settings are declared once, here or in the capability that reads them, and documented from that.

A value comes from the environment, else from ``hutong.toml`` in the home folder, else from the default.
"""

import os
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from hutong.kernel.errors import Invalid, Place
from hutong.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing an administrator may set.

    ``kind`` is str, int, float, bool or path; ``secret`` values are never shown or logged.
    """

    name: str
    default: str | float | bool | None
    kind: str
    doc: Text
    secret: bool = False


class BadSetting(Invalid):
    """A setting has a value that cannot be read."""

    code = "kernel.bad-setting"
    message = Text(
        zh="设置 {name} 的值无法读取，应为 {kind}", en="The setting {name} cannot be read as {kind}"
    )
    fix = Text(
        zh="改正环境变量或 hutong.toml 中的 {name}", en="mend {name} in the environment or in hutong.toml"
    )


_declared: dict[str, Setting] = {}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def declare(setting: Setting) -> Setting:
    """Make a setting known; declaring the same one again is harmless."""
    if _declared.setdefault(setting.name, setting) != setting:
        raise ValueError(f"{setting.name} is declared twice")
    return setting


def declared() -> list[Setting]:
    return sorted(_declared.values(), key=lambda each: each.name)


def value(name: str) -> Any:
    """The value of a declared setting, typed; raises ``BadSetting``, or ``KeyError`` for an undeclared name."""
    setting = _declared[name]
    raw = os.environ.get(name)
    if raw is None and name != "HUTONG_HOME":
        raw = _file_values(home()).get(name)
    return setting.default if raw is None else _typed(setting, raw)


def home() -> Path:
    """The folder that holds all state."""
    named = os.environ.get("HUTONG_HOME") or "var"
    return _resolved(named, "" if named.startswith("/") else str(Path.cwd()))


@lru_cache(maxsize=64)
def _resolved(named: str, beside: str) -> Path:
    """Settings are read many times in a request: the file system is asked for the folder once."""
    return (Path(beside) / named).resolve()


def demo() -> bool:
    """Whether this installation runs on synthetic data with known passwords."""
    return bool(value("HUTONG_DEMO"))


@cache
def _file_values(folder: Path) -> dict[str, Any]:
    file = folder / "hutong.toml"
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text("utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(place=Place(file=str(file)), name="hutong.toml", kind="TOML") from error


def _typed(setting: Setting, raw: Any) -> Any:
    text = str(raw).strip()
    try:
        match setting.kind:
            case "bool" if text.lower() in _TRUE | _FALSE:
                return text.lower() in _TRUE
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "path":
                return Path(text).expanduser()
            case "str":
                return text
    except ValueError as error:
        raise BadSetting(name=setting.name, kind=setting.kind) from error
    raise BadSetting(name=setting.name, kind=setting.kind)


declare(
    Setting(
        "HUTONG_HOME",
        "var",
        "path",
        Text(
            zh="存放全部状态的文件夹；删除即重置",
            en="The folder that holds all state; deleting it resets everything",
        ),
    )
)
declare(
    Setting(
        "HUTONG_DATABASE_URL",
        None,
        "str",
        Text(
            zh="PostgreSQL 地址（postgresql://…）；不设则用主文件夹中的 SQLite",
            en="Address of a PostgreSQL database (postgresql://…); SQLite in the home folder when unset",
        ),
        secret=True,
    )
)
declare(
    Setting(
        "HUTONG_DEMO",
        False,
        "bool",
        Text(
            zh="演示模式：人工合成数据与演示账号，只在本机可用",
            en="Demo mode: synthetic data and demo accounts, reachable from this machine only",
        ),
    )
)
declare(
    Setting(
        "HUTONG_PACK",
        "beijing-dongcheng",
        "str",
        Text(zh="本安装所用的区包", en="The district pack of this installation"),
    )
)
declare(
    Setting(
        "HUTONG_HOSTS",
        "127.0.0.1,localhost,[::1]",
        "str",
        Text(zh="允许访问的主机名，逗号分隔", en="Host names the server answers to, separated by commas"),
    )
)
declare(
    Setting(
        "HUTONG_HTTPS",
        False,
        "bool",
        Text(
            zh="经 HTTPS 访问：Cookie 只走加密连接，并发送 HSTS",
            en="Served over HTTPS: cookies travel encrypted only and HSTS is sent",
        ),
    )
)
