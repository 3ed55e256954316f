"""The session store: Django's own, in the database, with the person, address and browser beside each."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from hutong.accounts.models import Session
from hutong.kernel import clock

STARTED, SEEN, ADDRESS, AGENT = "_started", "_seen", "_address", "_agent"


class SessionStore(DatabaseStore):
    """Keeps whose session it is in columns, read from the session's own data."""

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        person = data.get(SESSION_KEY)
        row.person_id = int(person) if person else None
        row.started_at = _moment(data.get(STARTED))
        row.seen_at = _moment(data.get(SEEN))
        row.address = data.get(ADDRESS)
        row.agent = str(data.get(AGENT, ""))[:300]
        return row


def _moment(stamp: object) -> datetime:
    return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int | float) else clock.now()
