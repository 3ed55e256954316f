"""The only door: write an entry with a change, prove it, check everything.

``append`` joins the caller's transaction; the entry gets its place in the tree once that commits. What an entry
says about files it says by ``measure_file`` and ``commit_file``, and the capability that owns the files registers with
``register_evidence`` how they are found again: ``hutong ledger verify`` then covers them.
"""

from hutong.ledger.happenings import ProposalReady, WitnessAlarm
from hutong.ledger.logic.alarms import said as alarm_said
from hutong.ledger.logic.evidence import Checked, check_any
from hutong.ledger.logic.evidence import check as check_evidence
from hutong.ledger.logic.growth import check_growth, open_checkpoint
from hutong.ledger.store.appending import append, append_many, append_signed, entry_urn
from hutong.ledger.store.completing import evidence_about, evidence_lines
from hutong.ledger.store.custody import add_key, keyholders, revoke_key
from hutong.ledger.store.files import check_file, commit_file, keep, measure_file
from hutong.ledger.store.indexing import LabelState, index, label_state
from hutong.ledger.store.integrating import integrate
from hutong.ledger.store.organisations import organisation_keys, sign_as, verify_signature
from hutong.ledger.store.private import commit_private, disclose, erase, reveal
from hutong.ledger.store.proposals import (
    carry_out,
    cosign,
    cosign_text,
    find_proposals,
    lock_of,
    lock_payload,
    proposal,
    propose,
    refuse,
    withdraw,
)
from hutong.ledger.store.reading import (
    activity,
    checkpoint,
    checkpoint_at,
    consistency,
    counts,
    entries_about,
    entry,
    evidence,
    find,
    inclusion,
    organisations,
    published,
    read_checkpoint,
    tile,
    verifier_key,
)
from hutong.ledger.store.witnessing import WitnessState, gather, policy, settle, witnesses
from hutong.ledger.verification.whole import register_evidence, verify

__all__ = [
    "Checked",
    "LabelState",
    "ProposalReady",
    "WitnessAlarm",
    "WitnessState",
    "activity",
    "add_key",
    "alarm_said",
    "append",
    "append_many",
    "append_signed",
    "carry_out",
    "check_any",
    "check_evidence",
    "check_file",
    "check_growth",
    "checkpoint",
    "checkpoint_at",
    "commit_file",
    "commit_private",
    "consistency",
    "cosign",
    "cosign_text",
    "counts",
    "disclose",
    "entries_about",
    "entry",
    "entry_urn",
    "erase",
    "evidence",
    "evidence_about",
    "evidence_lines",
    "find",
    "find_proposals",
    "gather",
    "inclusion",
    "index",
    "integrate",
    "keep",
    "keyholders",
    "label_state",
    "lock_of",
    "lock_payload",
    "measure_file",
    "open_checkpoint",
    "organisation_keys",
    "organisations",
    "policy",
    "proposal",
    "propose",
    "published",
    "read_checkpoint",
    "refuse",
    "register_evidence",
    "reveal",
    "revoke_key",
    "settle",
    "sign_as",
    "tile",
    "verifier_key",
    "verify",
    "verify_signature",
    "withdraw",
    "witnesses",
]
