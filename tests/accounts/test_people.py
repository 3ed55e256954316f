"""People, roles and locks: by command and by page, each with its record."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner

from hutong.accounts import doctor, people
from hutong.accounts.commands import people as command
from hutong.accounts.errors import BadPerson, LastAdministrator, NoPerson
from hutong.accounts.models import Membership, Person
from hutong.kernel import clock
from hutong.kernel.models import AuditRecord
from hutong.kernel.text import Text
from tests.accounts.conftest import PASSWORD, SignIn

pytestmark = pytest.mark.store

NAME = Text("李四", "Li Si")


def records() -> list[str]:
    return list(
        AuditRecord.objects.filter(action__startswith="person.")
        .order_by("id")
        .values_list("action", flat=True)
    )


def test_adding(tree: None):
    made = people.add("Li.Si", NAME, "steward", "health-bureau", PASSWORD)
    assert made.urn == "urn:hutong:beijing-dongcheng:person:li.si"
    assert made.roles == {"steward"}
    person = people.find("li.si")
    assert person.check_password(PASSWORD)
    assert person.organisation_id == "health-bureau"
    assert records() == ["person.add"]
    assert PASSWORD not in str(list(AuditRecord.objects.values()))


@pytest.mark.parametrize(
    "login", ["", "a", "9lives", "a b", "张三", "a/b", "x" * 41, "a\n", "../x", "root:x"]
)
def test_a_login_name_that_cannot_be(login: str, tree: None):
    with pytest.raises(BadPerson):
        people.add(login, NAME, "leader")


def test_what_else_cannot_be(tree: None):
    people.add("li.si", NAME, "leader")
    for login, role, organisation, password in (
        ("li.si", "leader", "", None),
        ("wang.wu", "public", "", None),
        ("wang.wu", "emperor", "", None),
        ("wang.wu", "steward", "no-such-bureau", None),
        ("wang.wu", "steward", "", None),
        ("wang.wu", "leader", "", "short"),
    ):
        with pytest.raises(BadPerson) as caught:
            people.add(login, NAME, role, organisation, password)
        assert caught.value.said.zh
        assert caught.value.said.en
    assert Person.objects.count() == 1


def test_a_weak_password_is_explained_in_both_languages(tree: None):
    with pytest.raises(BadPerson) as caught:
        people.add("li.si", NAME, "leader", "", "short")
    assert "密码" in caught.value.said.zh
    assert "too short" in caught.value.said.en


def test_a_person_without_a_password_cannot_sign_in(tree: None, client):
    people.add("li.si", NAME, "leader")
    client.post("/account/login", {"username": "li.si", "password": ""})
    assert "_auth_user_id" not in client.session


def test_roles_given_and_ended(somebody: Callable[..., Person]):
    somebody("leader")
    assert people.grant("leader", "steward", "health-bureau").roles == {"leader", "steward"}
    until = clock.today() + timedelta(days=30)
    people.grant("leader", "steward", "health-bureau", until)
    assert Membership.objects.get(role="steward").until == until, "the same role again only moves its end"
    assert people.revoke("leader", "steward", "health-bureau").roles == {"leader"}
    with pytest.raises(BadPerson):
        people.grant("leader", "steward", until=clock.today() - timedelta(days=1))
    assert records() == ["person.add", "person.grant", "person.grant", "person.revoke"]


def test_a_role_of_long_standing_is_ended_not_erased(somebody: Callable[..., Person]):
    somebody("leader")
    Membership.objects.update(since=clock.today() - timedelta(days=100))
    assert people.revoke("leader", "leader", "statistics-bureau").roles == frozenset()
    assert Membership.objects.get().until == clock.today() - timedelta(days=1)


def test_the_last_administrator_stays(somebody: Callable[..., Person]):
    somebody("administrator")
    with pytest.raises(LastAdministrator):
        people.lock("administrator")
    with pytest.raises(LastAdministrator):
        people.revoke("administrator", "administrator", "statistics-bureau")
    somebody("administrator", login="second")
    people.lock("administrator")
    with pytest.raises(LastAdministrator):
        people.lock("second")


def test_everyone_else_may_be_locked(somebody: Callable[..., Person]):
    somebody("leader")
    assert not people.lock("leader", "left the bureau").active
    assert AuditRecord.objects.get(action="person.lock").detail == {"reason": "left the bureau"}
    assert people.unlock("leader").active


def test_nobody_of_that_name(tree: None):
    with pytest.raises(NoPerson):
        people.find("nobody")


def test_the_doctor_asks_for_an_administrator(somebody: Callable[..., Person]):
    assert not doctor.administrator().ok
    somebody("administrator")
    assert doctor.administrator().ok
    assert doctor.demo_people().ok


# by command


def test_the_first_administrator_by_command(tree: None):
    arguments = ["add", "--role", "administrator", "admin", "管理员", "--json"]
    result = CliRunner().invoke(command, arguments, input=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)[0]["roles"] == ["administrator"]
    assert people.find("admin").check_password(PASSWORD)
    assert AuditRecord.objects.get(action="person.add").actor.startswith("command:")


def test_no_password_is_taken_as_an_argument(tree: None):
    assert not [name for each in command.commands.values() for name in _options(each) if "password" in name]


def _options(each) -> list[str]:
    return [name for option in each.params for name in (*option.opts, option.name)]


def test_a_weak_password_by_command_is_refused(tree: None):
    result = CliRunner().invoke(command, ["add", "--role", "leader", "li.si", "李四"], input="short\n")
    assert isinstance(result.exception, BadPerson)
    assert not Person.objects.exists()


def test_the_other_verbs(somebody: Callable[..., Person]):
    somebody("leader")
    run = CliRunner()

    def did(*arguments: str, given: str = "") -> list[dict]:
        result = run.invoke(command, [*arguments, "--json"], input=given, catch_exceptions=False)
        assert result.exit_code == 0
        return json.loads(result.output)

    assert did("role", "leader", "steward", "--organisation", "health-bureau")[0]["roles"] == [
        "leader",
        "steward",
    ]
    assert did("role", "leader", "steward", "--organisation", "health-bureau", "--end")[0]["roles"] == [
        "leader"
    ]
    assert did("lock", "leader")[0]["active"] is False
    assert did("unlock", "leader")[0]["active"] is True
    assert [each["login"] for each in did("list", "--role", "leader")] == ["leader"]
    assert did("list", "--search", "没有这个人") == []
    assert run.invoke(command, ["password", "leader"], input="another pass phrase\n").output == "ok\n"
    assert people.find("leader").must_change_password
    assert "leader" in run.invoke(command, ["list"]).output
    assert run.invoke(command, ["role", "leader", "emperor"]).exit_code == 2


# by page


def test_adding_by_page_shows_the_first_password_once(signed_in: SignIn):
    client = signed_in("administrator")
    given = {
        "login": "li.si",
        "name_zh": "李四",
        "name_en": "",
        "role": "steward",
        "organisation": "health-bureau",
    }
    page = client.post("/people/new", given)
    assert page.status_code == 200
    password = page.content.decode().split('notice-title">')[1].split("<")[0]
    person = people.find("li.si")
    assert person.check_password(password)
    assert person.must_change_password
    assert password not in client.get("/people/li.si").content.decode()
    assert password not in str(list(AuditRecord.objects.values()))
    assert AuditRecord.objects.get(action="person.add", subject=person.urn).actor.endswith(":administrator")


def test_a_wrong_form_says_where(signed_in: SignIn):
    client = signed_in("administrator")
    page = client.post("/people/new", {"login": "9", "name_zh": "李四", "role": "leader", "organisation": ""})
    assert page.status_code == 422
    assert "以字母开头" in page.content.decode()
    nowhere = {"login": "li.si", "name_zh": "李四", "role": "steward", "organisation": ""}
    assert "须属于一个单位" in client.post("/people/new", nowhere).content.decode()
    assert not Person.objects.filter(name_zh="李四").exists()


def test_changes_by_page(signed_in: SignIn, somebody: Callable[..., Person]):
    somebody("leader", login="li.si")
    client = signed_in("administrator")
    client.post("/people/li.si/grant", {"role": "steward", "organisation": "health-bureau", "until": ""})
    assert people.ref(people.find("li.si")).roles == {"leader", "steward"}
    bad = client.post("/people/li.si/grant", {"role": "steward", "organisation": "", "until": "2001-01-01"})
    assert bad.status_code == 422
    client.post("/people/li.si/revoke", {"role": "leader", "organisation": "statistics-bureau"})
    assert people.ref(people.find("li.si")).roles == {"steward"}
    client.post("/people/li.si/lock", {"reason": "x"})
    assert not people.find("li.si").is_active
    client.post("/people/li.si/unlock")
    assert people.find("li.si").is_active
    assert client.post("/people/li.si/promote").status_code == 404
    assert client.get("/people/li.si/lock").status_code == 405
    assert client.post("/people/nobody/lock").status_code == 404
    assert client.post("/people/administrator/lock").status_code == 409


@pytest.mark.parametrize("role", ["steward", "data_office", "leader", "operator", "auditor"])
def test_nobody_else_changes_people(role: str, signed_in: SignIn, somebody: Callable[..., Person]):
    somebody("leader", login="li.si")
    client = signed_in(role)
    for verb in ("grant", "revoke", "lock", "unlock", "reset"):
        assert client.post(f"/people/li.si/{verb}", {"role": "administrator"}).status_code == 403
    assert (
        client.post("/people/new", {"login": "x1", "name_zh": "x", "role": "administrator"}).status_code
        == 403
    )
    assert people.ref(people.find("li.si")).roles == {"leader"}
    assert not Person.objects.filter(login="x1").exists()


def test_the_list_is_searched_and_paged(signed_in: SignIn):
    client = signed_in("administrator")
    for number in range(55):
        people.add(f"person{number:02}", Text(f"王{number:02}"), "leader")
    first, second = (client.get(f"/people?page={page}").content.decode() for page in (1, 2))
    assert "person48" in first
    assert "person54" not in first
    assert "person54" in second
    assert "person07" in client.get("/people?q=王07").content.decode()
    assert "person08" not in client.get("/people?q=王07").content.decode()
    assert client.get("/people?page=-1&role=nonsense").status_code == 200


def test_the_admin_tables_show_and_change_nothing(signed_in: SignIn, somebody: Callable[..., Person]):
    person = somebody("leader")
    client = signed_in("administrator")
    page = client.get(f"/admin/accounts/person/{person.pk}/change/")
    assert page.status_code == 200
    assert person.password not in page.content.decode()
    assert client.post(f"/admin/accounts/person/{person.pk}/change/", {"login": "x"}).status_code == 403
    assert client.get("/admin/accounts/person/add/").status_code == 403
    assert client.post(f"/admin/accounts/person/{person.pk}/delete/", {"post": "yes"}).status_code == 403
    for table in ("organisation", "membership"):
        assert client.get(f"/admin/accounts/{table}/").status_code == 200
