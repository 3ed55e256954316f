"""The one place that says who may do what. Everything not granted here is refused.

Read a line as: this role may do these actions, on things of this reach, up to this grade, because …
Separation of duties follows GB/T 22239-2019 (8.1.4.1, 8.1.5): whoever manages people sees no data and no
audit trail, whoever audits changes nothing.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from hutong.accounts.logic.actions import ACTIONS
from hutong.accounts.types import Actor, Decision, Role, Target, organisation_id
from hutong.kernel.text import Text


class Reach(Enum):
    """Whose things a grant covers."""

    ALL = "all"
    OWN = "own"
    OPENED = "opened"


class Grade(IntEnum):
    """Grades of the data security law (数据安全法 第二十一条); the higher, the more harm a leak does."""

    GENERAL = 1
    IMPORTANT = 2
    CORE = 3


ALL, OWN, OPENED = Reach.ALL, Reach.OWN, Reach.OPENED
_WIDEST_FIRST: Final = (ALL, OWN, OPENED)
GENERAL, IMPORTANT, CORE = Grade.GENERAL, Grade.IMPORTANT, Grade.CORE


@dataclass(frozen=True, slots=True)
class Grant:
    """One line of the table. ``ceiling`` binds graded actions only."""

    role: Role
    actions: tuple[str, ...]
    reach: Reach
    ceiling: Grade
    because: Text


def _grant(  # noqa: PLR0917 - a line of a table
    role: Role, actions: str, reach: Reach, ceiling: Grade, zh: str, en: str
) -> Grant:
    return Grant(role, tuple(actions.split()), reach, ceiling, Text(zh=zh, en=en))


_R: Final = Role
POLICY: Final[tuple[Grant, ...]] = (
    # everyone, signed in or not
    _grant(
        _R.PUBLIC, "site.open organisation.view api.docs portal.view portal.ask market.view", ALL, GENERAL,
        "对公众开放", "open to everyone",
    ),
    _grant(
        _R.PUBLIC, "ledger.view", ALL, GENERAL,
        "存证日志只含摘要，人人可以核验", "the ledger holds digests only, for anyone to verify",
    ),
    _grant(
        _R.PUBLIC, "figure.view map.view plan.view catalog.view lake.view lake.sample lake.sample_clear",
        OPENED, GENERAL, "已向社会公开", "it has been opened to the public",
    ),
    # a department keeps its own data
    _grant(
        _R.STEWARD, "account.own cockpit.view figure.view plan.view catalog.view lake.view ui.gallery", ALL, GENERAL,
        "各部门共用目录与指标", "departments share the catalog and the figures",
    ),
    _grant(_R.STEWARD, "map.view", ALL, IMPORTANT, "各部门共用一张图", "departments share one map"),
    _grant(
        _R.STEWARD, "plan.report catalog.edit catalog.grade catalog.cosign lake.load portal.answer",
        OWN, GENERAL,
        "本部门负责本部门的数据与任务", "a department answers for its own data and tasks",
    ),
    _grant(
        _R.STEWARD, "map.view lake.sample lake.quarantine", OWN, CORE,
        "本部门的数据", "the department's own data",
    ),
    _grant(
        _R.STEWARD, "lake.sample_clear lake.query", OWN, IMPORTANT,
        "本部门的数据，核心数据除外", "the department's own data, core data excepted",
    ),
    _grant(
        _R.STEWARD, "lake.sample", ALL, GENERAL,
        "一般数据的脱敏样例用于发现数据", "masked samples of general data help to find data",
    ),
    _grant(
        _R.STEWARD,
        "exchange.view exchange.request exchange.decide exchange.sign exchange.read exchange.issue "
        "privacy.view privacy.ask",
        OWN, GENERAL, "以本单位名义共享和使用数据", "in the name of the department it shares and uses data",
    ),
    _grant(
        _R.STEWARD, "market.subscribe market.keep", OWN, GENERAL,
        "以本单位名义使用和提供模块", "in the name of the department it uses and offers modules",
    ),
    _grant(_R.STEWARD, "market.try", ALL, GENERAL, "各部门共用模块", "departments share the modules"),
    # the data office keeps the whole
    _grant(
        _R.DATA_OFFICE,
        "account.own cockpit.view figure.view plan.view plan.review plan.edit plan.report catalog.view catalog.edit "
        "catalog.hand catalog.grade catalog.dock lake.view lake.load jobs.view portal.answer portal.publish "
        "market.try market.subscribe market.keep market.train ui.gallery",
        ALL, GENERAL, "统筹全区数据资源", "it coordinates the district's data",
    ),
    _grant(
        _R.DATA_OFFICE, "map.view lake.sample", ALL, CORE,
        "统筹全区数据资源，样例已脱敏", "it coordinates the district's data; samples are masked",
    ),
    _grant(
        _R.DATA_OFFICE, "lake.sample_clear lake.quarantine lake.query", ALL, IMPORTANT,
        "治理数据质量，核心数据除外", "it mends data quality, core data excepted",
    ),
    _grant(
        _R.DATA_OFFICE, "exchange.view exchange.check exchange.supervise exchange.arbitrate privacy.view", ALL, GENERAL,
        "统筹共享交换，裁决争议", "it watches over the exchange and decides disputes",
    ),
    _grant(
        _R.DATA_OFFICE, "catalog.cosign", OWN, GENERAL,
        "以本单位名义会签", "it co-signs in its own name",
    ),
    _grant(_R.DATA_OFFICE, "ledger.alarms", ALL, GENERAL, "守护存证日志", "it guards the ledger"),
    _grant(_R.DATA_OFFICE, "posture.view", ALL, GENERAL, "按风险治理数据", "it mends what puts data at risk"),
    # leaders read, from the figure down to its proof
    _grant(
        _R.LEADER, "account.own cockpit.view figure.view plan.view catalog.view lake.view ui.gallery", ALL, GENERAL,
        "掌握全区情况", "they oversee the district",
    ),
    _grant(_R.LEADER, "market.try", ALL, GENERAL, "各部门共用模块", "departments share the modules"),
    _grant(_R.LEADER, "exchange.view privacy.view", ALL, GENERAL, "掌握共享情况", "they oversee how data are shared"),
    _grant(_R.LEADER, "map.view", ALL, CORE, "掌握全区情况", "they oversee the district"),
    _grant(
        _R.LEADER, "lake.sample", ALL, IMPORTANT,
        "追溯数据来源，样例已脱敏", "they trace a figure to its rows; samples are masked",
    ),
    # the duty desk keeps the city picture and the platform running
    _grant(
        _R.OPERATOR,
        "account.own cockpit.view figure.view plan.view catalog.view lake.view settings.view metrics.view jobs.view "
        "ui.gallery",
        ALL, GENERAL, "值守城市运行与平台运行", "they watch the city and the platform",
    ),
    _grant(_R.OPERATOR, "ledger.alarms", ALL, GENERAL, "值守平台运行", "they watch the platform"),
    _grant(_R.OPERATOR, "market.try", ALL, GENERAL, "各部门共用模块", "departments share the modules"),
    _grant(_R.OPERATOR, "map.view", ALL, IMPORTANT, "值守城市运行", "they watch the city"),
    _grant(
        _R.OPERATOR, "lake.sample", ALL, GENERAL,
        "排查装载问题，样例已脱敏", "they trace load faults; samples are masked",
    ),
    # auditors see what was done and change nothing
    _grant(
        _R.AUDITOR,
        "account.own cockpit.view figure.view plan.view catalog.view lake.view audit.view settings.view jobs.view "
        "ui.gallery",
        ALL, GENERAL, "监督他人的操作", "they check what others did",
    ),
    _grant(_R.AUDITOR, "catalog.dock", ALL, GENERAL, "监督目录对接", "they check what was sent and received"),
    _grant(_R.AUDITOR, "exchange.view privacy.view", ALL, GENERAL, "监督共享交换", "they check how data are shared"),
    _grant(_R.AUDITOR, "map.view", ALL, GENERAL, "核对公开范围", "they check what is shown"),
    _grant(_R.AUDITOR, "ledger.alarms", ALL, GENERAL, "监督存证日志", "they watch over the ledger"),
    _grant(_R.AUDITOR, "posture.view", ALL, GENERAL, "监督风险处置", "they check how risks are settled"),
    # the security officer watches how data is used and sees none of it
    _grant(
        _R.SECURITY,
        "account.own cockpit.view catalog.view lake.view audit.view settings.view ui.gallery",
        ALL, GENERAL, "监测数据使用风险，不接触数据", "they watch how data is used and see none of it",
    ),
    _grant(_R.SECURITY, "catalog.grade", ALL, GENERAL, "数据分类分级", "they see to the grading of data"),
    _grant(_R.SECURITY, "exchange.view privacy.view", ALL, GENERAL, "监测数据使用", "they watch how data is used"),
    _grant(_R.SECURITY, "catalog.dock", ALL, GENERAL, "核实对方日志的告警", "they look into alarms of a peer's log"),
    _grant(_R.SECURITY, "ledger.alarms", ALL, GENERAL, "处置安全事件", "they settle what threatens data"),
    _grant(
        _R.SECURITY, "posture.view posture.manage", ALL, GENERAL,
        "监测并处置数据使用风险", "they watch and settle the risks of how data is used",
    ),
    # people of firms and institutes outside the administration: what is opened, and what a contract grants them
    _grant(_R.DEVELOPER, "account.own", ALL, GENERAL, "管理自己的账号", "their own account"),
    _grant(
        _R.DEVELOPER, "exchange.view exchange.read privacy.view privacy.ask", OWN, GENERAL,
        "按本单位签订的合同使用", "what a contract grants their organisation",
    ),
    _grant(_R.DEVELOPER, "market.try", ALL, GENERAL, "试用模块", "they try modules"),
    _grant(
        _R.DEVELOPER, "market.subscribe", OWN, GENERAL,
        "以本单位名义使用模块", "in the name of their organisation they use modules",
    ),
    # administrators manage people and the platform, not data
    _grant(
        _R.ADMINISTRATOR,
        "account.own cockpit.view plan.view catalog.view people.manage admin.use settings.view metrics.view jobs.view "
        "ui.gallery",
        ALL, GENERAL, "管理人员与平台，不接触数据", "they manage people and the platform, not data",
    ),
    _grant(_R.ADMINISTRATOR, "ledger.alarms", ALL, GENERAL, "管理平台", "they manage the platform"),
    _grant(_R.ADMINISTRATOR, "map.view", ALL, GENERAL, "核对页面可用", "they check that pages work"),
)  # fmt: skip

BOUND_ROLES: Final = frozenset(each.role.value for each in POLICY if each.reach is Reach.OWN)
_UNKNOWN: Final = Text(zh="没有名为“{action}”的操作", en="there is no action called “{action}”")
_SIGN_IN: Final = Text(zh="请先登录", en="sign in first")
_ROLE: Final = Text(zh="您的角色不包含“{title}”", en="your roles do not include “{title}”")
_OTHERS: Final = Text(zh="这属于其他单位", en="it belongs to another organisation")
_CLOSED: Final = Text(zh="它未向社会公开", en="it has not been opened to the public")
_GRADE: Final = Text(zh="它的数据级别高于您可接触的级别", en="its data grade is above what you may see")


def unlimited(actor: Actor, action: str) -> bool:
    """Whether some grant covers every organisation, so that only the grade of a thing could stand in the way."""
    return any(
        each.reach is Reach.ALL and action in each.actions and _holds(actor, each.role) for each in POLICY
    )


def decide(actor: Actor, action: str, target: Target | None = None) -> Decision:
    """Whether ``actor`` may do ``action`` to ``target``; without a target, to anything at all."""
    known = ACTIONS.get(action)
    if known is None:
        return Decision(False, _UNKNOWN.format(action=action))
    held = (each for each in POLICY if action in each.actions and _holds(actor, each.role))
    grants = sorted(held, key=lambda each: _WIDEST_FIRST.index(each.reach))
    if not grants:
        return Decision(False, _ROLE.format(title=known.title) if actor.is_authenticated else _SIGN_IN)
    if target is None:
        return Decision(True, grants[0].because)
    objections = []
    for grant in grants:
        objection = _objection(actor, grant, target, graded=known.graded)
        if objection is None:
            return Decision(True, grant.because)
        objections.append(objection)
    if not actor.is_authenticated:
        return Decision(False, _SIGN_IN)
    return Decision(False, _nearest(objections))


def grade_of(text: str) -> Grade:
    """Read a grade; what is not graded, or not known, is treated as core."""
    name = text.partition("-")[0]
    return {"general": Grade.GENERAL, "important": Grade.IMPORTANT}.get(name, Grade.CORE)


def _holds(actor: Actor, role: Role) -> bool:
    return role is Role.PUBLIC or (actor.is_authenticated and role.value in actor.roles)


def _objection(actor: Actor, grant: Grant, target: Target, *, graded: bool) -> Text | None:
    if grant.reach is Reach.OPENED and not target.public:
        return _CLOSED
    if grant.reach is Reach.OWN and not _own(actor, grant.role, target):
        return _OTHERS
    if graded and grade_of(target.grade) > grant.ceiling:
        return _GRADE
    return None


def _own(actor: Actor, role: Role, target: Target) -> bool:
    return actor.covers(role.value, organisation_id(target.organisation))


def _nearest(objections: list[Text]) -> Text:
    """The objection that tells most: grade before organisation before openness."""
    return next(each for each in (_GRADE, _OTHERS, _CLOSED) if each in objections)
