"""On a dataset's page: its risk, for those who watch over data."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hutong.accounts.api import Target, current, may
from hutong.catalog.api import EntryRef, Offer, offer


@offer
def its_risk(request: HttpRequest, dataset: EntryRef) -> Offer | None:
    if not may(current(request), "posture.view", Target(dataset.organisation, kind="posture")):
        return None
    return Offer(_("Risk"), f"/posture/datasets/{dataset.id}")
