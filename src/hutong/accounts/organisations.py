"""The tree of organisations: kept in step with the pack, each change recorded and told."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from hutong.accounts.errors import BadOrganisation
from hutong.accounts.models import Organisation
from hutong.accounts.types import OrganisationChanged, OrganisationRef, organisation_id
from hutong.kernel import audit, clock
from hutong.kernel.db import atomic
from hutong.kernel.events import publish
from hutong.kernel.urn import Urn


@dataclass(frozen=True, slots=True)
class Facts:
    """What a pack says of an organisation; ``parent`` is an id."""

    id: str
    title_zh: str
    title_en: str
    kind: str
    parent: str = ""
    division: str = ""
    abbreviation_zh: str = ""
    abbreviation_en: str = ""
    reference: str = ""


def apply(scope: str, wanted: Sequence[Facts]) -> int:
    """Make the tree as ``wanted`` says, parents first; what ``scope`` no longer names is closed, not deleted.

    Returns how many changed; applying the same again changes nothing.
    """
    with atomic():
        changed = sum(_put(scope, each) for each in _parents_first(wanted))
        gone = Organisation.objects.filter(urn__startswith=f"urn:hutong:{scope}:organisation:", active=True)
        for row in gone.exclude(pk__in=[each.id for each in wanted]):
            row.active = False
            row.changed_at = clock.now()
            row.save(update_fields=["active", "changed_at"])
            _tell(row, "closed", {"active": [True, False]})
            changed += 1
    return changed


def organisation(name: str) -> OrganisationRef | None:
    """The organisation of an id or URN."""
    row = Organisation.objects.filter(pk=organisation_id(name)).first()
    return _ref(row) if row else None


def organisations() -> list[OrganisationRef]:
    """All that are not closed, by id."""
    return [_ref(each) for each in Organisation.objects.filter(active=True)]


def _put(scope: str, facts: Facts) -> bool:
    values = asdict(facts)
    values["parent_id"] = values.pop("parent") or None
    row = Organisation.objects.filter(pk=facts.id).first()
    if row is None:
        row = Organisation.objects.create(urn=str(Urn(scope, "organisation", facts.id)), **values)
        _tell(row, "added", {})
        return True
    before = {name: getattr(row, name) for name in (*values, "active")}
    differing = {
        name: [before[name], new] for name, new in {**values, "active": True}.items() if before[name] != new
    }
    if not differing:
        return False
    for name, (_old, new) in differing.items():
        setattr(row, name, new)
    row.changed_at = clock.now()
    row.save()
    _tell(row, "changed", differing)
    return True


def _tell(row: Organisation, change: str, differing: dict[str, list[object]]) -> None:
    audit.record(f"organisation.{change}", row.urn, changes=differing)
    publish(
        OrganisationChanged(
            row.urn, row.pk, row.parent_id or "", row.kind, row.title_zh, row.title_en, row.division, change
        )
    )


def _parents_first(wanted: Sequence[Facts]) -> list[Facts]:
    left = {each.id: each for each in wanted}
    known = set(Organisation.objects.values_list("pk", flat=True)) - set(left)
    ordered: list[Facts] = []
    while left:
        ready = [each for each in left.values() if not each.parent or each.parent in known]
        if not ready:
            names = "、".join(sorted(left)[:5])
            raise BadOrganisation(
                reason_zh=f"机构 {names} 的上级不存在或构成循环",
                reason_en=f"the parents of {names} are missing or form a loop",
            )
        ordered += ready
        known |= {each.id for each in ready}
        left = {key: each for key, each in left.items() if key not in known}
    return ordered


def _ref(row: Organisation) -> OrganisationRef:
    return OrganisationRef(
        row.pk, row.urn, row.title, row.kind, row.parent_id or "", row.division, row.abbreviation
    )
