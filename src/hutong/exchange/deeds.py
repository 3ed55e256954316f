"""What the exchange writes on the log and the audit trail, in words."""

from typing import Final

from hutong.exchange.types import Event, IssueState, Matter
from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

_REQUEST: Final = {
    "submit": Text(zh="提交共享申请", en="Data asked for"),
    Event.PASS: Text(zh="共享申请审核通过", en="Request passed the check"),
    Event.RETURN: Text(zh="共享申请退回补正", en="Request sent back"),
    Event.COMPLETE: Text(zh="共享申请补正", en="Request completed"),
    Event.AGREE: Text(zh="同意共享申请", en="Request agreed to"),
    Event.REFUSE: Text(zh="不同意共享申请", en="Request refused"),
    Event.WITHDRAW: Text(zh="撤回共享申请", en="Request withdrawn"),
    Event.FULFIL: Text(zh="共享申请办结", en="Request fulfilled"),
}
_CONTRACT: Final = {
    "propose": Text(zh="共享合同拟定", en="Contract proposed"),
    "sign": Text(zh="共享合同签署", en="Contract signed"),
    "revoke": Text(zh="共享合同终止", en="Contract ended"),
}
_LINK: Final = {
    "propose": Text(zh="申请合并交付", en="Joined delivery proposed"),
    "sign": Text(zh="同意合并交付", en="Joined delivery signed"),
    "end": Text(zh="终止合并交付", en="Joined delivery ended"),
}
_MATTERS: Final = {
    Matter.CORRECTION: Text(zh="数据校核", en="Correction"),
    Matter.DISPUTE: Text(zh="共享争议", en="Dispute"),
    Matter.RETURN_FLOW: Text(zh="数据回流需求", en="Return flow"),
}
_ANSWERS: Final = {
    "raise": Text(zh="{matter}提出", en="{matter} raised"),
    IssueState.OPEN: Text(zh="{matter}待答复", en="{matter} open"),
    IssueState.ACCEPTED: Text(zh="{matter}受理", en="{matter} accepted"),
    IssueState.REJECTED: Text(zh="{matter}不予采纳", en="{matter} rejected"),
    IssueState.DONE: Text(zh="{matter}办结", en="{matter} done"),
}

declare(
    {
        **{f"exchange.request.{event}": text for event, text in _REQUEST.items()},
        **{f"exchange.{event}": text for event, text in (_REQUEST | _CONTRACT).items()},
        **{f"exchange.contract.{event}": text for event, text in _CONTRACT.items()},
        **{f"exchange.link.{event}": text for event, text in _LINK.items()},
        **{f"exchange.link-{event}": text for event, text in _LINK.items()},
        **{f"exchange.{matter}": text for matter, text in _MATTERS.items()},
        **{
            f"exchange.{matter}.{answer}": Text(
                zh=said.zh.format(matter=text.zh), en=said.en.format(matter=text.en)
            )
            for matter, text in _MATTERS.items()
            for answer, said in _ANSWERS.items()
        },
        "exchange.contract.link": Text(zh="共享合同纳入合并交付", en="Contract handed over joined"),
        "exchange.access": Text(zh="读取共享数据", en="Shared data read"),
        "exchange.access-refused": Text(zh="读取共享数据被拒绝", en="Reading of shared data refused"),
        "exchange.broken-off": Text(zh="读取共享数据中断", en="Reading of shared data broken off"),
        "exchange.preview": Text(zh="预览共享效果", en="Sample of a request looked at"),
        "exchange.file": Text(zh="生成共享文件", en="Shared file made"),
        "exchange.fetch": Text(zh="下载共享文件", en="Shared file fetched"),
        "exchange.pushed": Text(zh="推送共享数据", en="Shared data pushed"),
        "exchange.key": Text(zh="签发合同密钥", en="Key of a contract issued"),
        "exchange.keys-revoked": Text(zh="停用合同密钥", en="Keys of a contract revoked"),
        "exchange.escalate": Text(zh="办理逾期", en="Clock ran out"),
        "exchange.escalated": Text(zh="办理逾期", en="Clock ran out"),
    }
)
