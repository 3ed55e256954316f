"""Requests and feedback of the public: taken in at a bounded rate, shown once let through, answered in public."""

from typing import Final

from hutong.accounts.api import Actor, Target, allow, may
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.errors import Place
from hutong.kernel.personal import holds_number
from hutong.kernel.urn import Urn
from hutong.portal import opened, terms
from hutong.portal.errors import BadAnswer, BadLetter, NotOpen, TooManyLetters
from hutong.portal.models import Letter

MOST: Final = 2_000
_WAITING: Final = 500  # letters that wait to be read; then the box is full
_TITLE: Final = 120


def send(kind: str, title: str, text: str, dataset: str = "") -> Letter:
    """Take a letter in; it waits until somebody lets it through. Raises ``BadLetter`` or ``TooManyLetters``."""
    title, text = title.strip(), text.strip()
    if kind not in Letter.Kind.values:
        raise _bad("kind", "种类不明", "of no known kind")
    if not 2 <= len(title) <= _TITLE or "\x00" in title:
        raise _bad("title", f"标题 2–{_TITLE} 字", f"the subject has 2 to {_TITLE} characters")
    if not 5 <= len(text) <= MOST or "\x00" in text:
        raise _bad("text", f"正文 5–{MOST} 字", f"the text has 5 to {MOST} characters")
    for key, written in (("title", title), ("text", text)):
        if holds_number(written):
            zh = "含有手机号码或身份证号；来信会公开，请删去"
            raise _bad(key, zh, "it holds a telephone or identity number, and letters are shown to everyone")
    organisation = opened.entry(dataset).organisation if dataset else ""
    with atomic():
        if Letter.objects.filter(state=Letter.State.WAITING).count() >= _WAITING:
            raise TooManyLetters
        row = Letter.objects.create(
            kind=kind, title=title, text=text, dataset=dataset, organisation=organisation
        )
        audit.record("portal.ask", urn(row), kind=kind, dataset=dataset)
    return row


def answer(actor: Actor, number: int, text: str, *, show: bool) -> Letter:
    """Answer a letter and let it through, or refuse it; raises ``NotOpen``, ``Refused`` or ``BadAnswer``.

    What is let through is shown to everyone: it has an answer, and no personal number in any of its texts.
    """
    text = text.strip()
    with atomic():
        row = Letter.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise NotOpen(name=str(number))
        allow(actor, "portal.answer", Target(row.organisation, kind="letter"))
        if show:
            _may_be_shown(row, text)
        row.state = Letter.State.SHOWN if show else Letter.State.REFUSED
        row.answer, row.answered_by, row.answered_at = text, actor.urn, clock.now()
        row.save()
        audit.record("portal.answer", urn(row), state=row.state)
    return row


def shown(dataset: str = "", limit: int = 50) -> list[Letter]:
    """Letters that were let through, about what is still open."""
    found = Letter.objects.filter(state=Letter.State.SHOWN)
    if dataset:
        return list(found.filter(dataset=dataset)[:limit])
    known = {each.id for each in opened.entries()} | {""}
    return [each for each in found[: limit * 2] if each.dataset in known][:limit]


def waiting(actor: Actor, limit: int = 200) -> list[Letter]:
    """Letters that the actor may answer."""
    found = Letter.objects.filter(state=Letter.State.WAITING)[:limit]
    return [each for each in found if may(actor, "portal.answer", Target(each.organisation, kind="letter"))]


def _may_be_shown(row: Letter, text: str) -> None:
    """Raises ``BadAnswer``: what is let through has an answer and no personal number, also in a letter of old."""
    if not 2 <= len(text) <= MOST or "\x00" in text:
        raise BadAnswer(
            place=Place(key="answer"),
            reason_zh=f"答复 2–{MOST} 字",
            reason_en=f"it has 2 to {MOST} characters",
        )
    if holds_number(text):
        zh, en = (
            "含有手机号码或身份证号，答复会公开",
            "it holds a telephone or identity number, and everyone sees it",
        )
        raise BadAnswer(place=Place(key="answer"), reason_zh=zh, reason_en=en)
    if holds_number(row.title) or holds_number(row.text):
        zh = "来信含有手机号码或身份证号，不可公开"
        raise BadAnswer(reason_zh=zh, reason_en="the letter holds a telephone or identity number")


def _bad(key: str, zh: str, en: str) -> BadLetter:
    return BadLetter(place=Place(key=key), reason_zh=zh, reason_en=en)


def urn(row: Letter) -> str:
    return str(Urn(terms.scope(), "letter", str(row.pk)))
