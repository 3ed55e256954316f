"""The fields of duties, datasets and systems, each with its help: what a person writes of an entry.

Those of a dataset are the core metadata of 《政务信息资源目录编制指南（试行）》.
"""

from dataclasses import dataclass
from typing import Final

from hutong.kernel.text import Text

_NO_HINT: Final = Text(zh="", en="")


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a sheet, one field of a form. ``path`` is where it lies in the body, as ``sharing.kind``.

    ``kind``: text, long, date, list, basis (a law a line), columns (a column a line), or what it names: organisation,
    duty, system. ``group`` is the part of the form it stands in.
    """

    path: str
    title: Text
    hint: Text = _NO_HINT
    choices: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    group: str = ""


def _field(
    path: str,
    titles: str,
    hints: str = "",
    *,
    choices: str = "",
    kind: str = "text",
    required: bool = False,
    group: str = "",
) -> Field:
    """``titles`` and ``hints`` are Chinese and English with `` / `` between."""
    title, hint = titles.split(" / "), hints.split(" / ") if hints else ["", ""]
    return Field(path, Text(*title), Text(*hint), tuple(choices.split()), kind, required, group)


_TITLE: Final = (
    _field(
        "title.zh",
        "名称 / Title",
        "不含单位名和年份，说清是什么的数据 / without the organisation or a year: what it is about",
        required=True,
        group="what",
    ),
    _field(
        "title.en",
        "英文名称 / Title in English",
        "给英文页面和接口的读者 / for readers of the English pages and of the interface",
        required=True,
        group="what",
    ),
)
DUTY: Final = (
    *_TITLE,
    _field(
        "organisation",
        "履职单位 / Organisation",
        "“三定”规定中承担这项职责的单位 / the one to which the duty is assigned",
        kind="organisation",
        required=True,
        group="whose",
    ),
    _field(
        "summary.zh",
        "摘要 / Summary",
        "这项职责做什么，一两句话 / what is done under it, in a sentence or two",
        kind="long",
        group="what",
    ),
    _field(
        "summary.en",
        "英文摘要 / Summary in English",
        kind="long",
        group="what",
    ),
    _field(
        "basis",
        "依据（法规｜条款｜英文） / Basis (law | article | English)",
        "每行一部法规：名称｜条款｜英文名，如：统计法｜第二十四条｜Statistics Law"
        " / a law a line: its name | the article | its name in English",
        kind="basis",
        required=True,
        group="whose",
    ),
    _field(
        "reference",
        "出处 / Reference",
        "公布它的文件或网页，没有可不填 / the document or page that says so, if there is one",
        group="more",
    ),
)
DATASET: Final = (
    *_TITLE,
    _field(
        "summary.zh",
        "摘要 / Summary",
        "数据从哪里来、每行是什么、覆盖哪段时间和哪个范围"
        " / where it comes from, what a row is, the time and the area it covers",
        kind="long",
        required=True,
        group="what",
    ),
    _field(
        "summary.en",
        "英文摘要 / Summary in English",
        kind="long",
        group="what",
    ),
    _field(
        "format",
        "信息资源格式 / Format",
        "不填为数据库 / a database unless said otherwise",
        choices="database spreadsheet document graphics stream other",
        group="what",
    ),
    _field(
        "provider",
        "提供方 / Provider",
        "对数据负责的单位 / the organisation that answers for the data",
        kind="organisation",
        required=True,
        group="whose",
    ),
    _field(
        "provider_code",
        "提供方代码 / Provider code",
        "提供方的统一社会信用代码，18 位 / its unified social credit code, 18 characters",
        group="whose",
    ),
    _field(
        "duty",
        "职责 / Duty",
        "产生这些数据的职责；没有合适的，先登记职责"
        " / the duty that yields the data; where none fits, add the duty first",
        kind="duty",
        required=True,
        group="whose",
    ),
    _field(
        "system",
        "来源系统 / System",
        "数据产生于哪个信息系统 / the information system it comes from",
        kind="system",
        group="whose",
    ),
    _field(
        "code",
        "信息资源代码 / Resource code",
        "类 1 位（1 基础 2 主题 3 部门）、项 2 位、目 3 位，斜杠，顺序码；如 302001/000001"
        " / class 1 digit (1 base, 2 theme, 3 department), item 2, object 3, a slash, a serial: 302001/000001",
        required=True,
        group="code",
    ),
    _field(
        "grade",
        "数据级别 / Grade",
        "不低于任何一个字段的级别；按 GB/T 43697-2024"
        " / no lower than that of any column; after GB/T 43697-2024",
        required=True,
        choices="core important general-1 general-2 general-3 general-4",
        group="code",
    ),
    _field(
        "themes",
        "主题（逗号分隔） / Themes (commas)",
        "便于查找的主题词，如 enterprise，economy / words to find it by, such as enterprise, economy",
        kind="list",
        group="code",
    ),
    _field(
        "sharing.kind",
        "共享类型 / Sharing",
        "不予共享须有法律、法规或国务院文件依据 / a refusal needs a law or a State Council document",
        required=True,
        choices="unconditional conditional none",
        group="sharing",
    ),
    _field(
        "sharing.by",
        "共享方式 / Way of sharing",
        "不填为接口 / by interface unless said otherwise",
        choices="api file database page",
        group="sharing",
    ),
    _field(
        "sharing.condition.zh",
        "共享条件 / Condition of sharing",
        "有条件共享写条件，不予共享写依据 / the condition, or the basis of the refusal",
        group="sharing",
    ),
    _field(
        "sharing.condition.en",
        "共享条件（英文） / Condition of sharing in English",
        group="sharing",
    ),
    _field(
        "opening.kind",
        "开放属性 / Opening",
        "是否向社会公众开放 / whether the public may have it",
        required=True,
        choices="open conditional none",
        group="sharing",
    ),
    _field(
        "opening.condition.zh",
        "开放条件 / Condition of opening",
        "有条件开放的须填 / needed where it is opened on condition",
        group="sharing",
    ),
    _field(
        "opening.condition.en",
        "开放条件（英文） / Condition of opening in English",
        group="sharing",
    ),
    _field(
        "update",
        "更新周期 / Update",
        "承诺的周期和时限；超过即列入闭环报告"
        " / the promised rhythm and deadline; past it, the closure report says so",
        kind="update",
        required=True,
        group="time",
    ),
    _field(
        "published",
        "发布日期 / Published",
        "首次发布的日子 / the day it was first published",
        kind="date",
        group="time",
    ),
    _field(
        "related",
        "关联资源（逗号分隔） / Related datasets (commas)",
        "关联数据集的编号，如 enterprises，tax-monthly"
        " / ids of datasets it belongs with, such as enterprises, tax-monthly",
        kind="list",
        group="more",
    ),
    _field(
        "reference",
        "出处 / Reference",
        "公布它的文件或网页，没有可不填 / the document or page that says so, if there is one",
        group="more",
    ),
    _field(
        "table.columns",
        "信息项（名称｜标题｜英文｜类型｜单位｜敏感）"
        " / Items of information (name | title | English | type | unit | sensitive)",
        "每个信息项一行；名称用小写字母、数字和下划线"
        " / an item a line; names in lower-case letters, digits and underscores",
        kind="columns",
        required=True,
        group="columns",
    ),
)
SYSTEM: Final = (
    *_TITLE,
    _field(
        "named_as",
        "规划中的名称 / As the plan names it",
        "与规划文件一字不差 / letter by letter as the plan prints it",
        group="what",
    ),
    _field(
        "note.zh",
        "说明 / Note",
        kind="long",
        group="what",
    ),
    _field(
        "note.en",
        "英文说明 / Note in English",
        kind="long",
        group="what",
    ),
    _field(
        "owner",
        "责任单位 / Owner",
        "建设和运行它的单位 / the organisation that builds and runs it",
        kind="organisation",
        group="whose",
    ),
    _field(
        "capability",
        "清单编号 / Row",
        "系统清单中的编号，A1 至 F11 / its row in the list of systems, A1 to F11",
        required=True,
        group="code",
    ),
    _field(
        "state",
        "建设状态 / State",
        "以出处所说为准 / as the reference says",
        required=True,
        choices="planned building running",
        group="code",
    ),
    _field(
        "cloud",
        "入云状态 / Cloud",
        "在政务云迁移中的位置，不清楚选未知 / where it stands in the move to the government cloud",
        choices="unknown outside moving in",
        group="code",
    ),
    _field(
        "reference",
        "出处 / Reference",
        "载明它的文件或台账，本包来源的编号或一句话"
        " / the document or register that names it: a source of the pack, or a sentence",
        required=True,
        group="more",
    ),
)
