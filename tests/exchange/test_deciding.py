"""The decision page: masks with parameters, the sample that follows each choice, and what a sample never tells."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from hutong.exchange import deciding
from hutong.exchange.api import contracts, gate, requests
from hutong.exchange.errors import BadRequest
from hutong.exchange.logic import choices
from hutong.exchange.types import Asked, ContractRef, RequestRef
from hutong.kernel.models import AuditRecord
from hutong.lake import api as lake
from hutong.lake.errors import BadLens
from hutong.lake.types import Column, ColumnType, Condition, Mask, MaskKind, Op, Source
from tests.exchange.conftest import CONSUMER, OFFICE, PROVIDER, THIRD, person, wish
from tests.exchange.test_pages import client

HEAD = "统一社会信用代码,月份,营业收入,税收,从业人员,研发投入\n"
CODES = ("91110101MA0000015M", "91110101MA0000023G")
FIELDS = {
    "mask-uscc": "partial", "mask-uscc-first": "2", "mask-uscc-last": "1",
    "mask-month": "year", "mask-revenue": "round", "mask-revenue-round": "30000",
    "mask-staff": "round", "mask-staff-round": "10",
}  # fmt: skip


@pytest.fixture
def asked(district: None, tmp_path: Path) -> RequestRef:
    """A request that the provider has to decide, over twelve rows of two firms."""
    file = tmp_path / "more.csv"
    lines = [f"{CODES[n % 2]},2025-{n // 2 + 1:02d},{1000 + n}.5,10,{10 + n},5" for n in range(12)]
    file.write_text(HEAD + "\n".join(lines) + "\n", "utf8")
    assert lake.load("key-firm-monthly", Source.file(file)).rows_loaded == 12
    found = requests.submit(person(CONSUMER), wish())
    requests.check(OFFICE, found.id)
    return requests.request(found.id)


@pytest.mark.parametrize(
    ("kind", "given", "mask"),
    [
        (ColumnType.TEXT, {}, Mask(MaskKind.YEAR)),
        (ColumnType.TEXT, {"mask-c": "out"}, None),
        (ColumnType.TEXT, {"mask-c": "hash"}, Mask(MaskKind.HASH)),
        (ColumnType.TEXT, {"mask-c": "partial", "mask-c-first": "2"}, Mask(MaskKind.PARTIAL, first=2)),
        (ColumnType.INT, {"mask-c": "round", "mask-c-round": "50"}, Mask(MaskKind.ROUND, step=Decimal(50))),
        (ColumnType.MONEY, {"mask-c": "round", "mask-c-round": "50"}, Mask(MaskKind.ROUND, step=Decimal(5000))),
        (ColumnType.LATITUDE, {"mask-c": "grid", "mask-c-grid": "0.02"}, Mask(MaskKind.GRID, step=Decimal("0.02"))),
        (ColumnType.TEXT, {"mask-c": "constant", "mask-c-value": "某"}, Mask(MaskKind.CONSTANT, value="某")),
    ],
)  # fmt: skip
def test_a_form_says_a_mask(kind: ColumnType, given: dict[str, str], mask: Mask | None) -> None:
    assert choices.chosen(Column("c", kind), Mask(MaskKind.YEAR), given) == mask


@pytest.mark.parametrize(
    "given",
    [
        {"mask-c": "rot13"},
        {"mask-c": "partial", "mask-c-first": "-1"},
        {"mask-c": "partial", "mask-c-last": "1000"},
        {"mask-c": "round", "mask-c-round": "0"},
        {"mask-c": "round", "mask-c-round": "many"},
        {"mask-c": "round", "mask-c-round": "NaN"},
        {"mask-c": "grid"},
    ],
)
def test_a_form_that_says_no_mask_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        choices.chosen(Column("c", ColumnType.INT), Mask(), given)


@pytest.mark.parametrize("kind", list(MaskKind))
def test_what_stands_in_the_form_gives_the_rule_back(kind: MaskKind) -> None:
    rule = (
        Mask(kind, first=4, last=1) if kind is MaskKind.PARTIAL else Mask(kind, step=Decimal(700), value="•")
    )
    column = Column("c", ColumnType.MONEY if kind is MaskKind.ROUND else ColumnType.TEXT)
    given = {each.field: each.value for each in choices.parameters(column, rule, {})}
    again = choices.chosen(column, Mask(), {**given, "mask-c": kind.value})
    assert again is not None
    assert again.as_dict() == rule.as_dict()


@pytest.mark.django_db(transaction=True)
def test_the_sample_follows_the_choice_and_the_contract_shows_the_same(asked: RequestRef) -> None:
    provider = client(PROVIDER)
    place = f"/exchange/requests/{asked.id}"
    page = provider.get(place).text
    assert 'name="mask-uscc-first"' in page
    assert f'hx-post="{place}/preview"' in page
    part = provider.post(f"{place}/preview", FIELDS)
    assert part.status_code == 200
    assert "<html" not in part.text
    for shown in ("91***************M", "91***************G", "2025-01-01", "12"):
        assert shown in part.text
    for hidden in (*CODES, "2025-03", "1000500000", "1002500000"):
        assert hidden not in part.text
    still = provider.post(place, {**FIELDS, "do": "preview"}).text
    assert "91***************M" in still
    assert requests.request(asked.id).state.value == "deciding"
    assert provider.post(place, {**FIELDS, "do": "agree", "end": "2026-06-30"}).status_code == 302
    made = contracts.sign(person(CONSUMER), f"c-{asked.id}")
    ask = Asked("urn:x", CONSUMER, "economic-analysis", limit=100)
    rows = gate.read(ask, made).rows
    assert {row[0] for row in rows} == {"91***************M", "91***************G"}
    assert {str(row[1]) for row in rows} == {"2025-01-01"}
    assert {row[2] % 3_000_000 for row in rows} == {0}
    assert {row[3] for row in rows} <= {10, 20}


@pytest.mark.django_db(transaction=True)
def test_a_choice_that_cannot_be_is_said_where_the_sample_would_be(asked: RequestRef) -> None:
    place = f"/exchange/requests/{asked.id}/preview"
    provider = client(PROVIDER)
    wrong = provider.post(place, {**FIELDS, "mask-staff-round": "0.5"})
    assert wrong.status_code == 200
    assert "notice" in wrong.text
    assert "<td" not in wrong.text
    with pytest.raises(BadLens):
        deciding.sample(person(PROVIDER), asked, {"month": Mask(MaskKind.PARTIAL, first=1)})
    assert client(CONSUMER).post(place, FIELDS).status_code == 403
    assert client(THIRD).post(place, FIELDS).status_code == 404
    assert provider.get(place).status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("where", "rows", "told"),
    [
        ((), 10, 12),
        ((Condition("staff", Op.GE, (17,)),), 5, 5),
        ((Condition("staff", Op.GE, (18,)),), None, None),  # four rows: neither they nor their number
        ((Condition("staff", Op.EQ, (15,)),), None, None),
        ((Condition("staff", Op.GE, (12,)),), 10, None),  # all but two: the number would tell of the two
        ((Condition("staff", Op.GE, (99,)),), 0, 0),
    ],
)
def test_small_counts_are_not_shown_before_there_is_a_contract(
    asked: RequestRef, where: tuple[Condition, ...], rows: int | None, told: int | None
) -> None:
    few = requests.submit(person(CONSUMER), wish(where=where))
    requests.check(OFFICE, few.id)
    seen = deciding.sample(person(PROVIDER), requests.request(few.id), {"staff": Mask()})
    assert (len(seen.page.rows) if seen.page else None) == rows
    assert seen.rows == told
    assert AuditRecord.objects.filter(action="exchange.preview", subject=few.urn).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_rule_of_a_day_stands_in_the_form(asked: RequestRef, agreed: Callable[..., ContractRef]) -> None:
    page = client(PROVIDER).get(f"/exchange/requests/{asked.id}").text
    assert 'name="rows_per_day" value="200000"' in page
