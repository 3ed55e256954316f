"""What can go wrong in the supermarket. None of it is the web server's fault, so none is a 5xx.

NoSuchModule       (404)  it is not on this district's shelf
NoSuchSubscription (404)  no such subscription, or somebody else's
NoSuchRun          (404)  no such job, or its result has been taken away
NoKey              (401)  a call without a key and without a person signed in
BadKey             (401)  the key is not known, revoked, or its subscription is not active
WrongModule        (403)  the key was given for another module
QuotaSpent         (429)  the day's or the month's quota is used up
Busy               (429)  every process is at work
BadInput           (422)  what was sent breaks the module's schema
BadForm            (422)  something said of a subscription cannot be taken
Unfit              (422)  it keeps the schema, but the module cannot work on it
TooMuch            (413)  more bytes or items than one call takes
TooSlow            (422)  the module ran longer than its bound and was stopped
Crashed            (422)  the process of the module ended by itself on this input
NotInstalled       (424)  a library the module needs is not installed here
AlreadyThere       (409)  the organisation has this subscription
NotWaiting         (409)  it has been decided, or has ended
Unfinished         (409)  the job has no result yet
NoLearning         (409)  the module can not be trained
NoSuchTraining     (404)  there is no such model of the module
NotReady           (409)  the model is not learnt yet
BadCases           (422)  the table or its columns are nothing to learn from
ModelSpoilt        (422)  the file of a model is not what was entered in the log
"""

from hutong.kernel.errors import Conflict, Forbidden, HutongError, Invalid, NotFound, TooLarge
from hutong.kernel.text import Text


class NoSuchModule(NotFound):
    """It is not on this district's shelf."""

    code = "market.no-such-module"
    message = Text(zh="超市里没有模块“{name}”", en="There is no module “{name}” on the shelf")
    fix = Text(zh="在 /market 查看可用模块", en="see what there is at /market")


class NoSuchSubscription(NotFound):
    """No such subscription, or somebody else's."""

    code = "market.no-such-subscription"
    message = Text(zh="没有订阅 {name}", en="There is no subscription {name}")
    fix = Text(zh="在“我的订阅”查看", en="see “my subscriptions”")


class NoSuchRun(NotFound):
    """No such job, or its result has been taken away."""

    code = "market.no-such-job"
    message = Text(zh="没有作业 {name}，或其结果已到期清除", en="There is no job {name}, or its time is over")
    fix = Text(zh="重新提交", en="send it again")


class NoKey(HutongError):
    """A call without a key and without a person signed in."""

    code = "market.no-key"
    status = 401
    message = Text(zh="调用需要密钥", en="A call needs a key")
    fix = Text(
        zh="订阅模块后，在请求头写 Authorization: Bearer <密钥>",
        en="subscribe to the module and send Authorization: Bearer <key>",
    )


class BadKey(HutongError):
    """The key is not known, was revoked, or its subscription is not active."""

    code = "market.bad-key"
    status = 401
    message = Text(
        zh="密钥无效、已作废或订阅未生效", en="The key is not valid, was revoked, or is not active"
    )
    fix = Text(zh="在“我的订阅”更换密钥", en="make a new key in “my subscriptions”")


class WrongModule(Forbidden):
    """The key was given for another module."""

    code = "market.wrong-module"
    message = Text(zh="此密钥用于模块“{given}”", en="This key is for the module “{given}”")
    fix = Text(zh="用本模块的密钥，或先订阅", en="use this module's key, or subscribe first")


class QuotaSpent(HutongError):
    """The day's or the month's quota is used up."""

    code = "market.quota-spent"
    status = 429
    message = Text(
        zh="配额 {quota} 已用尽（已用 {used}，本次 {asked}），{resets} 恢复",
        en="The quota of {quota} is used up ({used} used, {asked} asked); it resets at {resets}",
    )
    fix = Text(zh="等到恢复，或请模块单位提高配额", en="wait, or ask the owner for a larger quota")


class Busy(HutongError):
    """Every process is at work."""

    code = "market.busy"
    status = 429
    message = Text(zh="模块正忙", en="The module is busy")
    fix = Text(zh="几秒后再试；长输入请用作业", en="try again in some seconds; use a job for long inputs")


class BadInput(Invalid):
    """What was sent breaks the module's schema."""

    code = "market.bad-input"
    message = Text(zh="输入 {key} 不符合要求：{reason_zh}", en="The input {key} is not valid: {reason}")
    fix = Text(zh="对照模块页的输入说明改正", en="see the input on the module's page")


