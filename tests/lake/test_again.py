"""The same question again: what was made for it is used, and never for another one."""

from collections.abc import Callable
from typing import Any

import pytest

from hutong.lake import api
from hutong.lake.errors import QueryTooLong
from hutong.lake.store import queries
from hutong.lake.store.answers import MOST_CELLS, Answers
from hutong.lake.store.deadlines import Deadlines
from hutong.lake.store.idle import Idle
from hutong.lake.types import Condition, Lens, LoadReport, Mask, MaskKind, Op, QueryResult, Seen

Load = Callable[..., LoadReport]
SPEC = "key: [id]\ncolumns:\n  id: {type: int}\n  name: {type: text}\n"
SQL = "SELECT * FROM things ORDER BY id"
CLEAR, HIDDEN = Lens((Seen("id"), Seen("name"))), Lens((Seen("id"), Seen("name", Mask(MaskKind.CONSTANT))))


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_for_the_same_lens_and_snapshot_alone(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(SPEC, "id,name\n1,a\n2,b\n")
    asked: list[int] = []
    real = queries._answer

    def counted(*told: Any) -> QueryResult:
        asked.append(1)
        return real(*told)

    monkeypatch.setattr(queries, "_answer", counted)

    def ask(lens: Lens, **more: Any) -> tuple[tuple[Any, ...], ...]:
        return api.query(SQL, ["things"], lenses={"things": lens}, **more).rows

    assert ask(CLEAR, keep=True) == ask(CLEAR, keep=True) == ((1, "a"), (2, "b"))
    assert len(asked) == 1
    assert ask(HIDDEN, keep=True) == ((1, "•••"), (2, "•••"))
    assert ask(Lens(CLEAR.columns, (Condition("id", Op.EQ, (2,)),)), keep=True) == ((2, "b"),)
    assert ask(CLEAR, keep=True, limit=1) == ((1, "a"),)
    assert ask(CLEAR) == ((1, "a"), (2, "b"))
    assert len(asked) == 5
    load(SPEC, "id,name\n3,c\n")
    assert ask(CLEAR, keep=True) == ask(CLEAR) == ((3, "c"),)


@pytest.mark.django_db(transaction=True)
def test_a_cursor_that_waits_sees_what_it_saw(load: Load) -> None:
    load(SPEC, "id,name\n1,a\n")
    for lens, name in ((CLEAR, "a"), (HIDDEN, "•••"), (CLEAR, "a"), (HIDDEN, "•••")):
        assert api.query(SQL, ["things"], lenses={"things": lens}).rows == ((1, name),)
    assert len(queries._idle._kept) == 2
    cut = api.query("SELECT range FROM things, range(100000)", ["things"], limit=5)
    assert (len(cut.rows), cut.truncated, len(queries._idle._kept)) == (5, True, 2)


@pytest.mark.django_db(transaction=True)
def test_a_question_that_takes_too_long_is_stopped(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    load(SPEC, "id,name\n1,a\n")
    monkeypatch.setenv("HUTONG_LAKE_QUERY_SECONDS", "1")
    with pytest.raises(QueryTooLong):
        api.query(
            "SELECT count(*) FROM range(100000000) a, range(100000) b, things WHERE a.range % 7 = 3",
            ["things"],
        )
    assert api.query(SQL, ["things"]).rows == ((1, "a"),)


def test_few_answers_and_few_cursors_are_kept() -> None:
    def answer(rows: int) -> QueryResult:
        return QueryResult(("a",), ("int",), ((1,),) * rows, (), "", 0.0, False)

    answers = Answers(2)
    for number in range(3):
        answers.put(number, answer(1))
    answers.put("large", answer(MOST_CELLS + 1))
    assert [bool(answers.get(each)) for each in (0, 1, 2, "large")] == [False, True, True, False]

    class Cursor:
        closed = False

        def close(self) -> None:
            self.closed = True

    idle, cursors = Idle(2), [Cursor() for _ in range(3)]
    for each in cursors:
        idle.put(("same",), each)
    assert [each.closed for each in cursors] == [True, False, False]
    assert idle.take(("other",)) is None
    assert {idle.take(("same",)), idle.take(("same",)), idle.take(("same",))} == {*cursors[1:], None}


def test_only_what_is_late_is_interrupted() -> None:
    class Cursor:
        interrupted = False

        def interrupt(self) -> None:
            self.interrupted = True

    deadlines, late, quick, ended = Deadlines(), Cursor(), Cursor(), Cursor()
    event = deadlines.start(late, 0.0)
    deadlines.start(quick, 60)
    deadlines.start(ended, 0.0)
    deadlines.end(ended)
    assert event.wait(5)
    deadlines.end(late)
    deadlines.end(quick)
    assert (late.interrupted, quick.interrupted, ended.interrupted) == (True, False, False)
