"""The quality of metadata after the European portal's methodology: 405 points in five dimensions.

Indicators and points follow the published Metadata Quality Assessment methodology of data.europa.eu. An indicator
about distributions gives its points by the share of distributions that have it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hutong.kernel.text import Text

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is looked for. ``each``: asked of every distribution instead of the dataset."""

    id: str
    dimension: str
    points: int
    title: Text
    mend: Text
    test: Callable[[Body], bool]
    each: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What one indicator gave."""

    indicator: Indicator
    points: int

    @property
    def full(self) -> bool:
        return self.points == self.indicator.points


@dataclass(frozen=True, slots=True)
class Score:
    """The points of a dataset, with what each indicator gave."""

    points: int
    marks: tuple[Mark, ...]

    @property
    def band(self) -> str:
        return band(self.points)

    def of(self, dimension: str) -> int:
        return sum(each.points for each in self.marks if each.indicator.dimension == dimension)

    @property
    def to_mend(self) -> tuple[Mark, ...]:
        """What is missing, the most points first."""
        lacking = [each for each in self.marks if not each.full]
        return tuple(sorted(lacking, key=lambda each: each.points - each.indicator.points))


MOST: Final = 405
DIMENSIONS: Final[Mapping[str, tuple[int, Text]]] = {
    "findability": (100, Text(zh="可发现", en="Findability")),
    "accessibility": (100, Text(zh="可获取", en="Accessibility")),
    "interoperability": (110, Text(zh="可互操作", en="Interoperability")),
    "reusability": (75, Text(zh="可重用", en="Reusability")),
    "contextuality": (20, Text(zh="背景信息", en="Contextuality")),
}
BANDS: Final[Mapping[str, tuple[int, Text]]] = {
    "excellent": (351, Text(zh="优", en="Excellent")),
    "good": (221, Text(zh="良", en="Good")),
    "sufficient": (121, Text(zh="中", en="Sufficient")),
    "bad": (0, Text(zh="差", en="Bad")),
}
OPEN_FORMATS: Final = {
    "CSV", "JSON", "NDJSON", "GEOJSON", "XML", "PARQUET", "XLSX", "TSV", "RDF", "TTL", "JSON-LD", "GML", "KML", "ODS",
    "HTML", "TXT",
}  # fmt: skip
READABLE_FORMATS: Final = (OPEN_FORMATS - {"HTML", "TXT"}) | {"XLS", "SHP", "DBF"}
KNOWN_FORMATS: Final = (
    OPEN_FORMATS | READABLE_FORMATS | {"PDF", "DOC", "DOCX", "ZIP", "WMS", "WFS", "PNG", "JPEG"}
)


def band(points: int) -> str:
    """How good that many points are."""
    return next(name for name, (least, _) in BANDS.items() if points >= least)


def score(body: Body) -> Score:
    """The points of a dataset in CKAN's form."""
    marks = tuple(Mark(each, _points(each, body)) for each in INDICATORS)
    return Score(sum(each.points for each in marks), marks)


def _points(indicator: Indicator, body: Body) -> int:
    if not indicator.each:
        return indicator.points if indicator.test(body) else 0
    parts: Sequence[Body] = body.get("resources") or ()
    if not parts:
        return 0
    return round(indicator.points * sum(indicator.test(each) for each in parts) / len(parts))


def _has(*keys: str) -> Callable[[Body], bool]:
    return lambda body: any(bool(body.get(key)) for key in keys)


def _extra(*keys: str) -> Callable[[Body], bool]:
    def test(body: Body) -> bool:
        known = {each.get("key"): each.get("value") for each in body.get("extras") or ()}
        return any(known.get(key) or body.get(key) for key in keys)

    return test


def _format(among: set[str]) -> Callable[[Body], bool]:
    return lambda part: str(part.get("format", "")).upper().removeprefix(".") in among


def _compliant(body: Body) -> bool:
    """What DCAT-AP requires: a title, a description, and an access address for each distribution."""
    parts: Sequence[Body] = body.get("resources") or ()
    return bool(body.get("title") and body.get("notes")) and all(each.get("url") for each in parts)


def _vocabulary(body: Body) -> bool:
    return (
        str(body.get("license_id", "")).upper().startswith(("CC", "ODC", "OGL", "UK-OGL", "NOTSPECIFIED-NO"))
    )


def _indicator(  # noqa: PLR0917 - a line of the table below
    dimension: str, name: str, points: int, zh: str, en: str, mend: tuple[str, str],
    test: Callable[[Body], bool], *, each: bool = False,
) -> Indicator:  # fmt: skip
    return Indicator(name, dimension, points, Text(zh=zh, en=en), Text(*mend), test, each)


