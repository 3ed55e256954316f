"""The demo's locks: the organisations of each have agreed to it, and one change of a locked duty waits."""

from typing import Final

from hutong.catalog import api as catalog
from hutong.ledger import api as ledger
from hutong.packs.api import Pack

WAITING: Final = "statistics-bureau/economic-monitoring"
ARTICLE: Final = "第二十四条"


def agree(pack: Pack) -> int:
    """Let the locks of the pack hold and propose one change. Returns how many were agreed to; safe to repeat."""
    agreed = 0
    for spec in pack.values("locks"):
        for local in spec.entries:
            urn = catalog.find(catalog.Kind(spec.level), local).urn
            for asked in ledger.find_proposals(subject=urn, state="open"):
                if asked.kind == "ledger.lock":
                    for by in asked.rule.organisations[: asked.rule.needed]:
                        catalog.cosign(asked.urn, by)
                    agreed += 1
    _propose()
    return agreed


def _propose() -> None:
    """The statistics bureau would name the article of the law; finance has signed, one more has to."""
    duty = catalog.find(catalog.Kind.DUTY, WAITING)
    rule = ledger.lock_of(duty.urn)
    if rule is None or any(each.kind == "catalog.duty" for each in ledger.find_proposals(subject=duty.urn)):
        return
    first, *others = duty.body["basis"]
    body = {**duty.body, "basis": [{**first, "article": ARTICLE}, *others]}
    reason = "补充法律条款（演示，人工合成）"
    written = catalog.edit(duty.kind, duty.urn, body, expected=duty.version, reason=reason)
    catalog.cosign(written.proposal, rule.organisations[1])
