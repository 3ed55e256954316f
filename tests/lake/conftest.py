"""What the lake's tests share."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hutong.kernel.settings import home
from hutong.lake import api
from hutong.lake.pack import TableSpec
from hutong.lake.store import queries
from hutong.lake.types import Contract, LoadReport, Source

CONTRACTS = Path(__file__).parent / "contracts"


@pytest.fixture(autouse=True)
def clean_lake() -> Iterator[None]:
    """Every test begins with an empty lake folder."""
    shutil.rmtree(home() / "lake", ignore_errors=True)
    yield
    queries.close_all()


def contract(text: str, table: str = "things") -> Contract:
    return TableSpec.model_validate(yaml.safe_load(text)).contract(table)


def named(name: str) -> Contract:
    """A contract of tests/lake/contracts."""
    return contract((CONTRACTS / f"{name}.yaml").read_text("utf8"), name)


@pytest.fixture
def load(db: Any, tmp_path: Path) -> Callable[..., LoadReport]:
    """Define a contract and load a text or file against it."""

    def run(
        spec: str | Contract, source: str | bytes | Path | Source, *, name: str = "in.csv", **options: Any
    ) -> LoadReport:
        made = contract(spec) if isinstance(spec, str) else spec
        api.define(made)
        if isinstance(source, str | bytes):
            file = tmp_path / name
            file.write_bytes(source.encode() if isinstance(source, str) else source)
            source = file
        if isinstance(source, Path):
            source = Source.file(source)
        return api.load(made.table, source, **options)

    return run