_F, _A, _I, _R, _C = DIMENSIONS
INDICATORS: Final = (
    _indicator(_F, "keyword", 30, "关键词", "Keywords", ("写上关键词", "give keywords"), _has("tags")),
    _indicator(_F, "category", 30, "主题分类", "Categories", ("选定主题", "choose a theme"), _has("groups")),
    _indicator(
        _F,
        "spatial",
        20,
        "空间范围",
        "Spatial coverage",
        ("写明空间范围", "say which area it covers"),
        _extra("spatial"),
    ),
    _indicator(
        _F,
        "temporal",
        20,
        "时间范围",
        "Temporal coverage",
        ("写明数据的起止时间", "say from when to when it reaches"),
        _extra("temporal_start", "temporal_end"),
    ),
    _indicator(
        _A,
        "access",
        50,
        "访问地址可用",
        "Access address works",
        ("检查访问地址", "check the access address"),
        _has("reachable"),
        each=True,
    ),
    _indicator(
        _A,
        "download",
        20,
        "下载地址",
        "Download address",
        ("给出可直接下载的地址", "give an address to download from"),
        _has("download_url"),
        each=True,
    ),
    _indicator(
        _A,
        "download-works",
        30,
        "下载地址可用",
        "Download address works",
        ("检查下载地址", "check the download address"),
        lambda part: bool(part.get("download_url") and part.get("reachable")),
        each=True,
    ),
    _indicator(
        _I, "format", 20, "格式", "Format", ("写明文件格式", "name the format"), _has("format"), each=True
    ),
    _indicator(
        _I,
        "media-type",
        10,
        "媒体类型",
        "Media type",
        ("写明媒体类型", "name the media type"),
        _has("mimetype"),
        each=True,
    ),
    _indicator(
        _I,
        "format-known",
        10,
        "格式出自受控词表",
        "Format of the vocabulary",
        ("用通行的格式名", "use the usual name of the format"),
        _format(KNOWN_FORMATS),
        each=True,
    ),
    _indicator(
        _I,
        "open-format",
        20,
        "非专有格式",
        "Non-proprietary format",
        ("提供 CSV、JSON 等开放格式", "offer CSV, JSON or another open format"),
        _format(OPEN_FORMATS),
        each=True,
    ),
    _indicator(
        _I,
        "readable",
        20,
        "机器可读",
        "Machine readable",
        ("提供机器可读的格式", "offer a format that machines read"),
        _format(READABLE_FORMATS),
        each=True,
    ),
    _indicator(
        _I,
        "dcat-ap",
        30,
        "符合 DCAT-AP",
        "DCAT-AP compliance",
        ("补上标题、摘要和访问地址", "give a title, a description and access addresses"),
        _compliant,
    ),
    _indicator(
        _R,
        "licence",
        20,
        "许可",
        "Licence",
        ("写明许可", "name the licence"),
        _has("license_id", "license_url"),
    ),
    _indicator(
        _R,
        "licence-known",
        10,
        "许可出自受控词表",
        "Licence of the vocabulary",
        ("用知识共享等通行许可", "use a well-known licence"),
        _vocabulary,
    ),
    _indicator(
        _R,
        "access-rights",
        10,
        "获取限制",
        "Access rights",
        ("写明获取限制", "say who may have it"),
        _extra("access_rights"),
    ),
    _indicator(
        _R,
        "access-rights-known",
        5,
        "获取限制出自受控词表",
        "Access rights of the vocabulary",
        ("用 PUBLIC、RESTRICTED 或 NON_PUBLIC", "use PUBLIC, RESTRICTED or NON_PUBLIC"),
        lambda body: _value(body, "access_rights") in {"PUBLIC", "RESTRICTED", "NON_PUBLIC"},
    ),
    _indicator(
        _R,
        "contact",
        20,
        "联系方式",
        "Contact point",
        ("写明联系人或联系单位", "name a contact"),
        _has("maintainer", "maintainer_email", "author_email"),
    ),
    _indicator(
        _R,
        "publisher",
        10,
        "发布单位",
        "Publisher",
        ("写明发布单位", "name the publisher"),
        _has("organization", "owner_org"),
    ),
    _indicator(
        _C,
        "rights",
        5,
        "使用说明",
        "Rights",
        ("写明使用条款", "say how it may be used"),
        _has("rights"),
        each=True,
    ),
    _indicator(
        _C,
        "size",
        5,
        "文件大小",
        "File size",
        ("写明文件大小", "give the size of the file"),
        _has("size"),
        each=True,
    ),
    _indicator(
        _C,
        "issued",
        5,
        "发布日期",
        "Date of issue",
        ("写明发布日期", "give the date of issue"),
        _extra("issued"),
    ),
    _indicator(
        _C,
        "modified",
        5,
        "更新日期",
        "Modification date",
        ("写明更新日期", "give the date of the last change"),
        _extra("modified"),
    ),
)


def _value(body: Body, key: str) -> Any:
    return next(
        (each.get("value") for each in body.get("extras") or () if each.get("key") == key), body.get(key)
    )
