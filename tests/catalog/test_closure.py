"""Where duties, data, tables and systems do not meet is told, and to whom."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client

from hutong.accounts.types import Role
from hutong.catalog import closure, following
from hutong.catalog.closure import Gap
from hutong.catalog.commands import catalog
from hutong.catalog.models import ColumnGrade
from hutong.catalog.store import Draft
from hutong.catalog.types import Kind
from hutong.kernel import clock
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Contract, Source
from tests.catalog.entries import client

pytestmark = pytest.mark.django_db(transaction=True)


def _draft(kind: Kind, local: str, organisation: str = "eco", **more: object) -> Draft:
    body = {"id": local, **more.pop("body", {})}  # type: ignore[dict-item]
    return Draft(
        f"urn:hutong:t:{kind}:{local}",
        kind,
        local,
        Text(zh=local, en=local),
        body,
        organisation,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture(autouse=True)
def _world(tmp_path, monkeypatch):
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    following.put_all(
        Kind.DUTY,
        [_draft(Kind.DUTY, "eco/air"), _draft(Kind.DUTY, "eco/water"), _draft(Kind.DUTY, "tax/tax", "tax")],
    )
    following.put_all(
        Kind.DATASET,
        [
            _draft(
                Kind.DATASET,
                "air",
                parent="eco/air",
                update="daily",
                grade="general-1",
                body={"system": "net"},
            ),
            _draft(Kind.DATASET, "lost", parent="eco/gone", update="irregular", grade="general-1"),
            _draft(Kind.DATASET, "foreign", parent="tax/tax", update="irregular", grade="general-1"),
        ],
    )
    following.put_all(
        Kind.SYSTEM,
        [
            _draft(Kind.SYSTEM, name, body={"state": state})
            for name, state in (("net", "running"), ("idle", "running"), ("plan", "planned"))
        ],
    )
    for table in ("air", "stray"):
        lake.define(Contract(table, (Column("n", ColumnType.INT),)))
    file = tmp_path / "air.csv"
    file.write_text("n\n1\n")
    lake.load("air", Source.file(file))


def _gaps() -> set[tuple[str, str]]:
    return {(str(each.gap), each.urn.rpartition(":")[2]) for each in closure.report().lines}


def test_each_open_end_is_told_once():
    assert _gaps() == {
        ("duty-without-data", "eco/water"),
        ("data-without-duty", "lost"),
        ("data-without-duty", "foreign"),
        ("dataset-without-rows", "lost"),
        ("dataset-without-rows", "foreign"),
        ("table-without-dataset", "stray"),
        ("system-without-tables", "idle"),
    }


def test_data_past_its_cycle_is_stale_and_a_column_above_its_dataset_is_told():
    ColumnGrade.objects.create(
        table="air",
        column="n",
        found="idnumber",
        grade="general-3",
        confidence=1,
        state="confirmed",
        decided="general-4",
    )
    with clock.freeze(clock.now() + timedelta(days=20)):
        assert {("stale", "air"), ("grade-below-columns", "air")} <= _gaps()


def test_every_line_leads_to_the_thing_and_to_its_mending():
    for each in closure.report().lines:
        assert each.url.startswith("/")
        assert each.mend_url.startswith("/")
        assert all((each.gap.mend.zh, each.gap.mend.en, each.what.zh, each.what.en))
    assert set(closure.report().counts()) == set(Gap)


def test_a_system_without_tables_leads_to_where_its_datasets_are_named():
    office = client("zhou", Role.DATA_OFFICE, "")
    (line,) = [each for each in closure.report().lines if each.gap is Gap.SYSTEM_WITHOUT_TABLES]
    page = office.get(line.mend_url)
    assert page.status_code == 200
    for each in closure.report().lines:
        if each.mend_url.startswith("/catalog/edit/"):
            assert office.get(each.mend_url).status_code == 200, each.mend_url


def test_one_organisation_sees_what_is_its_own_to_mend():
    whole, own = closure.report(), closure.report(organisation="tax")
    assert {each.organisation for each in own.lines} == {"tax"} & {each.organisation for each in whole.lines}
    assert sum(whole.organisations().values()) == len(whole.lines)
    office = client("zhou", Role.DATA_OFFICE, "")
    found = office.get("/api/catalog/closure?organisation=eco").json()
    assert {each["organisation"] for each in found["lines"]} == {"eco"}
    assert "organisation=eco" in office.get("/catalog/closure").content.decode()


def test_the_report_is_not_for_the_public():
    assert Client(HTTP_ACCEPT="application/json").get("/catalog/closure").status_code == 403
    assert Client().get("/api/catalog/closure").status_code == 403


def test_the_command_says_that_something_is_open():
    answer = CliRunner().invoke(catalog, ["closure", "--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.output)["counts"]["duty-without-data"] == 1
