"""Which keys an organisation has, by what the log itself says of them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from hutong.ledger.errors import BadKey
from hutong.ledger.logic import statements
from hutong.ledger.logic.notes import VerifierKey
from hutong.ledger.types import Cosignature, OrganisationKey, Signature

ADDED = "ledger.key-added"
REVOKED = "ledger.key-revoked"


class Keyring:
    """Grows by the key entries of a log, in the order of the log. ``name_of`` makes the names an organisation
    goes by (its id, its URN) one.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._keys: dict[str, dict[str, OrganisationKey]] = {}

    def take(self, entry_id: int, fields: Mapping[str, Any]) -> str:
        """Follow one entry. Returns what is wrong with it, empty when nothing is."""
        if fields["kind"] not in {ADDED, REVOKED}:
            return ""
        own = self._keys.setdefault(fields["subject"], {})
        if fields["organisation"] and fields["payload"].get("organisation") != fields["organisation"]:
            return "an organisation manages its own keys only"
        try:
            key = VerifierKey.parse(fields["payload"]["key"])
        except (BadKey, LookupError, TypeError, AttributeError):
            return "malformed key"
        name = key.key_id.hex()
        if fields["kind"] == ADDED:
            if name in own:
                return "the key is known already"
            held = str(fields["payload"].get("held", "here"))
            own[name] = OrganisationKey(fields["subject"], str(key), held == "here", entry_id, fields["at"])
        elif name not in own or own[name].revoked_by:
            return "there is no such key to revoke"
        else:
            own[name] = replace(own[name], revoked_by=entry_id, revoked_at=fields["at"])
        return ""

    def keys(self, subject: str) -> tuple[OrganisationKey, ...]:
        return tuple(self._keys.get(subject, {}).values())

    def valid(self, subject: str) -> tuple[OrganisationKey, ...]:
        return tuple(each for each in self.keys(subject) if not each.revoked_by)

    def subjects(self) -> list[str]:
        return sorted(self._keys)

    def present(self, subject: str, key: str) -> VerifierKey | None:
        """The key of this id, if the organisation has it now."""
        found = self._keys.get(subject, {}).get(key)
        return _read(found.key) if found and not found.revoked_by else None

    def accepts(self, subject: str, key: str, text: bytes, value: bytes) -> bool:
        """Whether ``value`` is a signature over ``text`` by a key the organisation has now."""
        found = self.present(subject, key)
        return found is not None and found.accepts(text, value)

    def signed(self, subject: str, fields: Mapping[str, Any], signature: Signature) -> bool:
        return self.accepts(subject, signature.key, statements.entry(self.origin, fields), signature.value)

    def cosigned(self, subject: str, fields: Mapping[str, Any], proposal: str, by: Cosignature) -> bool:
        text = statements.cosignature(self.origin, fields, proposal, by.organisation, by.at)
        return self.accepts(subject, by.key, text, by.value)


@lru_cache(maxsize=1024)
def _read(key: str) -> VerifierKey:
    return VerifierKey.parse(key)
