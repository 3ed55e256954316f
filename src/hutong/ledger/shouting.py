"""What witnesses found wrong reaches people: above every page of those who answer for the log, and in the metrics."""

from collections.abc import Iterator

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import gettext
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hutong.accounts.api import current, may
from hutong.kernel.errors import HutongError
from hutong.ledger.models import CheckpointRow, EntryRow, WitnessRow
from hutong.ledger.store import witnessing
from hutong.ui.api import Shout

WHERE = "/ledger/witnesses"


def shouts(request: HttpRequest) -> list[Shout]:
    """One for all alarms that are not settled, for those who may settle them."""
    if not may(current(request), "ledger.alarms"):
        return []
    try:
        names = list(WitnessRow.objects.exclude(alarm="").order_by("name").values_list("name", flat=True))
    except DatabaseError:
        return []
    if not names:
        return []
    text = gettext("The ledger contradicts what was witnessed before; alarm raised by: %(names)s.")
    return [Shout(text % {"names": ", ".join(names)}, WHERE)]


class LedgerMetrics(Collector):
    """Sizes and witnesses of the log, read when they are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            yield from _measured()
        except (DatabaseError, HutongError, OSError):
            yield _gauge("hutong_ledger_readable", "Whether the log could be read.", 0)
            return
        yield _gauge("hutong_ledger_readable", "Whether the log could be read.", 1)

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # nothing is read while the applications start


def watch() -> None:
    """Once for each process."""
    REGISTRY.register(LedgerMetrics())


def _measured() -> list[GaugeMetricFamily]:
    size = CheckpointRow.objects.order_by("-size").values_list("size", flat=True).first() or 0
    waiting = EntryRow.objects.filter(leaf_index=None).count()
    lag = GaugeMetricFamily("hutong_ledger_witness_lag", "Entries not cosigned yet.", labels=["witness"])
    alarm = GaugeMetricFamily(
        "hutong_ledger_witness_alarm", "1 while an alarm of this witness is not settled.", labels=["witness"]
    )
    states = witnessing.witnesses()
    for each in states:
        lag.add_metric([each.name], each.lag)
        alarm.add_metric([each.name], bool(each.alarm))
    return [
        _gauge("hutong_ledger_size", "Entries under the newest checkpoint.", size),
        _gauge("hutong_ledger_pending", "Entries waiting for their place.", waiting),
        _gauge(
            "hutong_ledger_alarms",
            "Alarms of witnesses that are not settled.",
            sum(bool(each.alarm) for each in states),
        ),
        lag,
        alarm,
    ]


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)
