"""The audit trail: looked through, and taken away whole."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from hutong.kernel import audit, clock
from hutong.kernel.models import AuditRecord
from tests.accounts.conftest import SignIn

pytestmark = pytest.mark.store


@pytest.fixture
def trail(db: None) -> None:
    for number in range(120):
        with clock.freeze(datetime(2026, 3, 1 + number // 40, 15, number % 40, tzinfo=UTC)):
            audit.record(
                "lake.load" if number % 2 else "catalog.edit",
                f"urn:hutong:beijing-dongcheng:dataset:d{number:03}",
                actor="urn:hutong:beijing-dongcheng:person:li.si" if number % 3 else "system",
                rows=number,
            )


def body(answer) -> str:
    return b"".join(answer.streaming_content).decode()


def lines(client, query: str = "") -> list[dict]:
    return [json.loads(line) for line in body(client.get(f"/audit.ndjson{query}")).splitlines()]


def test_the_newest_come_first_by_pages(trail: None, signed_in: SignIn):
    client = signed_in("auditor")
    first, third = (client.get(f"/audit?page={page}").content.decode() for page in (1, 3))
    assert "d119" in first
    assert '<span title="lake.load">数据装载</span>' in first
    assert '<span title="system">系统</span>' in first
    assert '<span title="{&quot;rows&quot;: 119}">行数 119</span>' in first
    assert "d000" in third
    assert "d119" not in third
    assert client.get("/audit?page=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?action=lake.load", 60),
        ("?actor=li.si", 80),
        ("?subject=d01", 10),
        ("?action=lake.load&subject=d01", 5),
        ("?actor=nobody", 0),
        ("?since=2026-03-02&until=2026-03-02", 40),
        ("?until=2026-03-01", 40),
    ],
)
def test_conditions(trail: None, signed_in: SignIn, query: str, count: int):
    assert len(lines(signed_in("auditor"), query)) == count


def test_days_are_days_in_shanghai(db: None, signed_in: SignIn):
    for hour in (15, 16):
        with clock.freeze(datetime(2026, 3, 1, hour, 30, tzinfo=UTC)):
            audit.record("a.b", f"at-{hour}")
    client = signed_in("auditor")
    assert [each["subject"] for each in lines(client, "?until=2026-03-01")] == ["at-15"]
    assert [each["subject"] for each in lines(client, "?since=2026-03-02&until=2026-03-02")] == ["at-16"]


def test_a_wrong_day_is_said(trail: None, signed_in: SignIn):
    answer = signed_in("auditor").get("/audit?since=yesterday")
    assert answer.status_code == 422
    assert "field-message" in answer.content.decode()


def test_a_person_is_found_by_name(signed_in: SignIn):
    client = signed_in("auditor")
    assert {each["actor"].rpartition(":")[2] for each in lines(client, "?actor=张三")} == {"auditor"}


def test_the_file_holds_every_record_in_order(trail: None, signed_in: SignIn):
    client = signed_in("auditor")
    expected = list(AuditRecord.objects.order_by("id").values_list("subject", flat=True))
    found = lines(client)
    assert [each["subject"] for each in found[: len(expected)]] == expected
    assert found[5]["detail"] == {"rows": 5}
    assert datetime.fromisoformat(found[5]["at"]).tzinfo is not None


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(db: None, signed_in: SignIn):
    audit.record("a.b", '=HYPERLINK("x")', actor="@SUM(1)", note="含, 逗号\n换行")
    answer = signed_in("auditor").get("/audit.csv?action=a.b")
    text = body(answer)
    assert text.startswith("\ufeff")
    (row,) = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert row["subject"].startswith("'=")
    assert row["actor"].startswith("'@")
    assert json.loads(row["detail"]) == {"note": "含, 逗号\n换行"}
    assert "attachment" in answer.headers["Content-Disposition"]


def test_taking_it_away_is_itself_recorded(trail: None, signed_in: SignIn):
    client = signed_in("auditor")
    client.get("/audit.csv?action=lake.load")
    record = AuditRecord.objects.get(action="audit.export")
    assert record.actor.endswith(":person:auditor")
    assert record.detail == {"format": "csv", "query": "action=lake.load"}
    assert record.address == "127.0.0.1"


def test_a_record_of_a_request_says_who_and_from_where(signed_in: SignIn):
    client = signed_in("administrator")
    client.post("/people/administrator/grant", {"role": "auditor", "organisation": "", "until": ""})
    record = AuditRecord.objects.get(action="person.grant")
    assert record.actor == "urn:hutong:beijing-dongcheng:person:administrator"
    assert record.organisation == "statistics-bureau"
    assert record.address == "127.0.0.1"
