"""Two people edit two hundred rows of the same workbook in a spreadsheet program, as people do."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hutong.accounts.types import Role
from hutong.catalog import following, store, workbook
from hutong.catalog.editing import draft_of
from hutong.catalog.models import Sheet
from hutong.catalog.types import Kind
from hutong.ledger import api as ledger
from tests.catalog.entries import BODIES, DATASET, client, fill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
SHEET = "数据 datasets"
COUNT = 200


@pytest.fixture(autouse=True)
def _many():
    fill()
    drafts = []
    for number in range(COUNT):
        urn = DATASET.replace("air-hourly", f"air-{number}")
        body = {
            **BODIES[DATASET],
            "id": f"air-{number}",
            "title": {"zh": f"空气 {number}", "en": f"Air {number}"},
        }
        drafts.append(draft_of(Kind.DATASET, urn, body))
    following.put_all(Kind.DATASET, drafts)


def _download(who: Any) -> Any:
    data = who.get("/catalog/export.xlsx").content
    return openpyxl.load_workbook(io.BytesIO(data))


def _columns(book: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in book[SHEET][1]}


def _rows(book: Any) -> dict[str, int]:
    """Row of each entry's number."""
    return {row[0].value.rpartition("air-")[2]: row[0].row for row in book[SHEET].iter_rows(min_row=3)}


def _hand_in(who: Any, book: Any) -> Any:
    target = io.BytesIO()
    book.save(target)
    return who.post("/catalog/import", {"workbook": SimpleUploadedFile("a.xlsx", target.getvalue())})


def _version(number: int) -> int:
    return store.entry(DATASET.replace("air-hourly", f"air-{number}")).version


def _edit_all(book: Any) -> None:
    """Every row: a new rhythm and a day of publication, which the program keeps as a date."""
    columns, rows = _columns(book), _rows(book)
    for number in range(COUNT):
        book[SHEET].cell(rows[str(number)], columns["update"]).value = "daily by 06:00"
        book[SHEET].cell(rows[str(number)], columns["published"]).value = date(2026, 3, 1)


def _move_columns(book: Any) -> None:
    """The update column comes first, the title after the last, and a column of somebody's own stands between."""
    page = book[SHEET]
    columns = _columns(book)
    page.move_range(
        f"{page.cell(1, columns['title.zh']).coordinate}:{page.cell(page.max_row, columns['title.zh']).coordinate}",
        cols=40 - columns["title.zh"] - 1,
    )
    values = [page.cell(row, columns["update"]).value for row in range(1, page.max_row + 1)]
    page.delete_cols(columns["update"])
    page.insert_cols(1)
    for row, value in enumerate(values, 1):
        page.cell(row, 1).value = value


def test_two_hundred_rows_come_back_with_columns_moved_and_all_of_them_are_written():
    steward = client("li", Role.STEWARD)
    book = _download(steward)
    _edit_all(book)
    _move_columns(book)
    page = _hand_in(steward, book)
    assert page.status_code == 200
    kept = Sheet.objects.get()
    assert (kept.state, len(kept.changes)) == ("open", COUNT)
    assert steward.post(f"/catalog/import/{kept.id}", {"reason": "统一更新周期"}).status_code == 200
    entry = store.entry(DATASET.replace("air-hourly", "air-7"))
    assert (entry.version, entry.update, entry.body["published"]) == (2, "daily by 06:00", "2026-03-01")
    assert entry.title.zh == "空气 7"
    assert {_version(number) for number in range(COUNT)} == {2}
    assert ledger.verify().ok


def _break(book: Any) -> None:
    """What goes wrong in practice, one thing a row."""
    page, columns, rows = book[SHEET], _columns(book), _rows(book)
    page.cell(rows["1"], columns["update"]).value = '=IF(1=1,"daily","weekly")'
    page.cell(rows["2"], columns["update"]).value = "#REF!"
    page.cell(rows["2"], columns["update"]).data_type = "e"
    page.cell(rows["3"], columns["grade"]).value = "secret"
    page.cell(rows["4"], columns["duty"]).value = "eco/none"
    page.cell(rows["5"], columns["code"]).value = 303001
    page.cell(rows["6"], columns["urn"]).value = "urn:hutong:beijing-dongcheng:dataset:none"
    page.cell(rows["8"], columns["urn"]).value = page.cell(rows["7"], columns["urn"]).value
    page.cell(rows["9"], columns["title.zh"]).value = None
    page.cell(rows["10"], columns["summary.zh"]).value = "长" * 8001


