"""Tells the page frame which district this installation serves."""

from hutong.kernel.errors import HutongError
from hutong.kernel.text import Text
from hutong.packs.api import installed
from hutong.ui.api import provide


def district() -> Text:
    """The district's name; empty while its pack cannot be read, so that the page which says so still opens."""
    try:
        return installed().title
    except HutongError:
        return Text(zh="", en="")


provide(district=district)
