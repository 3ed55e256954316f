"""Text in Chinese and English that travels as one value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A Chinese text and its English counterpart; shown in the reader's language.

    Either may be empty: the other one is then shown.
    """

    zh: str
    en: str = ""

    def __str__(self) -> str:
        from django.utils.translation import get_language  # noqa: PLC0415 - a witness has no use for Django

        return self.in_(get_language() or "zh-hans")

    def in_(self, language: str) -> str:
        """The text in ``language`` (a tag such as ``zh-hans`` or ``en``)."""
        return (self.zh or self.en) if language.startswith("zh") else (self.en or self.zh)

    def format(self, **facts: object) -> "Text":
        """Both languages with ``{name}`` places filled; a place without a fact stays as written."""
        known = _Facts(facts)
        return Text(self.zh.format_map(known), self.en.format_map(known))

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