def test_two_people_at_once_with_broken_cells_and_a_part_of_it_is_written():
    first, second = client("li", Role.STEWARD), client("wang", Role.STEWARD)
    ours, theirs = _download(first), _download(second)
    # The second person is faster with three entries.
    for number in (20, 21, 22):
        theirs[SHEET].cell(_rows(theirs)[str(number)], _columns(theirs)["update"]).value = "weekly"
    assert _hand_in(second, theirs).status_code == 200
    assert second.post(f"/catalog/import/{Sheet.objects.get().id}").status_code == 200
    # The first hands in two hundred rows, some of them broken, three overtaken.
    _edit_all(ours)
    _break(ours)
    page = _hand_in(first, ours)
    said = page.content.decode()
    kept = Sheet.objects.get(state="faulty")
    good = {each["urn"].rpartition("air-")[2] for each in kept.changes}
    assert good == {str(number) for number in range(COUNT)} - {
        "1", "2", "3", "4", "5", "6", "8", "9", "10", "20", "21", "22",
    }  # fmt: skip
    faults = workbook.read(_saved(ours)).faults
    lines = _rows(_download(first))
    assert {(each.place.row, each.place.column, each.code) for each in faults} == {
        (lines["1"], "update", "catalog.workbook-formula"),
        (lines["2"], "update", "catalog.workbook-error"),
        (lines["3"], "grade", "catalog.bad-entry"),
        (lines["4"], "duty", "catalog.bad-entry"),
        (lines["5"], "code", "catalog.bad-entry"),
        (lines["6"], "urn", "catalog.workbook-unknown"),
        (lines["8"], "urn", "catalog.workbook-twice"),
        (lines["9"], "title.zh", "catalog.bad-entry"),
        (lines["10"], "summary.zh", "catalog.workbook-long"),
        *((lines[str(number)], "version", "catalog.workbook-conflict") for number in (20, 21, 22)),
    }
    assert "第 2 版" in said  # whoever was faster is told of
    # Nothing unasked; what is ticked and nothing else.
    assert first.post(f"/catalog/import/{kept.id}").status_code == 404
    ticked = [DATASET.replace("air-hourly", f"air-{number}") for number in (7, 30, 31)]
    overtaken = DATASET.replace("air-hourly", "air-20")
    answer = first.post(f"/catalog/import/{kept.id}", {"choosing": "1", "entry": [*ticked, overtaken]})
    assert answer.status_code == 200
    assert "有 185 项修改未勾选" in answer.content.decode()
    assert [_version(number) for number in (7, 30, 31, 32, 1, 20)] == [2, 2, 2, 1, 1, 2]
    assert store.entry(overtaken).update == "weekly"
    assert first.post(f"/catalog/import/{kept.id}", {"choosing": "1", "entry": ticked}).status_code == 404
    assert ledger.verify().ok


def _saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_somebody_is_faster_between_the_look_and_the_writing_and_nothing_is_half_written():
    first, second = client("li", Role.STEWARD), client("wang", Role.STEWARD)
    ours, theirs = _download(first), _download(second)
    _edit_all(ours)
    _hand_in(first, ours)
    looked_at = Sheet.objects.get()
    theirs[SHEET].cell(_rows(theirs)["150"], _columns(theirs)["update"]).value = "weekly"
    _hand_in(second, theirs)
    second.post(f"/catalog/import/{Sheet.objects.exclude(pk=looked_at.pk).get().id}")
    assert second.post(f"/catalog/import/{looked_at.id}").status_code == 404  # another person's
    assert first.post(f"/catalog/import/{looked_at.id}").status_code == 409
    assert {_version(number) for number in range(COUNT) if number != 150} == {1}
