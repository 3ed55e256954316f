"""The errors of the exchange.

HutongError
├── Invalid
│   ├── BadRequest        a request does not hold together
│   ├── BadTerms          terms or conditions cannot be read
│   ├── NoBasis           a refusal without its reason or legal basis
│   ├── BadLink           contracts that cannot be handed over joined
│   ├── BadAddress        data may not be pushed to this address
│   └── NotShared         there is nothing to ask of a dataset that the catalog does not share
├── Forbidden
│   ├── GateShut          the gate refuses an access, with every reason
│   └── BadKey (401)      no grant has this key
├── NotFound
│   └── NoSuchRequest, NoSuchContract, NoSuchLink, NoSuchIssue, NoSuchFile
├── Conflict
│   ├── CannotMove        a request cannot do this from where it stands
│   └── FileExpired (410) the file may no longer be fetched
└── Unavailable
    └── PushFailed        the consumer's address did not take the data
"""

from hutong.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from hutong.kernel.text import Text


class BadRequest(Invalid):
    """A request does not hold together."""

    code = "exchange.bad-request"
    message = Text(zh="申请有误：{reason_zh}", en="The request does not hold together: {reason_en}")
    fix = Text(zh="补全或改正后重新提交", en="complete or mend it and send it again")


class BadTerms(Invalid):
    """Terms or conditions cannot be read."""

    code = "exchange.bad-terms"
    message = Text(zh="条款或条件无法读取：{reason}", en="Terms or conditions cannot be read: {reason}")
    fix = Text(
        zh="条件写作 列:比较:值，如 month:ge:2024-01",
        en="write a condition as column:comparison:value, such as month:ge:2024-01",
    )


class NoBasis(Invalid):
    """A refusal needs its reason and its legal basis."""

    code = "exchange.no-basis"
    message = Text(zh="不予提供须说明理由和法定依据", en="A refusal needs its reason and its legal basis")
    fix = Text(zh="填写理由及法律、行政法规的条款", en="give the reason and the article of the law")


class BadLink(Invalid):
    """Contracts cannot be handed over joined in this way."""

    code = "exchange.bad-link"
    message = Text(zh="不能这样合并交付：{reason_zh}", en="They cannot be handed over joined: {reason_en}")
    fix = Text(
        zh="选择本单位有效合同，并以两边呈现方式相同的列为键",
        en="choose contracts of your own in force, and as keys columns that both show in the same way",
    )


class BadAddress(Invalid):
    """Data may not be pushed to this address."""

    code = "exchange.bad-address"
    message = Text(zh="不能推送到该地址：{reason}", en="Data may not be pushed to this address: {reason}")
    fix = Text(
        zh="使用可公开解析的 https 地址；内网地址须由管理员以 HUTONG_EXCHANGE_PUSH_PRIVATE 允许",
        en="use a public https address; an inner one must be allowed by HUTONG_EXCHANGE_PUSH_PRIVATE",
    )


class GateShut(Forbidden):
    """The gate refuses an access."""

    code = "exchange.gate-shut"
    message = Text(zh="不能读取：{why_zh}", en="This may not be read: {why_en}")
    fix = Text(zh="按合同约定使用，或申请变更、续期", en="keep to the contract, or ask to change or renew it")


class BadKey(Forbidden):
    """No grant has this key."""

    code = "exchange.bad-key"
    status = 401
    message = Text(zh="密钥无效或已停用", en="The key is not valid or has been revoked")
    fix = Text(zh="以 Authorization: Bearer 密钥 调用", en="call with Authorization: Bearer KEY")


class NoSuchRequest(NotFound):
    """There is no such request."""

    code = "exchange.no-such-request"
    message = Text(zh="没有申请 {name}", en="There is no request {name}")


class NoSuchContract(NotFound):
    """There is no such contract."""

    code = "exchange.no-such-contract"
    message = Text(zh="没有合同 {name}", en="There is no contract {name}")


class NoSuchLink(NotFound):
    """There is no such link group."""

    code = "exchange.no-such-link"
    message = Text(zh="没有关联组 {name}", en="There is no link group {name}")


class NoSuchIssue(NotFound):
    """There is no such issue."""

    code = "exchange.no-such-issue"
    message = Text(zh="没有事项 {name}", en="There is no issue {name}")


class NoSuchFile(NotFound):
    """There is no such file."""

    code = "exchange.no-such-file"
    message = Text(zh="没有文件 {name}", en="There is no file {name}")


class CannotMove(Conflict):
    """It cannot do this from where it stands."""

    code = "exchange.cannot-move"
    message = Text(zh="当前状态“{state}”不能执行“{event}”", en="From “{state}” it cannot “{event}”")
    fix = Text(zh="刷新页面查看最新状态", en="load the page again to see where it stands")


class FileExpired(Conflict):
    """The file may no longer be fetched."""

    code = "exchange.file-expired"
    status = 410
    message = Text(zh="文件已于 {when} 过期", en="The file expired on {when}")
    fix = Text(zh="在合同有效期内重新生成", en="have it made again while the contract is in force")


class PushFailed(Unavailable):
    """The consumer's address did not take the data."""

    code = "exchange.push-failed"
    message = Text(zh="推送失败：{reason}", en="The push failed: {reason}")
    fix = Text(zh="检查接收地址后重试", en="check the receiving address and try again")
