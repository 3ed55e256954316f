"""Errors of accounts.

kernel Forbidden
├── Refused           the policy says no
└── DemoExposed       demo mode would be reachable from other machines
kernel Invalid
├── BadPerson         a login name, password or role that cannot be
└── BadOrganisation   an organisation that cannot be placed in the tree
kernel Conflict
└── LastAdministrator nobody would be left to manage people
kernel NotFound
└── NoPerson          nobody has that login name
HutongError
├── TooOften (429)    more requests than the rate allows
└── LockedOut (429)   too many failed attempts with this name from this address
"""

from hutong.kernel.errors import Conflict, Forbidden, HutongError, Invalid, NotFound
from hutong.kernel.text import Text

_SIGN_IN = Text(zh="打开 /account/login 登录后再试", en="sign in at /account/login and try again")


class Refused(Forbidden):
    """The policy says no; ``signed_in`` false: to someone of whom it does not know who they are."""

    code = "accounts.refused"
    message = Text(zh="您没有权限：{reason_zh}", en="You may not do this: {reason_en}")
    fix = Text(
        zh="如工作需要，请联系系统管理员授予相应角色",
        en="if your work needs it, ask an administrator for the role",
    )

    @property
    def mend(self) -> Text:
        return super().mend if self.facts.get("signed_in", True) else _SIGN_IN


class DemoExposed(Forbidden):
    """Demo mode would be reachable from other machines."""

    code = "accounts.demo-exposed"
    message = Text(
        zh="演示模式人人可一键登录，拒绝监听 {host}",
        en="In demo mode anyone can sign in with one click, so it will not listen on {host}",
    )
    fix = Text(
        zh="监听 127.0.0.1；确要公开演示时同时加上 --demo-in-public 与 --yes-i-mean-it",
        en="listen on 127.0.0.1, or give both --demo-in-public and --yes-i-mean-it to show it publicly",
    )


class BadPerson(Invalid):
    """A login name, password or role that cannot be."""

    code = "accounts.bad-person"
    message = Text(zh="{reason_zh}", en="{reason_en}")


class BadOrganisation(Invalid):
    """An organisation that cannot be placed in the tree."""

    code = "accounts.bad-organisation"
    message = Text(zh="{reason_zh}", en="{reason_en}")


class LastAdministrator(Conflict):
    """Nobody would be left to manage people."""

    code = "accounts.last-administrator"
    message = Text(
        zh="{login} 是最后一位系统管理员，不能锁定或撤销",
        en="{login} is the last administrator and must stay one",
    )
    fix = Text(zh="先任命另一位系统管理员", en="appoint another administrator first")


class TooOften(HutongError):
    """More requests than the rate allows."""

    code = "accounts.too-often"
    status = 429
    message = Text(zh="请求过于频繁", en="Too many requests")
    fix = Text(zh="请在 {seconds} 秒后再试", en="try again in {seconds} seconds")


class NoPerson(NotFound):
    """Nobody has that login name."""

    code = "accounts.no-person"
    message = Text(zh="没有登录名为“{login}”的人员", en="Nobody has the login name “{login}”")
    fix = Text(zh="用 hutong people list 查看全部人员", en="see everyone with hutong people list")


class LockedOut(HutongError):
    """Too many failed attempts with this name from this address."""

    code = "accounts.locked-out"
    status = 429
    message = Text(
        zh="该登录名在此处连续登录失败次数过多，已暂时锁定 {minutes} 分钟",
        en="Too many failed attempts with this login name from here; it is locked for {minutes} minutes",
    )
    fix = Text(
        zh="稍后再试，或请系统管理员在“人员”页解锁",
        en="try again later, or ask an administrator to unlock it on the people page",
    )
