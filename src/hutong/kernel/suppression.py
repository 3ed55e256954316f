"""Small counts are not published: neither themselves nor so that they follow from what is."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text

declare(
    Setting(
        "HUTONG_SMALL_COUNT",
        5,
        "int",
        Text(
            zh="关于人的计数小于此数时，对无权查看明细的人隐去；1 为不隐去",
            en="counts of people below this are withheld from whoever may not see the rows; 1 withholds none",
        ),
    )
)
Key = TypeVar("Key")


def suppress(
    counts: Mapping[Key, int], minimum: int, *, total: bool = True, hidden: Collection[Key] = ()
) -> dict[Key, int | None]:
    """Counts with those from 1 to ``minimum`` - 1 taken away (None).

    Where a ``total`` is published beside them, one hidden cell would follow from the rest, and so would hidden cells
    whose sum is small: then the least of the others is hidden too, until at least two are hidden and together they
    hold ``minimum`` or more. Zeros stay: they name nobody, and hiding behind one would hide nothing. Those in
    ``hidden`` are hidden already, for another reason.
    """
    gone = {key for key, count in counts.items() if 0 < count < minimum or key in hidden}
    if gone and total:
        others = sorted(
            (key for key in counts if key not in gone and counts[key] > 0), key=lambda key: counts[key]
        )
        while others and (len(gone) < 2 or sum(counts[key] for key in gone) < minimum):
            gone.add(others.pop(0))
        if len(gone) < 2:
            gone |= {key for key, count in counts.items() if count == 0}
    return {key: None if key in gone else count for key, count in counts.items()}


def minimum() -> int:
    """The least count of people that is shown to whoever may not see the rows."""
    return max(1, int(value("HUTONG_SMALL_COUNT")))
