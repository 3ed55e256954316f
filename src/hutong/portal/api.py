"""The door of the portal for those above it: whether something is open, how it is used, what the public wrote."""

from hutong.accounts.api import Actor
from hutong.portal import letters, opened
from hutong.portal.errors import NotOpen
from hutong.portal.keys import live as live_keys
from hutong.portal.letters import send
from hutong.portal.models import Letter
from hutong.portal.usage import daily as daily_usage
from hutong.portal.usage import of as usage

__all__ = ["answer", "daily_usage", "is_open", "letters_so_far", "live_keys", "send_letter", "usage"]


def is_open(dataset: str) -> bool:
    """Whether everyone may read the dataset's rows now."""
    try:
        return not opened.of(opened.entry(dataset)).people
    except NotOpen:
        return False


def send_letter(kind: str, title: str, text: str, dataset: str = "") -> int:
    """Write to the portal as the public does; returns the letter's number."""
    return int(send(kind, title, text, dataset).pk)


def answer(actor: Actor, number: int, text: str, *, show: bool = True) -> None:
    """Let a letter through with an answer, or refuse it; raises ``Refused`` or ``NotOpen``."""
    letters.answer(actor, number, text, show=show)


def letters_so_far() -> int:
    """How many letters there are, whatever became of them."""
    return Letter.objects.count()
