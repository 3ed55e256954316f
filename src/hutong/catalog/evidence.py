"""`hutong ledger verify` also re-checks the catalog: every version's body against the digest in the log."""

from collections.abc import Iterable

from hutong.catalog.logic.bodies import digest
from hutong.catalog.types import Kind
from hutong.kernel.text import Text
from hutong.ledger.api import register_evidence
from hutong.ledger.types import Entry, Fault


def verify(entry: Entry) -> Iterable[Fault]:
    """Faults of the version that ``entry`` is about."""
    from hutong.catalog.models import Version  # noqa: PLC0415 - models load after the apps

    told = entry.payload
    kept = Version.objects.filter(urn=entry.subject, version=told["version"]).first()
    name = f"{entry.subject} v{told['version']}"
    if kept is None:
        yield Fault("catalog", name, Text(zh="目录中缺少这一版本", en="the catalog lacks this version"))
    elif digest(kept.body) != told["body_sha256"]:
        yield Fault(
            "catalog",
            name,
            Text(zh="目录条目与日志不一致", en="the catalog entry differs from the log"),
            field="body",
        )
    elif kept.note != {name: told[name] for name in ("reason", "successor") if name in told}:
        yield Fault(
            "catalog",
            name,
            Text(zh="变更说明与日志不一致", en="what is said of the version differs from the log"),
            field="note",
        )


for _kind in (Kind.DUTY, Kind.DATASET, Kind.SYSTEM):
    register_evidence(f"catalog.{_kind}", verify)
