"""What `hutong doctor` asks of joint runs."""

from datetime import timedelta
from pathlib import Path

from hutong.kernel import clock
from hutong.kernel.doctor import Finding, check
from hutong.kernel.settings import BadSetting, value
from hutong.kernel.text import Text
from hutong.privacy import certificates, doors
from hutong.privacy.errors import BadCertificate


@check("privacy.joint")
def joint() -> Finding:
    """Addresses can be read, and the engine is where it is said to be, if it is said at all."""
    what = Text(zh="联合计算的引擎与地址", en="engine and addresses of joint runs")
    try:
        doors.listening()
        doors.peers("")
    except BadSetting as wrong:
        return Finding(False, what, wrong.mend)
    over = _over()
    if over is not None:
        return Finding(False, what, over)
    named = str(value("HUTONG_SPU_PYTHON"))
    return Finding(
        not named or Path(named).is_file(),
        what,
        Text(
            zh="HUTONG_SPU_PYTHON 所指的文件不存在：运行 make setup-spu，改用它给出的路径",
            en="HUTONG_SPU_PYTHON names no file: run make setup-spu and take the path it tells",
        ),
    )


def _over() -> Text | None:
    """What to do about a certificate that cannot be read, or is over within a month."""
    try:
        late = [each for each in certificates.held() if each.until < clock.now() + timedelta(days=30)]
    except BadCertificate as wrong:
        return wrong.said
    if not late:
        return None
    name, day = late[0].path.name, late[0].until.date().isoformat()
    return Text(
        zh=f"{name} 中“{late[0].name}”的证书 {day} 到期：用 hutong private certificate 重新制作，由对方 trust",
        en=f"the certificate of “{late[0].name}” in {name} ends on {day}: make it anew by hutong private certificate "
        "and have the other side trust it",
    )
