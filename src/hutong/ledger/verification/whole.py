"""The whole check, in the order of what depends on what."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from django.db import DatabaseError, connection

from hutong.kernel.db import is_sqlite
from hutong.kernel.errors import HutongError
from hutong.kernel.text import Text
from hutong.ledger.errors import BadEntry, BadKey, KeyMissing
from hutong.ledger.logic import notes
from hutong.ledger.models import (
    CheckpointRow,
    CosignatureRow,
    EntryRow,
    KeptRow,
    MapTileRow,
    MentionRow,
    TallyRow,
    TileRow,
)
from hutong.ledger.store import keys, reading
from hutong.ledger.types import Checkpoint, Entry, Fault, VerifyReport
from hutong.ledger.verification import cosignatures, kept
from hutong.ledger.verification.checkpoints import Roots, check_checkpoints
from hutong.ledger.verification.following import Follower
from hutong.ledger.verification.tree import TreeCheck

EvidenceVerifier = Callable[[Entry], Iterable[Fault]]
Progress = Callable[[int, int], None]

_evidence: dict[str, EvidenceVerifier] = {}
_ORDER = ("database", "key", "entry", "tile", "checkpoint", "map", "blocks", "file")
_KEY = Text(zh="公钥文件无法读取", en="the verifier key cannot be read")
_UNREADABLE = Text(
    zh="条目所承诺的内容无法核对：内容格式不是其所有者所写",
    en="its owner cannot read what the entry commits to",
)
SET_BACK = Text(
    zh="日志比此前核验过的检查点短：曾被回退",
    en="the log is shorter than the checkpoint verified before: it was set back",
)
SPLIT = Text(
    zh="与此前核验过的检查点不同：同一规模签了两个根",
    en="another root than that of the checkpoint verified before: two were signed for one size",
)
_OTHER_KEY = Text(
    zh="公钥文件与签名密钥不是一对", en="the verifier key is not the counterpart of the signing key"
)


def register_evidence(kind: str, verifier: EvidenceVerifier) -> None:
    """What entries of ``kind`` commit to outside the log (as lake files) is re-checked by ``verifier``."""
    _evidence[kind] = verifier


def verify(
    *, evidence: bool = True, progress: Progress | None = None, since: Checkpoint | None = None
) -> VerifyReport:
    """Everything: keys, checkpoints, entries, tiles, consistency, and unless told otherwise the evidence.

    ``since``: a checkpoint up to which everything was verified before, kept by whoever asks. That the log still begins
    with those very entries is checked; their signatures are then not judged once more.
    """
    checked: Counter[str] = Counter()
    faults: list[Fault] = []
    signed = Roots()
    try:
        faults += _check_keys()
        faults += _check_database()
        key = _verifier()
        checked["checkpoints"] = check_checkpoints(key, faults, signed)
        faults += cosignatures.check(checked)
        known = _known(since, signed, faults)
        checked["verified before"] = known
        with Follower(key.name if key else keys.origin(), checked, known) as follower:
            TreeCheck(signed, faults, checked, follower, since if known else None).run(progress)
            if any(fault.part == "entry" for fault in faults):
                follower.give_up()
            faults += follower.finish()
        if evidence:
            faults += _check_evidence(checked)
            faults += kept.check(checked, {fault.name for fault in faults if fault.part == "blocks"})
    except (DatabaseError, UnicodeDecodeError) as error:  # the database's message may quote damaged text
        text = str(error)
        faults.append(
            Fault("database", "database", Text(zh=f"数据库无法读取：{text}", en=f"cannot read: {text}"))
        )
    faults.sort(key=lambda fault: _ORDER.index(fault.part) if fault.part in _ORDER else len(_ORDER))
    last = signed.last
    return VerifyReport(last.size if last else 0, last.root if last else b"", dict(checked), tuple(faults))


def _known(since: Checkpoint | None, signed: Roots, faults: list[Fault]) -> int:
    """How many entries were verified before; none when what the log signs cannot follow from that."""
    if since is None:
        return 0
    if since.size > (signed.last.size if signed.last else 0):
        faults.append(Fault("checkpoint", f"checkpoint {since.size}", SET_BACK))
    elif signed.get(since.size) not in {None, since.root}:
        faults.append(Fault("checkpoint", f"checkpoint {since.size}", SPLIT, "root"))
    else:
        return since.size
    return 0


def _check_keys() -> Iterator[Fault]:
    try:
        public = keys.verifier()
    except (KeyMissing, BadKey, UnicodeDecodeError):
        if keys.signer_file().exists():
            yield Fault("key", keys.verifier_file().name, _KEY)
        return
    if keys.signer_file().exists():
        try:
            pair = keys.signer().verifier == public
        except (BadKey, UnicodeDecodeError):
            pair = False
        if not pair:
            yield Fault("key", keys.verifier_file().name, _OTHER_KEY)


def _verifier() -> notes.VerifierKey | None:
    """The public key to check signatures with; from the signing key when its own file is damaged."""
    for find in (keys.verifier, lambda: keys.signer().verifier):
        try:
            return find()
        except (KeyMissing, BadKey, UnicodeDecodeError):
            continue
    return None


def _check_evidence(checked: Counter[str]) -> Iterator[Fault]:
    for kind, verifier in sorted(_evidence.items()):
        for entry_id in EntryRow.objects.filter(kind=kind).order_by("id").values_list("id", flat=True):
            checked["evidence"] += 1
            yield from _evidence_faults(entry_id, verifier)


def _evidence_faults(entry_id: int, verifier: EvidenceVerifier) -> list[Fault]:
    try:
        return list(verifier(reading.entry(entry_id)))
    except BadEntry:
        return []  # the entry itself is damaged, which the tree has told already
    except HutongError as error:
        return [Fault("file", f"entry {entry_id}", error.said, "evidence")]
    except (LookupError, TypeError, ValueError):  # the payload is not what its owner writes
        return [Fault("file", f"entry {entry_id}", _UNREADABLE, "evidence")]


def _check_database() -> Iterator[Fault]:
    """SQLite's own check of the log's tables and their indices; PostgreSQL has no such question."""
    if not is_sqlite():
        return
    for model in (
        EntryRow,
        TileRow,
        CheckpointRow,
        KeptRow,
        CosignatureRow,
        TallyRow,
        MapTileRow,
        MentionRow,
    ):
        table = model._meta.db_table  # noqa: SLF001 - Django's documented interface
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA integrity_check('{table}')")
            for (said,) in cursor.fetchall():
                if said != "ok":
                    yield Fault("database", table, Text(zh=f"数据库文件损坏：{said}", en=said))
