"""What every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from whitenoise.middleware import WhiteNoiseMiddleware

from hutong.accounts import calls

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """A connection ends with its request: a thread of the live server lives as long as its client keeps the line, and
    with a connection of its own kept for later PostgreSQL neither empties the tables nor drops the database.
    """
    del django_db_modify_db_settings
    if connections["default"].vendor == "postgresql":
        connections["default"].settings_dict["CONN_MAX_AGE"] = 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest goes first, so that at the end no test process is alone with it and the others idle."""
    items.sort(key=lambda item: "processes" not in item.keywords)


@pytest.fixture(scope="session", autouse=True)
def static_files_are_listed_once() -> Iterator[None]:
    """Each client of a test makes the middleware anew, which would look at every file of the front end each time."""
    listed: dict[str, Any] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def once(middleware: WhiteNoiseMiddleware) -> None:
        if not listed:
            look(middleware)
            listed.update(middleware.files)
        middleware.files.update(listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(autouse=True)
def nobody_has_called() -> None:
    """No counts of requests left over from the test before, whose people and addresses are the same."""
    calls.forget()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data with known defects, which lies beside the checkout and is never copied into it."""
    folder = Path(os.environ.get("HUTONG_SHARED_DATA", SHARED))
    if not folder.is_dir():
        pytest.skip("the shared test data is not beside this checkout")
    return folder
