"""The tree follows the pack; each change is recorded and told once."""

from dataclasses import replace

import pytest

from hutong.accounts import organisations
from hutong.accounts.errors import BadOrganisation
from hutong.accounts.models import Organisation
from hutong.accounts.organisations import Facts
from hutong.accounts.pack import _apply
from hutong.accounts.tree import subtree
from hutong.kernel.models import AuditRecord, OutboxEvent
from hutong.kernel.urn import Urn, resolve
from hutong.packs.api import installed, load
from tests.accounts.conftest import TREE

pytestmark = pytest.mark.store

SCOPE = "beijing-dongcheng"


def told() -> list[tuple[str, str]]:
    return [(each.body["id"], each.body["change"]) for each in OutboxEvent.objects.order_by("id")]


def test_applying_makes_the_tree(db: None):
    assert organisations.apply(SCOPE, TREE) == 4
    assert subtree("district-government") == {each.id for each in TREE}
    assert subtree("survey-team") == {"survey-team"}
    assert sorted(told()) == sorted((each.id, "added") for each in TREE)
    assert told()[0] == ("district-government", "added"), "parents first"
    found = organisations.organisation("urn:hutong:beijing-dongcheng:organisation:statistics-bureau")
    assert found == organisations.organisation("statistics-bureau")
    assert found is not None
    assert (found.title.zh, found.parent, found.kind) == ("统计局", "district-government", "bureau")
    assert organisations.organisation("no-such") is None


def test_applying_again_changes_nothing(db: None):
    organisations.apply(SCOPE, TREE)
    before = (list(Organisation.objects.values()), AuditRecord.objects.count(), OutboxEvent.objects.count())
    assert organisations.apply(SCOPE, TREE) == 0
    assert (
        list(Organisation.objects.values()),
        AuditRecord.objects.count(),
        OutboxEvent.objects.count(),
    ) == before


def test_a_change_is_recorded_with_what_was_and_is(db: None):
    organisations.apply(SCOPE, TREE)
    renamed = [
        replace(each, title_zh="国家统计局调查队") if each.id == "survey-team" else each for each in TREE
    ]
    assert organisations.apply(SCOPE, renamed) == 1
    record = AuditRecord.objects.get(action="organisation.changed")
    assert record.subject == "urn:hutong:beijing-dongcheng:organisation:survey-team"
    assert record.detail == {"changes": {"title_zh": ["调查队", "国家统计局调查队"]}}
    assert told()[-1] == ("survey-team", "changed")


def test_what_the_pack_no_longer_names_is_closed_and_may_come_back(db: None):
    organisations.apply(SCOPE, TREE)
    assert organisations.apply(SCOPE, TREE[:-1]) == 1
    assert told()[-1] == ("health-bureau", "closed")
    assert "health-bureau" not in [each.id for each in organisations.organisations()]
    assert organisations.apply(SCOPE, TREE[:-1]) == 0
    assert organisations.apply(SCOPE, TREE) == 1
    assert "health-bureau" in [each.id for each in organisations.organisations()]


def test_children_may_come_before_their_parents(db: None):
    organisations.apply(SCOPE, list(reversed(TREE)))
    assert Organisation.objects.count() == 4


@pytest.mark.parametrize("parents", [("b", "a"), ("nowhere", "")])
def test_a_loop_or_a_missing_parent_is_refused_whole(db: None, parents: tuple[str, str]):
    wrong = [Facts(each, each, each, "bureau", parent) for each, parent in zip("ab", parents, strict=True)]
    with pytest.raises(BadOrganisation):
        organisations.apply(SCOPE, [*TREE, *wrong])
    assert not Organisation.objects.exists()


def test_a_loop_in_the_data_does_not_hang(db: None):
    organisations.apply(SCOPE, TREE)
    Organisation.objects.filter(pk="district-government").update(parent="survey-team")
    assert subtree("survey-team") == {
        "survey-team",
        "district-government",
        "statistics-bureau",
        "health-bureau",
    }


def test_identifiers_lead_to_pages(tree: None, client):
    urn = Urn(SCOPE, "organisation", "statistics-bureau")
    assert resolve(urn) == "/organisations/statistics-bureau"
    page = client.get(urn.path, follow=True).content.decode()
    assert "统计局" in page
    assert "调查队" in page
    assert resolve(Urn(SCOPE, "organisation", "no-such")) is None
    assert client.get("/organisations/no-such").status_code == 404


def test_an_identifier_of_a_person_does_not_say_whether_they_exist(tree: None, client):
    assert resolve(Urn(SCOPE, "person", "nobody")) == "/people/nobody"
    assert resolve(Urn(SCOPE, "person", "no/body")) is None


@pytest.mark.parametrize("name", ["beijing-dongcheng", "beijing-xicheng", "beijing-chaoyang"])
def test_the_organisations_of_a_real_pack_apply(name: str, db: None):
    pack = load(name)
    items = pack.items("organisations")
    _apply(pack, items)
    assert Organisation.objects.filter(active=True).count() == len(items)
    assert Organisation.objects.filter(parent=None).count() >= 1
    assert Organisation.objects.filter(kind="subdistrict").count() >= 15


def test_the_installed_pack_is_a_district():
    assert installed().kind == "district"
