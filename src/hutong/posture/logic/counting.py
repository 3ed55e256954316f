"""Counted things in English, one or many."""


def counted(number: int, one: str, many: str = "") -> str:
    """``1 column``, ``3 columns``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
