"""What `hutong doctor` asks of the log."""

import stat
from pathlib import Path

from django.db import DatabaseError

from hutong.kernel import doctor
from hutong.kernel.errors import HutongError
from hutong.kernel.text import Text
from hutong.ledger.models import CheckpointRow, EntryRow
from hutong.ledger.store import keys, reading, witnessing

_RESTORE = Text(zh="从备份恢复 keys 文件夹", en="restore the keys folder from a backup")


@doctor.check("ledger.keys")
def check_keys() -> doctor.Finding:
    """The signing key is there when there is something to sign, and only its owner can read it."""
    file = keys.signer_file()
    if not file.exists():
        begun = CheckpointRow.objects.exists()
        what = (
            Text(zh="日志已有内容，但签名密钥不见了", en="the log has content but its signing key is gone")
            if begun
            else Text(zh="尚无密钥，首次写入时生成", en="no key yet; the first entry makes one")
        )
        return doctor.Finding(not begun, what, _RESTORE)
    file = next((each for each in _secrets() if stat.S_IMODE(each.stat().st_mode) & 0o077), file)
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return doctor.Finding(
            ok=False,
            what=Text(zh=f"签名密钥他人可读（{mode:o}）", en=f"others may read the signing key ({mode:o})"),
            fix=Text(zh=f"运行 chmod 600 {file}", en=f"run chmod 600 {file}"),
        )
    try:
        pair = keys.signer().verifier == keys.verifier()
    except HutongError:
        pair = False
    return doctor.Finding(
        pair,
        Text(
            zh="密钥成对" if pair else "公钥与签名密钥不成对",
            en="the keys are a pair" if pair else "the two keys are not a pair",
        ),
        _RESTORE,
    )


def _secrets() -> list[Path]:
    """The log's signing key, those of organisations, and the file of the keys to private values."""
    folder = keys.signer_file().parent
    found = [
        keys.signer_file(),
        *folder.glob("organisations/*"),
        *folder.glob("private.db"),
        *folder.glob("*.pem"),
    ]
    return [each for each in found if each.is_file()]


@doctor.check("ledger.head")
def check_head() -> doctor.Finding:
    """Nothing waits long for its place, and the latest checkpoint reads. The full check is `ledger verify`."""
    fix = Text(zh="运行 hutong ledger verify", en="run hutong ledger verify")
    try:
        pending = EntryRow.objects.filter(leaf_index=None).count()
        row = CheckpointRow.objects.order_by("-size").first()
        size = reading.checkpoint().size if row else 0
    except (DatabaseError, HutongError, UnicodeDecodeError) as error:
        return doctor.Finding(
            ok=False, what=Text(zh=f"无法读取：{error}", en=f"cannot be read: {error}"), fix=fix
        )
    return doctor.Finding(
        pending < _MANY,
        Text(zh=f"日志有 {size} 条，{pending} 条待入树", en=f"the log has {size} entries, {pending} pending"),
        Text(zh="启动 hutong up 或 hutong work", en="start hutong up or hutong work"),
    )


@doctor.check("ledger.witnesses")
def check_witnesses() -> doctor.Finding:
    """Enough witnesses answer for checkpoints to be published, and none has raised an alarm."""
    fix = Text(zh="查看 /ledger/witnesses", en="look at /ledger/witnesses")
    try:
        states, rule = witnessing.witnesses(), witnessing.policy()
    except (HutongError, OSError) as error:
        return doctor.Finding(ok=False, what=Text(zh=str(error), en=str(error)), fix=fix)
    if rule is None:
        return doctor.Finding(ok=True, what=Text(zh="未设见证方", en="no witnesses are set"))
    alarmed = [each.name for each in states if each.alarm]
    if alarmed:
        names = ", ".join(alarmed)
        return doctor.Finding(
            ok=False, what=Text(zh=f"见证方报警：{names}", en=f"witnesses raised an alarm: {names}"), fix=fix
        )
    well = [each.name for each in states if each.seen_at and not each.error]
    return doctor.Finding(
        ok=rule.enough(well) or not CheckpointRow.objects.filter(size__gt=0).exists(),
        what=Text(
            zh=f"{len(states)} 个见证方中 {len(well)} 个正常",
            en=f"{len(well)} of {len(states)} witnesses answer",
        ),
        fix=fix,
    )


_MANY = 10_000
