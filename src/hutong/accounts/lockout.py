"""How many failures lock a name, and for how long; django-axes is set up with these."""

from datetime import timedelta
from typing import Final

FAILURES: Final = 5
PAUSE: Final = timedelta(minutes=15)
