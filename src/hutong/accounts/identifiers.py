"""Where identifiers of organisations and people lead."""

from django.urls import reverse

from hutong.accounts.models import LOGIN, Organisation
from hutong.kernel.urn import Urn, resolver


@resolver("organisation")
def organisation(urn: Urn) -> str | None:
    found = Organisation.objects.filter(urn=str(urn)).first()
    return reverse("accounts:organisation", args=[found.pk]) if found else None


@resolver("person")
def person(urn: Urn) -> str | None:
    """Leads on without looking, so that nobody learns from the answer which login names there are."""
    return reverse("accounts:person", args=[urn.local]) if LOGIN.match(urn.local) else None
