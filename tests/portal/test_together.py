"""Registrations at once: each has its own entry, record and answer."""

import threading

import pytest
from django.db import connection

from hutong.kernel import audit
from hutong.kernel.models import AuditRecord
from hutong.ledger import api as ledger
from hutong.portal import together
from hutong.portal.ckan import writing
from hutong.portal.errors import NameTaken
from hutong.portal.models import Package
from tests.portal.test_ckan import OFFICE, office, outside  # noqa: F401 - the data office's people

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_at_once_with_one_that_is_taken(office):  # noqa: F811 - the fixture of that name
    names = [*(f"set-{number}" for number in range(24)), "set-3"]
    failed: list[str] = []

    def work(number: int, name: str) -> None:
        try:
            with audit.acting(audit.Origin(f"urn:hutong:t:person:p{number}", OFFICE)):
                body, owner = writing.draft(outside(name), None)
                together.register(body, owner)
        except NameTaken:
            failed.append(name)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=each) for each in enumerate(names)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert failed == ["set-3"]
    rows = list(Package.objects.filter(origin="registered"))
    assert len(rows) == 24
    assert len({row.change for row in rows}) == 24
    for row in rows:
        assert len(ledger.entries_about(row.urn)) == 1
        number = row.name.removeprefix("set-")
        actor = AuditRecord.objects.get(action="portal.publish", subject=row.urn).actor
        assert actor == f"urn:hutong:t:person:p{number}" or row.name == "set-3"
