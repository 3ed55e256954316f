"""What crosses the border of the design system."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from hutong.kernel.text import Text

Label = str | Text | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the top navigation; hidden from those who may not do ``action`` (empty: open to all).

    ``also`` are other paths whose pages belong to it.
    """

    key: str
    url: str
    label: Label
    action: str = ""
    order: int = 100
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page; the last one has no ``url``."""

    label: Label
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shout:
    """Something so wrong that it stands above every page until it is settled; ``url`` is where to look."""

    text: Label
    url: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever looks at the page, as the account menu shows them."""

    name: str = ""
    organisation: str = ""
    is_authenticated: bool = False
    account_url: str = "/account"
    sign_in_url: str = "/account/login"
    sign_out_url: str = "/account/logout"


@dataclass(frozen=True, slots=True)
class Chrome:
    """All that the page frame shows around a page's own content."""

    product: str
    district: str
    entries: tuple[Entry, ...]
    current: str
    viewer: Viewer
    language: str
    theme: str
    wall: bool
    demo: bool
    version: str
    log_size: int | None
    path: str
    shouts: tuple[Shout, ...] = ()

    def as_context(self) -> dict[str, Any]:
        return {"chrome": self}
