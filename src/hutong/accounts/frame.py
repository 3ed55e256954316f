"""What the page frame asks of accounts: who looks, what they may do, and the entries of the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hutong.accounts.access import current, may
from hutong.accounts.models import Organisation
from hutong.ui.api import Entry, Viewer, declare, provide


def viewer(request: HttpRequest) -> Viewer:
    """Who looks at the page."""
    actor = current(request)
    home = Organisation.objects.filter(pk=actor.organisation).first() if actor.organisation else None
    return Viewer(
        name=actor.name, organisation=str(home.title) if home else "", is_authenticated=actor.is_authenticated
    )


def allowed(request: HttpRequest, action: str) -> bool:
    """Whether whoever looks may do it at all."""
    return bool(may(current(request), action))


provide(viewer=viewer, may=allowed)
declare(Entry(key="people", url="/people", label=_("People"), action="people.manage", order=910))
declare(Entry(key="audit", url="/audit", label=_("Audit trail"), action="audit.view", order=920))
