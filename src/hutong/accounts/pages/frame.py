"""Small things the account pages share."""

from django.contrib import messages
from django.http import HttpRequest

from hutong.accounts.models import Organisation


def organisation_titles() -> dict[str, str]:
    """Titles by id, in the reader's language."""
    return {each.pk: str(each.title) for each in Organisation.objects.all()}


def tell(request: HttpRequest, words: str) -> None:
    """Say it on the next page."""
    messages.success(request, words)


def page_number(request: HttpRequest) -> int:
    """``?page=``, from 1; anything else is the first page."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 and int(asked) else 1
