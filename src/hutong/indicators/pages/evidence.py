"""Evidence of a task as a person reads it."""

from collections.abc import Mapping
from contextlib import suppress

from hutong.accounts.api import Actor, Target, may
from hutong.catalog import api as catalog
from hutong.kernel.errors import NotFound
from hutong.kernel.urn import Urn


def shown(actor: Actor, each: Mapping[str, str]) -> dict[str, str]:
    if each["kind"] == "data":
        return {"text": _data_name(actor, Urn.parse(each["text"])), "url": f"/id/{each['text']}"}
    return {"text": each["text"], "url": each["text"] if each["kind"] == "url" else ""}


def _data_name(actor: Actor, named: Urn) -> str:
    """The title of a dataset the reader may see in the catalog; the identifier of anything else."""
    if named.kind == "dataset":
        with suppress(NotFound):
            entry = catalog.dataset(named.local)
            seen = Target(entry.organisation, entry.grade, "dataset", public=entry.is_open)
            if may(actor, "catalog.view", seen):
                return str(entry.title)
    return str(named)
