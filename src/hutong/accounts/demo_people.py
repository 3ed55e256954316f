"""Demo people: one or two for each role, in organisations of the installed pack, signed in with one click."""

from dataclasses import dataclass
from typing import Final

from hutong.accounts import people
from hutong.accounts.models import Organisation, Person
from hutong.accounts.types import PersonRef, Role
from hutong.kernel import settings
from hutong.kernel.db import atomic
from hutong.kernel.errors import Forbidden
from hutong.kernel.text import Text


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """``offices``: words in the title of the organisation they work in, best first."""

    login: str
    name: Text
    role: Role
    offices: tuple[str, ...]


DEMO_PEOPLE: Final = (
    DemoPerson("lin.zhiyuan", Text("林致远", "Lin Zhiyuan"), Role.LEADER, ("人民政府", "政府办公室", "政府")),
    DemoPerson(
        "zhou.min",
        Text("周敏", "Zhou Min"),
        Role.DATA_OFFICE,
        ("科技和信息化", "科学技术和信息化", "数据", "信息化"),
    ),
    DemoPerson("gao.yang", Text("高扬", "Gao Yang"), Role.STEWARD, ("统计局", "发展和改革")),
    DemoPerson("he.jing", Text("何静", "He Jing"), Role.STEWARD, ("文化和旅游", "卫生健康", "生态环境")),
    DemoPerson(
        "ma.qiang",
        Text("马强", "Ma Qiang"),
        Role.OPERATOR,
        ("城市管理指挥", "网格化", "城市管理", "信息中心"),
    ),
    DemoPerson("song.yu", Text("宋煜", "Song Yu"), Role.AUDITOR, ("审计", "人民政府办公室", "政府")),
    DemoPerson("sun.jing", Text("孙静", "Sun Jing"), Role.SECURITY, ("公安", "科技和信息化", "信息化")),
    DemoPerson("wu.fan", Text("吴凡", "Wu Fan"), Role.DEVELOPER, ("科技企业协会", "企业协会", "协会")),
    DemoPerson(
        "tang.wei", Text("唐薇", "Tang Wei"), Role.ADMINISTRATOR, ("信息中心", "科技和信息化", "信息化")
    ),
)


class NotDemo(Forbidden):
    """The installation is not in demo mode."""

    code = "accounts.not-demo"
    message = Text(zh="本系统不在演示模式", en="This installation is not in demo mode")
    fix = Text(zh="演示请用 make demo", en="for a demonstration use make demo")


def install() -> list[PersonRef]:
    """Make the demo people who are not there yet; refuses outside demo mode. Safe to repeat."""
    if not settings.demo():
        raise NotDemo
    with atomic():
        known = set(Person.objects.values_list("login", flat=True))
        for each in DEMO_PEOPLE:
            if each.login not in known:
                people.add(each.login, each.name, each.role, _office(each.offices), demo=True)
    return everyone()


def everyone() -> list[PersonRef]:
    """Demo people who may sign in now, in the order shown; nobody outside demo mode."""
    if not settings.demo():
        return []
    order = {each.login: place for place, each in enumerate(DEMO_PEOPLE)}
    rows = Person.objects.filter(demo=True, is_active=True).prefetch_related("memberships")
    return sorted((people.ref(each) for each in rows), key=lambda each: order.get(each.login, len(order)))


def _office(words: tuple[str, ...]) -> str:
    """The organisation nearest the top whose title has the first word that any has."""
    rows = list(Organisation.objects.filter(active=True).order_by("parent_id", "id"))
    for word in words:
        found = [each for each in rows if word in each.title_zh]
        if found:
            return min(found, key=lambda each: len(each.title_zh)).pk
    tops = [each.pk for each in rows if each.parent_id is None]
    return tops[0] if tops else ""
