"""Tables that came before their datasets: who catalogued what."""

import pytest

from hutong.accounts import api as accounts
from hutong.catalog import api as catalog
from hutong.catalog import unclaimed
from hutong.demo import catalog as seeding
from hutong.ledger import api as ledger
from hutong.packs import api as packs


@pytest.mark.django_db(transaction=True)
def test_one_table_is_catalogued_one_handed_over_and_one_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_DEMO", "1")
    packs.apply(packs.load("beijing-dongcheng"))
    accounts.install_demo_people()
    assert seeding.seed() == len(seeding.TABLES)
    assert seeding.seed() == 0, "twice is once"
    made = catalog.dataset("performance-filings")
    assert (made.organisation, made.grade) == (seeding.CULTURE, "general-3"), (
        "as its telephone numbers suggest"
    )
    (entry,) = ledger.entries_about(made.urn)
    assert entry.organisation == seeding.CULTURE
    assert {each.table: each.organisation for each in unclaimed.tables()} == {
        "household-spending": seeding.STATISTICS,
        "car-parks": "",
    }
