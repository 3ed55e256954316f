"""Errors of the installation itself."""

from hutong.kernel.errors import HutongError, Unavailable
from hutong.kernel.text import Text


class NotReady(Unavailable):
    """The home was made by another version, or not at all."""

    code = "project.not-ready"
    message = Text(zh="尚未就绪：{zh}", en="Not ready: {en}")
    fix = Text(zh="运行 hutong init", en="run `hutong init`")


class Unreadable(HutongError):
    """What was sent to an interface cannot be read."""

    code = "project.unreadable"
    status = 400
    message = Text(zh="请求内容无法解析：{reason}", en="The request cannot be read: {reason}")
    fix = Text(zh="按接口文档（/api/docs）发送 JSON", en="send JSON as the description (/api/docs) has it")


class OnlyForms(HutongError):
    """A page was opened whose address only takes what a form sends: reloaded, or reached by its address."""

    code = "project.only-forms"
    status = 405
    message = Text(
        zh="这个地址只接收表单，不能直接打开", en="This address only takes a form and cannot be opened"
    )
    fix = Text(
        zh="返回上一页重新填写，或从上方导航进入", en="go back to the form, or use the navigation above"
    )


class WrongMethod(HutongError):
    """The address is there, and not for this method."""

    code = "project.wrong-method"
    status = 405
    message = Text(zh="该地址不支持 {method}", en="This address does not take {method}")
    fix = Text(zh="可用方法：{allowed}", en="it takes {allowed}")
