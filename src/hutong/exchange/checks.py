"""What `hutong doctor` asks of the exchange."""

from datetime import timedelta

from hutong.exchange import rules
from hutong.kernel import clock, workdays
from hutong.kernel.doctor import Finding, check
from hutong.kernel.text import Text

_AHEAD = timedelta(days=30)


@check("exchange.calendar")
def calendar() -> Finding:
    """Clocks that start today can be counted."""
    rules.current()
    year = (clock.today() + _AHEAD).year
    known = year in workdays.known_years()
    return Finding(
        known,
        Text(zh=f"{year} 年的工作日历", en=f"the working days of {year}"),
        Text(
            zh=f"在区包 exchange.yaml 的 calendar 中补充 {year} 年的节假日安排",
            en=f"add the days off of {year} under calendar in the pack's exchange.yaml",
        ),
    )
