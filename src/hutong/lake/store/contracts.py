"""Contracts as the lake keeps them: numbered versions, never changed."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.db import connection
from pydantic import TypeAdapter

from hutong.kernel import audit, clock
from hutong.kernel.db import alone, atomic
from hutong.lake.errors import BadContract, NoSuchTable
from hutong.lake.logic import plan
from hutong.lake.models import ContractRow
from hutong.lake.store import places
from hutong.lake.types import Contract

_NEWEST = 'SELECT version, sha256 FROM lake_contract WHERE "table" = %s ORDER BY version DESC LIMIT 1'
_adapter: TypeAdapter[Contract] = TypeAdapter(Contract)


def define(contract: Contract) -> int:
    """Keep the contract and return its version; the same contract again keeps its version."""
    if not places.is_name(contract.table):
        raise BadContract(reason=f"{contract.table}: a table's id is kebab-case")
    plan.validate(contract)
    body = dump(contract)
    digest = sha256(contract)
    with atomic():
        alone(f"lake.define {contract.table}")
        last = ContractRow.objects.filter(table=contract.table).order_by("-version").first()
        if last is not None and last.sha256 == digest:
            return last.version
        version = last.version + 1 if last else 1
        ContractRow.objects.create(
            table=contract.table, version=version, sha256=digest, body=body, defined_at=clock.now()
        )
        audit.record("lake.define", places.urn("table", contract.table), version=version, sha256=digest)
    return version


def current(table: str) -> tuple[Contract, int]:
    """The newest contract of a table and its version; raises ``NoSuchTable``."""
    with (
        connection.cursor() as cursor
    ):  # asked several times by every reader: by the ORM it takes ten times as long
        cursor.execute(_NEWEST, [table])
        row = cursor.fetchone()
    if row is None:
        raise NoSuchTable(table=table)
    version, digest = row
    return read(table, version, digest), version


@lru_cache(maxsize=512)
def read(table: str, version: int, digest: str) -> Contract:
    """A version never changes, and its digest tells those of several homes apart."""
    return _adapter.validate_python(
        ContractRow.objects.values_list("body", flat=True).get(table=table, version=version, sha256=digest)
    )


def versions() -> dict[str, dict[int, str]]:
    """The digests of all versions of all contracts, by table and version."""
    found: dict[str, dict[int, str]] = {}
    for table, version, digest in ContractRow.objects.values_list("table", "version", "sha256"):
        found.setdefault(table, {})[version] = digest
    return found


def dump(contract: Contract) -> dict[str, Any]:
    found: dict[str, Any] = _adapter.dump_python(contract, mode="json")
    return found


def sha256(contract: Contract) -> str:
    text = json.dumps(dump(contract), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
