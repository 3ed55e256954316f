"""The order of grades (GB/T 43697-2024, with four sub-levels of general data)."""

from typing import Final

GRADES: Final = ("general-1", "general-2", "general-3", "general-4", "important", "core")


def rank(grade: str) -> int:
    """How high a grade stands; what is not known stands highest, so that it is never taken for harmless."""
    if grade == "general":
        return 0
    return GRADES.index(grade) if grade in GRADES else len(GRADES)
