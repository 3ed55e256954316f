"""The top navigation: capabilities declare their entries, readers see those they may open."""

from collections.abc import Callable

from hutong.ui.types import Entry

_entries: dict[str, Entry] = {}


def declare(entry: Entry) -> Entry:
    """Put a place into the navigation; declaring the same one again is harmless."""
    if _entries.setdefault(entry.key, entry) != entry:
        raise ValueError(f"two navigation entries named {entry.key}")
    return entry


def entries(may: Callable[[str], bool]) -> tuple[Entry, ...]:
    """Entries in order, without those whose action ``may`` refuses."""
    shown = (each for each in _entries.values() if not each.action or may(each.action))
    return tuple(sorted(shown, key=lambda each: (each.order, each.key)))


def title(key: str) -> str:
    """What the place called ``key`` is called by its readers; the key itself where there is no such place."""
    return str(_entries[key].label) if key in _entries else key


def current(path: str) -> str:
    """The key of the entry that ``path`` lies under, or an empty string."""
    under = [
        each for each in _entries.values() if any(_is_under(path, url) for url in (each.url, *each.also))
    ]
    return max(under, key=lambda each: len(each.url)).key if under else ""


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
