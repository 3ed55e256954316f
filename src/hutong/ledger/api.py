"""The only door: write an entry with a change, prove it, check everything.

``append`` joins the caller's transaction; the entry gets its place in the tree once that commits. What an entry
says about files it says by ``commit_file``, and the capability that owns the files registers with
``register_evidence`` how they are found again: ``hutong ledger verify`` then covers them.
"""

from hutong.ledger.logic.evidence import check as check_evidence
from hutong.ledger.store.appending import append, append_many, entry_urn
from hutong.ledger.store.files import check_file, commit_file, keep
from hutong.ledger.store.integrating import integrate
from hutong.ledger.store.reading import (
    activity,
    checkpoint,
    consistency,
    counts,
    entries_about,
    entry,
    evidence,
    find,
    inclusion,
    organisations,
    tile,
    verifier_key,
)
from hutong.ledger.verification.whole import register_evidence, verify

__all__ = [
    "activity",
    "append",
    "append_many",
    "check_evidence",
    "check_file",
    "checkpoint",
    "commit_file",
    "consistency",
    "counts",
    "entries_about",
    "entry",
    "entry_urn",
    "evidence",
    "find",
    "inclusion",
    "integrate",
    "keep",
    "organisations",
    "register_evidence",
    "tile",
    "verifier_key",
    "verify",
]
