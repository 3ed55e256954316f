"""On a dataset's page: ask for it."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hutong.accounts.api import Target, current, may
from hutong.catalog.api import EntryRef, Offer, offer


@offer
def ask_for_it(request: HttpRequest, dataset: EntryRef) -> Offer | None:
    """For those who may ask in the name of an organisation that does not have the data itself."""
    actor = current(request)
    if not actor.organisation or actor.organisation == dataset.organisation:
        return None
    if not may(actor, "exchange.request", Target(actor.organisation, kind="exchange-request")):
        return None
    return Offer(_("Ask for shared data"), f"/exchange/new?dataset={dataset.id}")
