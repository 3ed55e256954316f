"""What the doctor asks of the packs."""

from hutong.kernel.doctor import Finding, check
from hutong.kernel.errors import HutongError
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.packs import api


@check("packs.installed")
def installed() -> Finding:
    """The district pack is there and breaks no rule."""
    name = str(value("HUTONG_PACK"))
    try:
        pack = api.load(name)
    except HutongError as error:
        return Finding(ok=False, what=error.said, fix=error.mend)
    return Finding(
        ok=True, what=Text(zh=f"区包 {pack.id} 没有问题", en=f"the district pack {pack.id} has no problems")
    )
