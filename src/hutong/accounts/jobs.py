"""What the worker does for accounts: forget what is over."""

from datetime import timedelta
from typing import Final

from axes.models import AccessAttempt

from hutong.accounts.models import Session
from hutong.kernel import clock
from hutong.kernel.worker import every

KEPT: Final = timedelta(days=30)


@every(3600, "accounts.forget")
def forget() -> int:
    """Delete sessions that ran out and failed attempts of a month ago; returns how many."""
    ended, _ = Session.objects.filter(expire_date__lt=clock.now()).delete()
    old, _ = AccessAttempt.objects.filter(attempt_time__lt=clock.now() - KEPT).delete()
    return int(ended) + int(old)
