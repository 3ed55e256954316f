"""Numbers of a person in free text that everyone may come to read: mobile telephone and identity numbers of mainland
China. A guard against a slip of the pen; what columns hold is graded elsewhere, with check digits and names.
"""

import re
from typing import Final

_NUMBERS: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|[1-9]\d{5}(?:19|20)\d{9}[\dXx])(?!\d)")


def holds_number(text: str) -> bool:
    """Whether the text holds a mobile telephone number (11 digits) or an identity number (18)."""
    return _NUMBERS.search(text) is not None
