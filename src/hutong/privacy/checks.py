"""What `hutong doctor` asks of joint runs."""

from pathlib import Path

from hutong.kernel.doctor import Finding, check
from hutong.kernel.settings import BadSetting, value
from hutong.kernel.text import Text
from hutong.privacy import doors


@check("privacy.joint")
def joint() -> Finding:
    """Addresses can be read, and the engine is where it is said to be, if it is said at all."""
    what = Text(zh="联合计算的引擎与地址", en="engine and addresses of joint runs")
    try:
        doors.listening()
        doors.peers("")
    except BadSetting as wrong:
        return Finding(False, what, wrong.mend)
    named = str(value("HUTONG_SPU_PYTHON"))
    return Finding(
        not named or Path(named).is_file(),
        what,
        Text(
            zh="HUTONG_SPU_PYTHON 所指的文件不存在：运行 make setup-spu，改用它给出的路径",
            en="HUTONG_SPU_PYTHON names no file: run make setup-spu and take the path it tells",
        ),
    )
