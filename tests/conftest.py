"""What every test may use."""

import os
from pathlib import Path

import pytest

from hutong.accounts import calls

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"


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
