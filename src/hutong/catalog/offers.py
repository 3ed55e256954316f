"""What other capabilities offer on a dataset's page: they register here, the catalog knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from hutong.catalog.types import EntryRef


@dataclass(frozen=True, slots=True)
class Offer:
    """A link on the page of a dataset."""

    text: str
    url: str


Offering = Callable[[HttpRequest, EntryRef], Offer | None]
_offerings: list[Offering] = []


def offer(offering: Offering) -> Offering:
    """Ask ``offering`` about every dataset shown; None where it has nothing for the reader."""
    if offering not in _offerings:
        _offerings.append(offering)
    return offering


def of(request: HttpRequest, dataset: EntryRef) -> list[Offer]:
    return [found for each in _offerings if (found := each(request, dataset)) is not None]
