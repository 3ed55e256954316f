"""A contract written back as a pack would write it is the same contract."""

import pytest

from hutong.lake.api import TableSpec, spec_of
from hutong.packs import api as packs


@pytest.mark.parametrize(
    "item", packs.load("beijing-dongcheng").sections["datasets"], ids=lambda each: each.value.id
)
def test_every_contract_of_the_district_comes_back_the_same(item):
    contract = item.value.contract
    written = spec_of(contract)
    assert TableSpec.model_validate(written).contract(contract.table, contract.title) == contract
    assert "codes" not in next(iter(written["columns"].values())) or contract.columns[0].codes
