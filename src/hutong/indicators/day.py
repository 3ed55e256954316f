"""The day figures are about when nobody chose one."""

from datetime import date

from hutong.kernel import clock
from hutong.kernel.settings import BadSetting, Setting, declare, value
from hutong.kernel.text import Text

AS_OF = declare(
    Setting(
        "HUTONG_AS_OF",
        "",
        "str",
        Text(
            zh="未另选时指标所说的日期（如 2024-01-31）；不设则为当天",
            en="The day figures are about when none is chosen, as 2024-01-31; today when unset",
        ),
    )
)


_stands_on: list[date] = []


def stand_on(day: date) -> None:
    """What “today” is for figures in an installation whose data ends on a day, as a demo's does."""
    _stands_on[:] = [day]


def default_day() -> date:
    """The day of the setting, else the one the installation stands on, else today in Shanghai."""
    text = str(value(AS_OF.name) or "")
    if not text:
        return _stands_on[0] if _stands_on else clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadSetting(name=AS_OF.name, kind="YYYY-MM-DD") from error
