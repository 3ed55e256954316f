"""`hutong exchange`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hutong.exchange.api import contracts, delivery, gate, requests
from hutong.exchange.commands import exchange
from hutong.exchange.types import ContractRef, Delivery
from hutong.lake import api as lake
from hutong.lake.types import BodyFormat, Source
from tests.exchange.conftest import CONSUMER, OFFICE, PROVIDER, person, wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("district")]


def run(*words: str) -> str:
    done = CliRunner().invoke(exchange, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_what_is_there_is_listed_shown_and_exported(agreed: Callable[..., ContractRef]) -> None:
    contract = agreed()
    gate.read(gate.asked_by(person(CONSUMER), contract), contract)
    assert "fulfilled" in run("list")
    assert json.loads(run("list", "--overdue", "--json")) == []
    assert len(json.loads(run("show", contract.request, "--json"))["steps"]) == 4
    assert json.loads(run("show", contract.id, "--json"))["contract"]["signed"] is True
    assert json.loads(run("usage", contract.id, "--json"))[-1]["rows"] == 3
    told = json.loads(run("export"))
    assert [len(told[name]) for name in ("requests", "contracts", "issues", "accesses")] == [1, 1, 0, 1]
    assert '"key"' not in json.dumps(told["contracts"])


def test_a_leaked_file_leads_to_its_recipient(tmp_path: Path) -> None:
    rows = "".join(
        f"{firm},{year}-{month:02},100,10,{year % 100 + month},5\n"
        for firm in ("91110101MA0000015M", "91110101MA0000023G")
        for year in range(2015, 2024)
        for month in range(1, 13)
    )
    file = tmp_path / "firms.csv"
    file.write_text("统一社会信用代码,月份,营业收入,税收,从业人员,研发投入\n" + rows, "utf8")
    lake.load("key-firm-monthly", Source.file(file))
    made = {}
    for consumer in (CONSUMER, "tax-bureau"):
        asked = requests.submit(
            person(consumer), wish(columns=("uscc", "month", "staff"), delivery=Delivery.FILE)
        )
        requests.check(OFFICE, asked.id)
        requests.agree(person(PROVIDER), asked.id)
        made[consumer] = contracts.sign(person(consumer), f"c-{asked.id}")
    file_ = delivery.ask(person("tax-bureau"), made["tax-bureau"].id, BodyFormat.CSV)
    leaked = delivery.path_of(delivery.make(file_.id)).read_text("utf-8-sig").splitlines()[1:]
    part = tmp_path / "leak.csv"
    part.write_text("\n".join([leaked[0], *leaked[1::2]]), "utf8")
    told = json.loads(run("trace", str(part), "--json"))
    assert (told[0]["consumer"], told[0]["share"]) == ("tax-bureau", 1.0)
    assert told[1]["share"] < 0.8
