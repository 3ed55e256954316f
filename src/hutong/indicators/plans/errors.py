"""What can be wrong with a plan.

NotFound
├── UnknownPlan
├── UnknownTask
├── UnknownDocument
└── UnknownItem
Invalid
├── BadEvidence       it is no address, identifier or note
├── BadTask           a field of a task cannot be read
├── BadItem           a mended item lacks what it needs
└── BadPeriod         the years of a plan are none
Conflict
└── ReviewClosed      the document has become a plan already
"""

from hutong.kernel.errors import Conflict, Invalid, NotFound
from hutong.kernel.text import Text


class UnknownPlan(NotFound):
    """There is no plan of that id."""

    code = "plan.unknown"
    message = Text(zh="没有编号为 {plan} 的规划", en="There is no plan {plan}")
    fix = Text(zh="在 /plan 查看全部规划", en="see /plan for all plans")


class UnknownTask(NotFound):
    """The plan has no such task."""

    code = "plan.unknown-task"
    message = Text(zh="规划 {plan} 中没有任务 {task}", en="Plan {plan} has no task {task}")


class UnknownDocument(NotFound):
    """There is no such document."""

    code = "plan.unknown-document"
    message = Text(zh="没有导入文档 {document}", en="There is no imported document {document}")


class UnknownItem(NotFound):
    """The document has no such item."""

    code = "plan.unknown-item"
    message = Text(zh="文档中没有条目 {item}", en="The document has no item {item}")


class BadEvidence(Invalid):
    """Evidence is an address, an identifier or a note."""

    code = "plan.bad-evidence"
    message = Text(
        zh="佐证“{given}”不可用：{reason_zh}", en="The evidence “{given}” cannot be used: {reason_en}"
    )
    fix = Text(
        zh="填 http(s) 网址、数据集或快照的 URN，或文字说明（不超过 500 字）",
        en="give an http(s) address, the URN of a dataset or snapshot, or a note of 500 characters at most",
    )


class BadTask(Invalid):
    """A field of the task cannot be read."""

    code = "plan.bad-task"
    message = Text(zh="{field} 的值“{given}”不可用", en="The value “{given}” of {field} cannot be used")


class BadItem(Invalid):
    """The mended item lacks what it needs."""

    code = "plan.bad-item"
    message = Text(zh="缺少{field_zh}", en="{field_en} is missing")


class BadPeriod(Invalid):
    """The period of a plan is none."""

    code = "plan.bad-period"
    message = Text(zh="规划期 {first}–{last} 有误", en="{first} to {last} is no period of a plan")
    fix = Text(
        zh="填写四位年份，起始年不晚于结束年", en="give years of four digits, the first not after the last"
    )


class ReviewClosed(Conflict):
    """The document has become a plan already."""

    code = "plan.review-closed"
    message = Text(zh="该文档已形成规划，核对已结束", en="The document has become a plan; its review is over")
