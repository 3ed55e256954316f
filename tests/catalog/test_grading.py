"""Suggestions come with counts, a person decides with a reason, the decision is on the log."""

import pytest
from django.test import Client

from hutong.accounts import people
from hutong.accounts.models import Organisation
from hutong.accounts.types import Role
from hutong.catalog import following, suggesting
from hutong.catalog.errors import BadDecision
from hutong.catalog.models import ColumnGrade
from hutong.catalog.store import Draft
from hutong.catalog.types import Kind
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Contract, Source
from hutong.ledger import api as ledger

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _table(tmp_path, monkeypatch):
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    following.put_all(
        Kind.DATASET,
        [
            Draft(
                "urn:hutong:t:dataset:folk",
                Kind.DATASET,
                "folk",
                Text(zh="人员", en="Folk"),
                {"id": "folk"},
                "eco",
                grade="general-3",
            )
        ],
    )
    columns = (Column("name", ColumnType.TEXT), Column("phone", ColumnType.TEXT), Column("n", ColumnType.INT))
    lake.define(Contract("folk", columns))
    file = tmp_path / "folk.csv"
    rows = "".join(f"张演{chr(0x4E00 + n)},1380013{n:04},{n}\n" for n in range(60))
    file.write_text("name,phone,n\n" + rows)
    lake.load("folk", Source.file(file))
    Organisation.objects.create(
        id="eco", urn="urn:hutong:t:organisation:eco", title_zh="生态局", title_en="Ecology", kind="bureau"
    )


def _client(role: Role, organisation: str = "eco") -> Client:
    people.add("li", Text("李", "Li"), role, organisation)
    client = Client(HTTP_ACCEPT="text/html")
    client.force_login(people.find("li"), backend="hutong.accounts.backend.PersonBackend")
    return client


def test_suggestions_hold_counts_and_no_value():
    assert suggesting.suggest("folk") == 2
    row = ColumnGrade.objects.get(column="phone")
    assert (row.found, row.grade, row.state) == ("mobile", "general-3", "open")
    assert row.evidence == {"rows": 60, "values": 60, "distinct": 60, "matched": 60, "by_name": True}


def test_a_decision_is_on_the_log_and_stays():
    suggesting.suggest("folk")
    row = suggesting.decide("folk", "phone", verdict="confirm", grade="general-4", reason="含老年人电话")
    entry = ledger.entry(row.log_entry)
    assert entry.kind == "catalog.grade"
    assert entry.payload["grade"] == "general-4"
    assert suggesting.suggest("folk") == 1
    assert ColumnGrade.objects.get(column="phone").decided == "general-4"
    assert ledger.verify().ok


@pytest.mark.parametrize(
    "given",
    [
        {"verdict": "reject"},
        {"verdict": "confirm", "grade": "general-4"},
        {"verdict": "confirm", "grade": "x", "reason": "y"},
        {"verdict": "?"},
    ],
)
def test_a_decision_without_its_reason_is_refused(given):
    suggesting.suggest("folk")
    with pytest.raises(BadDecision):
        suggesting.decide("folk", "phone", **given)
    assert ColumnGrade.objects.get(column="phone").state == "open"


def test_a_steward_decides_on_the_page():
    suggesting.suggest("folk")
    client = _client(Role.STEWARD)
    assert "人员" in client.get("/catalog/grading").content.decode()
    assert "手机号码" in client.get("/catalog/grading?table=folk").content.decode()
    given = {"table": "folk", "column": "phone", "verdict": "confirm", "grade": "core"}
    refused = client.post("/catalog/grading/decide", given)
    assert refused.status_code == 422
    assert "改为其他级别须写明理由" in refused.content.decode()
    assert '<option value="core" selected>' in refused.content.decode(), "what was chosen is not lost"
    answer = client.post(
        "/catalog/grading/decide", {"table": "folk", "column": "phone", "verdict": "confirm"}
    )
    assert answer.status_code == 302
    assert ColumnGrade.objects.get(column="phone").state == "confirmed"


def test_a_steward_of_another_bureau_sees_and_decides_nothing():
    suggesting.suggest("folk")
    Organisation.objects.create(
        id="tax", urn="urn:hutong:t:organisation:tax", title_zh="税务局", title_en="Tax", kind="bureau"
    )
    client = _client(Role.STEWARD, "tax")
    assert "人员" not in client.get("/catalog/grading").content.decode()
    answer = client.post(
        "/catalog/grading/decide", {"table": "folk", "column": "phone", "verdict": "confirm"}
    )
    assert answer.status_code == 403
