"""What `hutong doctor` asks of accounts."""

from hutong.accounts.models import Membership, Person
from hutong.accounts.types import Role
from hutong.kernel import clock, settings
from hutong.kernel.doctor import Finding, check
from hutong.kernel.text import Text


@check("accounts.administrator")
def administrator() -> Finding:
    """Somebody can manage people."""
    held = Membership.objects.in_force(clock.today()).filter(role=Role.ADMINISTRATOR).select_related("person")
    able = [each.person.login for each in held if each.person.may_sign_in]
    if able:
        return Finding(True, Text(zh=f"系统管理员 {len(able)} 位", en=f"administrators: {len(able)}"))
    return Finding(
        False,
        Text(zh="没有可登录的系统管理员", en="no administrator can sign in"),
        Text(
            zh="运行 hutong people add --role administrator <登录名> <姓名>",
            en="run hutong people add --role administrator <login> <name>",
        ),
    )


@check("accounts.demo-people")
def demo_people() -> Finding:
    """Demo people are shut out of a home that is no longer a demonstration."""
    left = Person.objects.filter(demo=True, is_active=True).count()
    if settings.demo() or not left:
        return Finding(
            True, Text(zh="演示人员不能在正式环境登录", en="demo people cannot sign in outside demo mode")
        )
    return Finding(
        True,
        Text(
            zh=f"留有 {left} 位演示人员，已不能登录",
            en=f"{left} demo people are left over; they can no longer sign in",
        ),
    )
