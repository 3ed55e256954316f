"""What can go wrong in the catalog.

NoSuchEntry (404)  nothing is catalogued under that name
NoSuchDraft (404)  there is no such draft of this person
BadQuery    (422)  the search cannot be read
BadEntry    (422)  an entry does not say what it has to
BadWorkbook (422)  a workbook cannot be taken
BadDecision (422)  a decision lacks its reason or its grade
NotTheirs   (403)  a table of the lake is not for that organisation to catalogue
VersionConflict (409)  somebody changed the entry meanwhile
"""

from typing import Any

from hutong.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Place
from hutong.kernel.text import Text


class NoSuchEntry(NotFound):
    """Nothing is catalogued under that name."""

    code = "catalog.no-such-entry"
    message = Text(zh="目录中没有“{name}”", en="Nothing is catalogued as “{name}”")
    fix = Text(
        zh="在目录页搜索，或用 hutong catalog search",
        en="search the catalog page, or `hutong catalog search`",
    )


class NoSuchDraft(NotFound):
    """There is no such draft of this person."""

    code = "catalog.no-such-draft"
    message = Text(zh="没有这份草稿", en="There is no such draft")
    fix = Text(zh="在 /catalog/new 查看您的草稿", en="your drafts are listed on /catalog/new")


class NotTheirs(Forbidden):
    """A table of the lake is not for that organisation to catalogue."""

    code = "catalog.not-theirs"
    message = Text(
        zh="数据湖中已有表“{table}”，尚未交由{organisation}编目",
        en="the lake holds a table “{table}” that has not been handed to {organisation} to catalogue",
    )
    fix = Text(
        zh="请数据主管部门在 /catalog/new 将该表交由您单位编目，或另取编号",
        en="ask the data office to hand it to you on /catalog/new, or choose another identifier",
    )


class BadQuery(Invalid):
    """The search cannot be read."""

    code = "catalog.bad-query"
    message = Text(zh="无法理解的检索：{reason}", en="The search cannot be read: {reason}")
    fix = Text(zh="最多 {limit} 个字", en="at most {limit} characters")


class BadEntry(Invalid):
    """An entry does not say what it has to. ``faults`` are all of them, by field, in both languages."""

    code = "catalog.bad-entry"
    message = Text(zh="条目“{name}”不符合要求：{reason}", en="The entry “{name}” is not valid: {reason}")
    fix = Text(zh="按提示改正该项后再提交", en="mend the field and hand it in again")

    def __init__(
        self, *, place: Place | None = None, name: str, reason: str | Text = "", faults: tuple[Any, ...] = ()
    ) -> None:
        self.faults = faults
        super().__init__(place=place, name=name, reason=reason)

    @property
    def said(self) -> Text:
        reason = self.facts["reason"]
        zh, en = (reason.zh, reason.in_("en")) if isinstance(reason, Text) else (reason, reason)
        name = self.facts["name"]
        return Text(
            zh=self.message.format(name=name, reason=zh).zh, en=self.message.format(name=name, reason=en).en
        )

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "faults": [each.as_dict() for each in self.faults]}

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_entry, (self.place, self.facts["name"], self.facts["reason"], self.faults)


def _rebuild_entry(place: Place | None, name: str, reason: str | Text, faults: tuple[Any, ...]) -> BadEntry:
    return BadEntry(place=place, name=name, reason=reason, faults=faults)


class BadWorkbook(Invalid):
    """A workbook cannot be taken."""

    code = "catalog.bad-workbook"
    message = Text(zh="无法读取该工作簿：{reason}", en="The workbook cannot be taken: {reason}")
    fix = Text(
        zh="从 /catalog/export.xlsx 下载，改后以 xlsx 格式上传",
        en="download /catalog/export.xlsx, change it and hand it in as xlsx",
    )


class BadDecision(Invalid):
    """A decision lacks its reason or its grade."""

    code = "catalog.bad-decision"
    message = Text(zh="决定不完整：{reason}", en="The decision is not complete: {reason}")
    fix = Text(zh="选择级别；驳回须写明理由", en="choose a grade; a rejection needs its reason")


class VersionConflict(Conflict):
    """Somebody changed the entry meanwhile."""

    code = "catalog.version-conflict"
    message = Text(
        zh="“{name}”已是第 {present} 版，您修改的是第 {expected} 版",
        en="“{name}” stands at version {present}; you changed version {expected}",
    )
    fix = Text(
        zh="重新打开或重新导出，在新版上修改", en="open or export it again and change the newer version"
    )
