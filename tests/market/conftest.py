"""A small shelf: two modules, an owner, a subscriber and a stranger."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from hutong.accounts import api as accounts
from hutong.accounts import people
from hutong.market import runner
from hutong.packs import api as packs
from tests.installed import once


@pytest.fixture(autouse=True, scope="session")
def _ended() -> Iterator[None]:
    yield
    runner.stop()


@pytest.fixture
def district(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo people in the organisations of the installed pack."""
    monkeypatch.setenv("HUTONG_DEMO", "1")
    once("market", _settle)


def _settle() -> None:
    for name in ("organisations", "modules"):
        section = next(each for each in packs.registered() if each.name == name)
        if section.apply is not None:
            section.apply(packs.installed(), packs.installed().items(name))
    accounts.install_demo_people()


@pytest.fixture
def signed(district: None) -> Callable[[str], Client]:
    """``signed("wu.fan")`` is a browser in which that person is signed in."""

    def sign_in(login: str) -> Client:
        client = Client(HTTP_ACCEPT="text/html")
        client.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
        return client

    return sign_in


@pytest.fixture
def actor(district: None) -> Callable[[str], accounts.Actor]:
    """``actor("wu.fan")`` is that person as the policy sees them."""
    return lambda login: accounts.actor_named(people.find(login).urn)
