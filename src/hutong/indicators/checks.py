"""What `hutong doctor` asks about figures."""

from hutong.indicators.day import default_day
from hutong.indicators.definitions import definitions
from hutong.indicators.models import ComputationRow
from hutong.kernel.doctor import Finding, check
from hutong.kernel.text import Text


@check("indicators.figures")
def figures() -> Finding:
    """Every indicator has a figure for the day."""
    day, known = default_day(), set(definitions())
    have = set(ComputationRow.objects.filter(as_of=day, current=True).values_list("indicator", flat=True))
    lacking = sorted(known - have)
    if not lacking:
        said = f"{len(known)} / {len(known)} ({day})"
        return Finding(
            ok=True, what=Text(zh=f"指标均有数值：{said}", en=f"every indicator has a figure: {said}")
        )
    named = ", ".join(lacking[:5]) + (" …" if len(lacking) > 5 else "")
    return Finding(
        ok=False,
        what=Text(
            zh=f"{day} 有 {len(lacking)} 个指标没有数值：{named}",
            en=f"{len(lacking)} lack a figure on {day}: {named}",
        ),
        fix=Text(
            zh="运行 hutong indicators compute，看缺哪些数据表",
            en="run `hutong indicators compute`; it names the tables that are not loaded",
        ),
    )
