"""`hutong ledger verify` also re-checks the batches: what is kept of each against what the log says."""

from collections.abc import Iterable

from hutong.kernel.text import Text
from hutong.ledger.api import register_evidence
from hutong.ledger.types import Entry, Fault


def verify(entry: Entry) -> Iterable[Fault]:
    """Faults of the batch that ``entry`` tells of."""
    from hutong.docking.batches import digest  # noqa: PLC0415 - models load after the apps
    from hutong.docking.models import Batch  # noqa: PLC0415 - with it

    kept = Batch.objects.filter(entry=entry.id).first()
    name = f"batch {entry.payload['batch'][:16]}"
    if kept is None:
        yield Fault("docking", name, Text(zh="缺少该批次", en="the batch is missing"))
    elif digest(kept.items) != entry.payload["batch"]:
        yield Fault("docking", name, Text(zh="批次内容与日志不一致", en="the batch differs from the log"))


register_evidence("docking.sent", verify)
register_evidence("docking.received", verify)
