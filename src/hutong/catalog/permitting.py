"""Who may write what: one place for the form, the workbook and the interface."""

from hutong.accounts.api import Actor, Target, allow, may
from hutong.catalog import store, unclaimed
from hutong.catalog.errors import NoSuchEntry, NotTheirs
from hutong.catalog.shown import organisation_title
from hutong.catalog.types import EntryRef, Kind


def target(entry: EntryRef) -> Target:
    return Target(entry.organisation, entry.grade, str(entry.kind))


def own(actor: Actor) -> str:
    """The organisation in whose name the actor writes: the home one where that is among them; empty where none is."""
    known = [actor.organisation, *sorted(name for _role, name in actor.reach or ())]
    aims = ((each, Target(each, "general", str(Kind.DATASET))) for each in known if each)
    return next((each for each, aim in aims if may(actor, "catalog.edit", aim)), "")


def allow_some(actor: Actor) -> None:
    """Go on where there is an organisation in whose name the actor writes; raises ``Refused``."""
    allow(actor, "catalog.edit", Target(own(actor), "general", str(Kind.DATASET)))


def allow_write(actor: Actor, draft: store.Draft) -> None:
    """The entry as it stands, or last stood, decides, and whose it would be; raises ``Refused`` or ``NotTheirs``.

    Whoever catalogues a table answers for it and sees its rows. So a table that is in the lake already is catalogued by
    the organisation to which it was handed, or whose it was.
    """
    allow(actor, "catalog.edit", Target(draft.organisation, draft.grade, str(draft.kind)))
    try:
        allow(actor, "catalog.edit", target(store.known(draft.urn)))
    except NoSuchEntry:
        if draft.kind is Kind.DATASET and unclaimed.holds(draft.local):
            _allow_claim(actor, draft)


def _allow_claim(actor: Actor, draft: store.Draft) -> None:
    if unclaimed.handed_to(draft.local) != draft.organisation and not may(actor, "catalog.hand"):
        raise NotTheirs(table=draft.local, organisation=organisation_title(draft.organisation))
