"""The demo's planted reading becomes an alert, once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hutong.demo import posture
from hutong.exchange.types import ContractRef
from hutong.kernel import clock
from hutong.posture.api import alerts, findings
from hutong.posture.types import AlertKind
from tests.exchange.conftest import NOW
from tests.posture.test_alerts import use

pytestmark = pytest.mark.django_db


def test_the_planted_reading_is_found_once(agreed: Callable[..., ContractRef]):
    use(agreed())
    with clock.freeze(NOW + timedelta(days=23)):
        assert posture.seed() >= 1
        assert AlertKind.HOUR in {each.kind for each in alerts.waiting()}
        assert len(findings.listed()) >= 3
        assert posture.seed() == 0
