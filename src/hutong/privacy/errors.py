"""The errors of privacy. None of them depends on the rows that were asked about.

HutongError
├── Invalid
│   ├── BadQuestion       the question is not of a form that may be asked
│   └── BadMatch          a match of two organisations cannot be run as described
├── Forbidden
│   └── BudgetSpent       the budget does not reach; it says when it is renewed
├── NotFound
│   └── NotAsked          the dataset is not open to questions, or there is no such question
└── Unavailable
    ├── AnswerFailed      the answer could not be computed
    └── NoEngine          the engine of joint computation is not installed
"""

from hutong.kernel.errors import Forbidden, Invalid, NotFound, Unavailable
from hutong.kernel.text import Text


class BadQuestion(Invalid):
    """The question is not of a form that may be asked."""

    code = "privacy.bad-question"
    message = Text(zh="不能这样提问：{reason_zh}", en="This may not be asked: {reason_en}")
    fix = Text(zh="按页面列出的形式改写", en="write it in one of the forms the page lists")


class BadMatch(Invalid):
    """A match of two organisations cannot be run as described."""

    code = "privacy.bad-match"
    message = Text(zh="不能进行联合计算：{reason_zh}", en="The match cannot be run: {reason_en}")
    fix = Text(zh="核对合同、地址与文件", en="check the contract, the addresses and the file")


class BudgetSpent(Forbidden):
    """The budget does not reach."""

    code = "privacy.budget-spent"
    message = Text(
        zh="隐私预算不足：本次需 {asked}，剩余 {left}",
        en="The privacy budget does not reach: {asked} asked, {left} left",
    )
    fix = Text(
        zh="减小 ε，或在 {renews} 更新后再问", en="ask with a smaller ε, or after its renewal on {renews}"
    )


class NotAsked(NotFound):
    """The dataset is not open to questions."""

    code = "privacy.not-asked"
    message = Text(zh="“{name}”未开放提问", en="“{name}” is not open to questions")


class AnswerFailed(Unavailable):
    """The answer could not be computed."""

    code = "privacy.answer-failed"
    message = Text(zh="暂时不能给出回答", en="The answer could not be computed now")
    fix = Text(zh="稍后重问，不会再次扣减预算", en="ask again later; it will not be charged again")


class NoEngine(Unavailable):
    """The engine of joint computation is not installed."""

    code = "privacy.no-engine"
    message = Text(zh="未安装联合计算引擎", en="The engine of joint computation is not installed")
    fix = Text(zh="运行 make setup-spu", en="run make setup-spu")
