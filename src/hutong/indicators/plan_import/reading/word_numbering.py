"""Word's automatic numbers: 一、 （一） 1. ① are not in the text of a document, they are counted out here."""

from dataclasses import dataclass, field
from typing import Any

from hutong.indicators.plan_import.characters import chinese_text
from hutong.kernel.given import counted

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "chineseLegalSimplified",
    "koreanDigital",
}
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """The numbering definitions of a document, and how far each list has counted."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Any) -> "Numbering":
        """The definitions in ``document`` (a python-docx document); empty when it has none."""
        known = cls()
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")),
            None,
        )
        if part is None:
            return known
        root = part.element
        for abstract in root.findall(f"{_W}abstractNum"):
            levels = {int(level.get(f"{_W}ilvl")): _level(level) for level in abstract.findall(f"{_W}lvl")}
            known.levels[abstract.get(f"{_W}abstractNumId")] = levels
        for number in root.findall(f"{_W}num"):
            target = number.find(f"{_W}abstractNumId")
            if target is not None:
                known.abstract[number.get(f"{_W}numId")] = target.get(f"{_W}val")
        for style in document.styles.element.iter(f"{_W}style"):
            found = _reference(style)
            if found:
                known.styles[style.get(f"{_W}styleId")] = found
        return known

    def next(self, paragraph: Any) -> str:
        """The number Word shows before this paragraph, with its marks; empty for none or a bullet."""
        found = _reference(paragraph)
        if found is None:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            found = self.styles.get(style.get(f"{_W}val")) if style is not None else None
        if found is None or found[0] == "0":
            return ""
        number, depth = found
        abstract = self.abstract.get(number, "")
        levels = self.levels.get(abstract, {})
        level = levels.get(depth)
        if level is None or level.form in {"bullet", "none"}:
            return ""
        counts = self.counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        text = level.text
        for each in range(depth + 1):
            shape = levels.get(each, level)
            text = text.replace(f"%{each + 1}", _written(counts.get(each, shape.start), shape.form))
        return text


def _level(element: Any) -> _Level:
    def value(tag: str, default: str) -> str:
        found = element.find(f"{_W}{tag}")
        return str(found.get(f"{_W}val", default)) if found is not None else default

    start = value("start", "1")
    return _Level(
        value("numFmt", "decimal"),
        value("lvlText", ""),
        0 if start == "0" else counted(start, 10**9) or 1,
    )


def _reference(element: Any) -> tuple[str, int] | None:
    found = element.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    if found is None:
        return None
    depth = element.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
    level = depth.get(f"{_W}val", "0") if depth is not None else "0"
    return str(found.get(f"{_W}val")), int(level) if level in set("012345678") else 0


def _written(value: int, form: str) -> str:
    if form in _CHINESE:
        return chinese_text(value)
    if form in {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"} and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if form in {"lowerLetter", "upperLetter"} and 1 <= value <= 26:
        return chr((97 if form == "lowerLetter" else 65) + value - 1)
    if form in {"lowerRoman", "upperRoman"} and 1 <= value < 300:
        return _roman(value).lower() if form == "lowerRoman" else _roman(value)
    return str(value)


def _roman(value: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        count, value = divmod(value, size)
        text += letters * count
    return text
