"""Errors of accounts.

kernel Forbidden
├── Refused           the policy says no
└── DemoExposed       demo mode would be reachable from other machines
kernel Invalid
├── BadPerson         a login name, password or role that cannot be
└── BadOrganisation   an organisation that cannot be placed in the tree
kernel Conflict
└── LastAdministrator nobody would be left to manage people
"""

from hutong.kernel.errors import Conflict, Forbidden, Invalid
from hutong.kernel.text import Text


class Refused(Forbidden):
    """The policy says no."""

    code = "accounts.refused"
    message = Text(zh="您没有权限：{reason_zh}", en="You may not do this: {reason_en}")
    fix = Text(
        zh="如工作需要，请联系系统管理员授予相应角色",
        en="if your work needs it, ask an administrator for the role",
    )


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
