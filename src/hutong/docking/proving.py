"""That an entry of another catalog is what its owner sent: entry, batch and evidence in one file, checked offline."""

import json
from typing import Any

from hutong.catalog import api as catalog
from hutong.docking.batches import digest
from hutong.docking.errors import BadMessage
from hutong.docking.models import Batch, Copy
from hutong.ledger import api as ledger

FORMAT = "hutong-docked-entry/1"


def build(row: Copy) -> dict[str, Any]:
    """The file; ``evidence`` is null where the batch that brought the entry is not known."""
    batch = Batch.objects.filter(pk=row.batch).first() if row.batch else None
    return {
        "format": FORMAT,
        "entry": {
            "urn": row.urn, "version": row.version, "change": row.change, "sha256": row.sha256, "body": row.body,
        },
        "batch": batch.items if batch else [],
        "evidence": batch.proof if batch else None,
    }  # fmt: skip


def check(given: Any, key: str = "") -> ledger.Checked:
    """Follow the file from the body to the checkpoint; raises where a step does not hold.

    ``key``: the verifier key of the other log that the checker trusts; without it the one in the file is used.
    """
    try:
        if given["format"] != FORMAT:
            raise BadMessage(reason=f"format is not {FORMAT}")
        said, rows = given["entry"], given["batch"]
        body, told = (
            catalog.digest(said["body"]),
            [said["urn"], said["version"], said["change"], said["sha256"]],
        )
        found = ledger.check_evidence(json.dumps(given["evidence"]), key or None)
        batch = found.fields["payload"]["batch"]
    except (LookupError, TypeError, AttributeError) as error:
        raise BadMessage(reason=f"{type(error).__name__}: {error}"[:200]) from error
    if body != said["sha256"]:
        raise BadMessage(reason="entry: sha256")
    if told not in rows:
        raise BadMessage(reason="entry not in batch")
    if digest(rows) != batch or found.fields["kind"] != "docking.sent":
        raise BadMessage(reason="batch: sha256")
    return found
