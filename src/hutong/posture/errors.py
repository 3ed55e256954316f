"""The errors of the posture.

HutongError
├── Invalid
│   ├── NoReason          settling an alert or accepting a risk needs its reason
│   ├── BadUntil          a risk is accepted until a day within the bound
│   └── BadPeriod         the period of an export does not hold together
├── NotFound
│   └── NoSuchAlert, NoSuchFinding
├── Conflict
│   └── CannotSettle      it does not stand where this can be done
└── ExportBroken (422)    a file of the audit trail is not what the log was told
"""

from hutong.kernel.errors import Conflict, Invalid, NotFound
from hutong.kernel.text import Text


class NoReason(Invalid):
    """Settling needs its reason."""

    code = "posture.no-reason"
    message = Text(zh="须写明理由（不超过 2000 字）", en="It needs a reason of at most 2,000 characters")
    fix = Text(zh="写明理由后重新提交", en="give the reason and send it again")


class BadUntil(Invalid):
    """A risk is accepted until a day within the bound."""

    code = "posture.bad-until"
    message = Text(
        zh="接受风险的截止日须在今天至 {last} 之间",
        en="A risk is accepted until a day between today and {last}",
    )
    fix = Text(zh="改写截止日", en="give another last day")


class BadPeriod(Invalid):
    """The period of an export does not hold together."""

    code = "posture.bad-period"
    message = Text(
        zh="导出时段有误：{since} 至 {until}", en="The period {since} to {until} cannot be exported"
    )
    fix = Text(
        zh="起始日不晚于截止日，跨度不超过 {days} 天",
        en="begin before the end, and ask for at most {days} days",
    )


class NoSuchAlert(NotFound):
    """No alert has this number."""

    code = "posture.no-such-alert"
    message = Text(zh="没有编号为 {number} 的告警", en="There is no alert {number}")
    fix = Text(zh="从告警列表中选择", en="choose it from the list of alerts")


class NoSuchFinding(NotFound):
    """No finding has this number."""

    code = "posture.no-such-finding"
    message = Text(zh="没有编号为 {number} 的问题", en="There is no finding {number}")
    fix = Text(zh="从问题列表中选择", en="choose it from the list of findings")


class NoSuchThing(NotFound):
    """Nothing of this name is watched."""

    code = "posture.no-such-thing"
    message = Text(zh="没有名为“{name}”的数据集或系统", en="There is no dataset or system called “{name}”")
    fix = Text(zh="从态势页中选择", en="choose it on the page of the posture")


class CannotSettle(Conflict):
    """It does not stand where this can be done."""

    code = "posture.cannot-settle"
    message = Text(zh="现状态（{state}）不能执行“{event}”", en="In state {state} it cannot be {event}")
    fix = Text(zh="刷新页面查看现状", en="look at how it stands now")


class ExportBroken(Invalid):
    """A file of the audit trail is not what the log was told."""

    code = "posture.export-broken"
    message = Text(
        zh="审计导出文件校验不符：{reason_zh}", en="The export of the audit trail does not hold: {reason_en}"
    )
    fix = Text(zh="向导出单位索取原始文件", en="ask for the file as it was exported")
