"""Content kept beside the log under its SHA-256."""

from collections import Counter
from collections.abc import Collection, Iterator
from hashlib import sha256

from hutong.kernel.text import Text
from hutong.ledger.logic.locate import Spot, wrong_byte
from hutong.ledger.models import KeptRow
from hutong.ledger.types import Fault

CHANGED = Text(zh="保存的内容与其摘要不符", en="the kept content differs from its digest")
_SEARCHED = 16_384


def check(checked: Counter[str], known: Collection[str]) -> Iterator[Fault]:
    """Faults of kept content, except where ``known`` already names it."""
    for digest, data in KeptRow.objects.order_by("sha256").values_list("sha256", "data").iterator(50):
        checked["kept"] += 1
        raw = bytes(data)
        if sha256(raw).hexdigest() == digest or digest in known:
            continue
        spot = _spot(raw, digest) if len(raw) <= _SEARCHED else None
        yield Fault("blocks", digest, CHANGED, "", *(spot or Spot(0, len(raw))))


def _spot(raw: bytes, digest: str) -> Spot | None:
    try:
        return wrong_byte(raw, bytes.fromhex(digest))
    except ValueError:
        return None
