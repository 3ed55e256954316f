"""The bound on calls may be left to a proxy."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_none_counts_nothing(monkeypatch):
    monkeypatch.setenv("HUTONG_API_RATE", "2/min")
    assert [Client().get("/api/3/action/site_read").status_code for _ in range(3)] == [200, 200, 429]
    monkeypatch.setenv("HUTONG_API_RATE", "none")
    assert {Client().get("/api/3/action/site_read").status_code for _ in range(5)} == {200}
