"""People and organisations to test with."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from hutong.accounts import calls, organisations, people
from hutong.accounts.models import Person
from hutong.accounts.organisations import Facts
from hutong.accounts.types import Role
from hutong.kernel.text import Text

PASSWORD = "correct horse battery 蓄电池"
TREE = [
    Facts("district-government", "区人民政府", "District Government", "government"),
    Facts("statistics-bureau", "统计局", "Statistics Bureau", "bureau", "district-government"),
    Facts("survey-team", "调查队", "Survey Team", "institution", "statistics-bureau"),
    Facts("health-bureau", "卫生健康委员会", "Health Commission", "bureau", "district-government"),
]
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def quick(settings: pytest.FixtureRequest) -> Iterator[None]:
    """Cheap password hashing, and no counts left over from the test before."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    calls.forget()
    yield
    calls.forget()


@pytest.fixture
def tree(db: None) -> None:
    organisations.apply("beijing-dongcheng", TREE)


@pytest.fixture
def somebody(tree: None) -> Callable[..., Person]:
    """Make a person: ``somebody("steward")`` is called steward and works in the statistics bureau."""

    def make(role: str, organisation: str = "statistics-bureau", login: str = "") -> Person:
        name = login or role.replace("_", "-")
        people.add(name, Text("张三", "Zhang San"), role, organisation, PASSWORD)
        return people.find(name)

    return make


@pytest.fixture
def signed_in(somebody: Callable[..., Person]) -> SignIn:
    """A browser in which somebody of the role is signed in; ``public`` is nobody."""

    def make(role: str) -> Client:
        client = Client(headers={"accept": "text/html"})
        if role != Role.PUBLIC:
            client.force_login(somebody(role), backend="hutong.accounts.backend.PersonBackend")
        return client

    return make