class BadForm(Invalid):
    """Something said of a subscription cannot be taken; ``key`` is its field."""

    code = "market.bad-form"
    message = Text(zh="{reason_zh}", en="{reason}")


class Unfit(Invalid):
    """It keeps the schema, but the module cannot work on it."""

    code = "market.unfit"
    message = Text(zh="无法处理：{zh}", en="It cannot be worked on: {en}")
    fix = Text(zh="对照模块页的说明和样例", en="see the notes and samples on the module's page")


class TooMuch(TooLarge):
    """More bytes or items than one call takes."""

    code = "market.too-much"
    message = Text(
        zh="超过一次调用的上限：{given}，上限 {limit}", en="More than one call takes: {given}, limit {limit}"
    )
    fix = Text(zh="分几次调用，或提交作业", en="call several times, or send a job")


class TooSlow(Invalid):
    """The module ran longer than its bound and was stopped."""

    code = "market.too-slow"
    message = Text(zh="模块运行超过 {seconds} 秒，已停止", en="The module ran for more than {seconds} s")
    fix = Text(zh="缩短输入，或提交作业", en="send less, or send a job")


class Crashed(Invalid):
    """The process of the module ended by itself on this input."""

    code = "market.crashed"
    message = Text(
        zh="模块在处理该输入时意外结束（{reason}）", en="The module ended by itself on this input ({reason})"
    )
    fix = Text(zh="换一份输入；如仍出现请告知模块单位", en="try another input; if it stays, tell the owner")


class NotInstalled(HutongError):
    """A library the module needs is not installed here."""

    code = "market.not-installed"
    status = 424
    message = Text(zh="此处未安装模块所需的组件：{name}", en="The module's library is not installed: {name}")
    fix = Text(zh="管理员执行 make setup-modules", en="the administrator runs make setup-modules")


class AlreadyThere(Conflict):
    """The organisation has this subscription."""

    code = "market.already-subscribed"
    message = Text(zh="本单位已订阅“{name}”", en="Your organisation has subscribed to “{name}” already")
    fix = Text(zh="在“我的订阅”查看", en="see “my subscriptions”")


class NotWaiting(Conflict):
    """It has been decided, or has ended."""

    code = "market.not-waiting"
    message = Text(zh="该订阅当前为“{state}”", en="The subscription is {state}")
    fix = Text(zh="刷新页面", en="load the page again")


class Unfinished(Conflict):
    """The job has no result yet."""

    code = "market.unfinished"
    message = Text(zh="作业 {name} 尚无结果", en="The job {name} has no result yet")
    fix = Text(zh="稍后再取", en="ask again later")


class NoLearning(Conflict):
    """The module can not be trained."""

    code = "market.no-learning"
    message = Text(zh="模块“{name}”不能用本区案例训练", en="The module “{name}” does not learn")
    fix = Text(zh="能训练的模块在其页面上有“训练”入口", en="modules that learn say so on their page")


class NoSuchTraining(NotFound):
    """There is no such model of the module."""

    code = "market.no-such-model"
    message = Text(zh="模块“{name}”没有第 {number} 号模型", en="The module “{name}” has no model {number}")
    fix = Text(zh="在训练页查看已有的模型", en="see what there is on its training page")


class NotReady(Conflict):
    """The model is not learnt yet."""

    code = "market.model-not-ready"
    message = Text(zh="第 {number} 号模型尚未训练完成", en="Model {number} is not trained yet")
    fix = Text(zh="训练完成后再启用", en="wait until its training is over")


class BadCases(Invalid):
    """The table or its columns are nothing to learn from."""

    code = "market.bad-cases"
    message = Text(zh="不能用于训练：{zh}", en="Nothing to learn from: {en}")
    fix = Text(
        zh="选一张有诉求文本列和类别列、已办结案例足够多的表",
        en="choose a table of handled cases with a column of texts and one of categories",
    )


class ModelSpoilt(Invalid):
    """The file of a model is not what was entered in the log."""

    code = "market.model-spoilt"
    message = Text(
        zh="第 {number} 号模型的文件缺失或与存证日志所载不一致，未予使用",
        en="The file of model {number} is missing or not what the log says; it was not used",
    )
    fix = Text(zh="退回出厂版本，或重新训练", en="go back to the shipped version, or train again")
