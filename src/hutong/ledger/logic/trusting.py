"""Whom a checker trusts: the log's key, and how many witnesses. Both come from the checker, not from the file."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hutong.ledger.errors import BadProof
from hutong.ledger.logic import checkpoints, cosignatures, notes, policies
from hutong.ledger.types import Checkpoint


@dataclass(frozen=True, slots=True)
class Trusted:
    """Who vouches for a checkpoint. ``own_key``, ``own_policy``: taken from the file itself, so not yet trusted."""

    signed_by: str
    witnesses: tuple[tuple[str, datetime], ...]
    quorum: bool
    own_key: bool
    own_policy: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """A verifier key and a witness policy that the checker has from elsewhere; empty: what the file names."""

    key: str = ""
    policy: str = ""

    def open(self, note: str, file_key: str, file_policy: str) -> tuple[Checkpoint, Trusted]:
        """The checkpoint, once its signature holds and, under a policy, enough witnesses have cosigned it."""
        rule = policies.parse(self.policy or file_policy or "quorum none\n")
        keys = [notes.VerifierKey.parse(self.key)] if self.key else list(rule.logs if self.policy else ())
        keys = keys or [notes.VerifierKey.parse(file_key)]
        signed, found = notes.open_note(note, keys)
        checkpoint = checkpoints.parse_body(signed.text, note)
        if checkpoint.origin != found[0].name:
            raise BadProof(reason="origin differs from the key name")
        cosigned = _cosigned(signed, rule)
        enough = rule.quorum != policies.NONE and rule.enough([name for name, _ in cosigned])
        if self.policy and not rule.enough([name for name, _ in cosigned]):
            raise BadProof(reason="too few of the witnesses you trust have cosigned the checkpoint")
        own_key = not self.key and not (self.policy and rule.logs)
        trusted = Trusted(str(found[0]), tuple(cosigned), enough, own_key, not self.policy)
        return checkpoint, trusted


def _cosigned(note: notes.Note, rule: policies.Policy) -> list[tuple[str, datetime]]:
    """Witnesses whose cosignature holds, and when they gave it. One that does not hold makes the note bad."""
    known = {(each.key.name, each.key.key_id): each for each in rule.witnesses}
    found = []
    for line in note.signatures:
        each = known.get((line.name, line.key_id))
        if each is None:
            continue
        if not each.key.accepts(note.text.encode(), line.value):
            raise BadProof(reason="the cosignature of {name} does not hold", name=each.name)
        found.append((each.name, datetime.fromtimestamp(cosignatures.time_of(line), UTC)))
    return found
