"""A proposal is what the log says of it: the entry that proposed it and the answers to it, in their order."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hutong.ledger.logic import locks
from hutong.ledger.types import Cosignature, Proposal

PROPOSED = "ledger.proposed"
COSIGNED = "ledger.cosigned"
REFUSED = "ledger.refused"
WITHDRAWN = "ledger.withdrawn"
CARRIED = "ledger.carried-out"


def begin(urn: str, fields: Mapping[str, Any]) -> Proposal:
    """From the entry that proposed it."""
    said = fields["payload"]
    rule = locks.read_rule(said["rule"])
    return Proposal(
        urn,
        said["kind"],
        fields["subject"],
        said["payload"],
        fields["organisation"],
        rule,
        fields["at"],
        "open",
    )


def follow(proposal: Proposal, answers: Iterable[Mapping[str, Any]]) -> Proposal:
    """After ``answers``, entries about the proposal, oldest first."""
    for fields in answers:
        said = fields["payload"]
        match fields["kind"]:
            case "ledger.cosigned":
                given = Cosignature.from_dict(said["cosignature"])
                proposal = replace(proposal, cosignatures=(*proposal.cosignatures, given))
            case "ledger.refused":
                refusal = (fields["organisation"], str(said["reason"]))
                proposal = replace(proposal, refusals=(*proposal.refusals, refusal))
            case "ledger.withdrawn":
                proposal = replace(proposal, state="withdrawn")
            case "ledger.carried-out":
                proposal = replace(proposal, state="done", entry=int(said["entry"]))
            case _:
                continue
    return replace(proposal, state=_state(proposal))


def fields(proposal: Proposal) -> dict[str, Any]:
    """What co-signers sign of the entry to come."""
    return {
        "kind": proposal.kind,
        "subject": proposal.subject,
        "organisation": proposal.organisation,
        "payload": proposal.payload,
    }


def _state(proposal: Proposal) -> str:
    if proposal.state != "open":
        return proposal.state
    if locks.unreachable(proposal.rule, [name for name, _ in proposal.refusals]):
        return "refused"
    names = [each.organisation for each in proposal.cosignatures]
    return "ready" if locks.satisfied(proposal.rule, names) else "open"
