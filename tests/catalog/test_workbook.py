"""A workbook goes out, comes back, and says what it would change; nothing is half written."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hutong.accounts.types import Role
from hutong.catalog import editing, store, workbook
from hutong.catalog.errors import BadWorkbook
from hutong.catalog.models import Sheet
from hutong.catalog.types import Kind
from tests.catalog.entries import BODIES, DATASET, DUTY, client, fill

pytestmark = pytest.mark.django_db(transaction=True)
DATASETS = "数据 datasets"


@pytest.fixture(autouse=True)
def _filled():
    fill("tax")


def _book():
    kinds = (Kind.DUTY, Kind.DATASET, Kind.SYSTEM)
    data = workbook.write([each for kind in kinds for each in store.entries(kind)])
    return openpyxl.load_workbook(io.BytesIO(data))


def _bytes(book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _set(book, key: str, value: object, sheet: str = DATASETS, row: int = 3) -> None:
    page = book[sheet]
    column = [cell.value for cell in page[1]].index(key) + 1
    page.cell(row, column).value = value


def test_a_workbook_that_comes_back_as_it_went_changes_nothing():
    found = workbook.read(_bytes(_book()))
    assert (found.changes, found.faults, found.same) == ((), (), 3)


def test_a_changed_cell_is_one_difference():
    book = _book()
    _set(book, "update", "daily")
    (change,) = workbook.read(_bytes(book)).changes
    assert [(each.key, each.before, each.after) for each in change.differences] == [
        ("update", "hourly", "daily")
    ]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("update", "=1+1", "catalog.workbook-formula"),
        ("update", "sometimes", "catalog.bad-entry"),
        ("update", "x" * 9000, "catalog.workbook-long"),
        ("urn", "urn:hutong:t:dataset:none", "catalog.workbook-unknown"),
    ],
)
def test_a_bad_cell_is_named_by_sheet_row_and_column(key, value, code):
    book = _book()
    _set(book, key, value)
    found = workbook.read(_bytes(book))
    assert found.changes == ()
    (fault,) = found.faults
    assert (fault.code, fault.place.file, fault.place.row, fault.place.column) == (code, DATASETS, 3, key)


def _new_duty(book, organisation: str = "eco") -> None:
    urn = f"urn:hutong:beijing-dongcheng:duty:{organisation}/water"
    given = {"urn": urn, "title.zh": "监测水", "title.en": "Water", "organisation": organisation,
             "basis": "水法｜第三条｜Water law"}  # fmt: skip
    for key, text in given.items():
        _set(book, key, text, sheet="职责 duties", row=4)


def test_a_row_without_a_version_adds_a_duty_of_ones_own_organisation():
    book, others = _book(), _book()
    _new_duty(book)
    _new_duty(others, "tax")
    steward = client("li", Role.STEWARD)
    assert _upload(steward, _bytes(others)).status_code == 403
    assert _upload(steward, _bytes(book)).status_code == 200
    assert steward.post(f"/catalog/import/{Sheet.objects.get().id}").status_code == 200
    assert store.find(Kind.DUTY, "eco/water").body["basis"][0]["article"] == "第三条"


def test_an_older_version_is_a_conflict():
    book = _book()
    editing.write(Kind.DATASET, DATASET, {**BODIES[DATASET], "update": "weekly"}, expected=1)
    _set(book, "update", "daily")
    (fault,) = workbook.read(_bytes(book)).faults
    assert (fault.code, fault.place.column) == ("catalog.workbook-conflict", "version")


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04" + b"\0" * 30])
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(BadWorkbook):
        workbook.read(data)


def test_an_export_never_holds_a_formula():
    body = {**BODIES[DATASET], "summary": {"zh": "=cmd|' /C calc'!A0"}}
    editing.write(Kind.DATASET, DATASET, body, expected=1)
    page = _book()[DATASETS]
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def _upload(who, data: bytes):
    return who.post("/catalog/import", {"workbook": SimpleUploadedFile("a.xlsx", data)})


def test_hand_in_look_and_commit():
    book = _book()
    _set(book, "update", "daily")
    _set(book, "title.zh", "监测大气", sheet="职责 duties")
    steward = client("li", Role.STEWARD)
    page = _upload(steward, _bytes(book))
    assert page.status_code == 200
    assert "监测大气" in page.content.decode()
    assert store.entry(DATASET).version == 1
    sheet = Sheet.objects.get()
    for given, told in (
        ({"choosing": "1"}, "entry"),
        ({"choosing": "1", "entry": DATASET, "reason": "问 13800138000"}, "reason"),
    ):
        page = steward.post(f"/catalog/import/{sheet.id}", given)
        assert (page.status_code, list(page.context["told"])) == (422, [told])
        assert [each["urn"] for each in page.context["changes"] if each["ticked"]] == [DATASET] * (
            told == "reason"
        )
    assert store.entry(DATASET).version == 1
    assert steward.post(f"/catalog/import/{sheet.id}").status_code == 200
    assert (store.entry(DATASET).version, store.entry(DUTY).version) == (2, 2)
    assert steward.post(f"/catalog/import/{sheet.id}").status_code == 404


def test_a_commit_is_all_or_nothing():
    book = _book()
    _set(book, "update", "daily")
    _set(book, "title.zh", "监测大气", sheet="职责 duties")
    steward = client("li", Role.STEWARD)
    _upload(steward, _bytes(book))
    editing.write(Kind.DATASET, DATASET, {**BODIES[DATASET], "update": "weekly"}, expected=1)
    assert steward.post(f"/catalog/import/{Sheet.objects.get().id}").status_code == 409
    assert store.entry(DUTY).version == 1


def test_a_workbook_with_faults_cannot_be_committed_and_another_bureau_may_not_hand_it_in():
    book = _book()
    _set(book, "update", "daily")
    _set(book, "title.zh", "=A1", sheet="职责 duties")
    steward = client("li", Role.STEWARD)
    _upload(steward, _bytes(book))
    assert steward.post(f"/catalog/import/{Sheet.objects.get().id}").status_code == 404
    assert _upload(client("wang", Role.STEWARD, "tax"), _bytes(book)).status_code == 403
