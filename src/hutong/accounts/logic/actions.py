"""The closed list of actions. A view that names another one does not start."""

from dataclasses import dataclass
from typing import Final

from hutong.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person may be allowed to do. ``graded``: it shows data, so the grade of the target decides."""

    name: str
    title: Text
    graded: bool = False


def _action(name: str, zh: str, en: str, *, graded: bool = False) -> Action:
    return Action(name, Text(zh=zh, en=en), graded)


_ALL: Final = (
    _action(
        "site.open",
        "打开登录页、健康检查、语言切换等公共入口",
        "Open the entrances: sign-in, health, language",
    ),
    _action("account.own", "管理自己的账号、密码与会话", "Manage one's own account, password and sessions"),
    _action("organisation.view", "查看组织机构", "See the organisations"),
    _action("cockpit.view", "查看领导驾驶舱", "See the cockpit"),
    _action("figure.view", "查看指标数值及其来源", "See a figure and where it comes from"),
    _action("map.view", "查看一张图图层", "See map layers", graded=True),
    _action("plan.view", "查看规划与进展", "See plans and their progress"),
    _action("plan.review", "核对导入的规划内容", "Review what was read from a plan"),
    _action("plan.edit", "修改规划、任务与责任单位", "Edit plans, tasks and their owners"),
    _action("plan.report", "填报任务进展与佐证", "Report the progress of tasks, with evidence"),
    _action("catalog.view", "查看数据目录条目", "See catalog entries"),
    _action("catalog.edit", "维护数据目录条目", "Edit catalog entries"),
    _action(
        "catalog.hand", "指定库表由哪个单位编目", "Say which organisation catalogues a table of the lake"
    ),
    _action("catalog.grade", "确认或驳回字段定级建议", "Confirm or reject suggested grades of columns"),
    _action("catalog.cosign", "代表本单位会签锁定条目的变更", "Co-sign changes of locked entries"),
    _action("catalog.dock", "查看并运行市区目录对接", "See and run the docking with other catalogs"),
    _action(
        "lake.view",
        "查看数据表的结构、质量、快照与血缘",
        "See a table's columns, quality, snapshots and lineage",
    ),
    _action("lake.sample", "查看脱敏样例", "See masked sample rows", graded=True),
    _action("lake.sample_clear", "查看未脱敏数据行", "See rows unmasked", graded=True),
    _action("lake.load", "装载数据", "Load data"),
    _action("lake.quarantine", "查看隔离的问题行", "See the rows held in quarantine", graded=True),
    _action("lake.query", "自行查询数据表", "Query tables freely", graded=True),
    _action("portal.view", "浏览开放门户", "Use the open portal"),
    _action("portal.ask", "向开放门户提意见或申请数据", "Send the open portal a request or feedback"),
    _action("portal.answer", "审核并答复公众的意见和申请", "Moderate and answer what the public sent"),
    _action("portal.publish", "在开放门户登记外部数据集", "Register outside datasets in the open portal"),
    _action("market.view", "浏览应用超市", "See the supermarket of modules"),
    _action("market.try", "试用模块", "Try modules"),
    _action(
        "market.subscribe", "以本单位名义订阅、调用和评价模块", "Subscribe to modules, use and rate them"
    ),
    _action(
        "market.keep",
        "管理本单位提供的模块：审批订阅、查看用量",
        "Keep one's modules: decide subscriptions, see use",
    ),
    _action(
        "market.train",
        "用本区已办案例训练模块，选用或退回模型",
        "Train modules on the district's handled cases and choose the model in use",
    ),
    _action("exchange.view", "查看共享申请、合同与使用情况", "See requests, contracts and their use"),
    _action("exchange.request", "以本单位名义申请数据", "Ask for data in the name of one's organisation"),
    _action("exchange.check", "审核申请是否合规", "Check that requests are complete and lawful"),
    _action(
        "exchange.decide", "作为提供方决定申请、答复校核", "Decide requests and corrections as the provider"
    ),
    _action("exchange.sign", "代表本单位签署、终止合同，管理密钥", "Sign and end contracts, keep their keys"),
    _action("exchange.read", "按合同读取数据", "Read data under a contract"),
    _action("exchange.issue", "提出校核、争议与回流需求", "Raise corrections, disputes and return flow"),
    _action("exchange.supervise", "监督共享交换、终止合同", "Supervise the exchange and end contracts"),
    _action("exchange.arbitrate", "裁决争议、办理回流", "Decide disputes and return flow"),
    _action("privacy.view", "查看隐私预算与提问记录", "See privacy budgets and what was asked"),
    _action(
        "privacy.ask", "按合同提出统计问题、联合计算", "Ask protected questions and match under a contract"
    ),
    _action("posture.view", "查看数据安全态势", "See the security posture of data"),
    _action("posture.manage", "处置告警、接受风险", "Settle alerts and accept risks"),
    _action("ledger.view", "查看存证日志与证明", "See the ledger and its proofs"),
    _action("ledger.alarms", "知悉并处置存证日志报警", "Be told of alarms of the ledger and settle them"),
    _action("audit.view", "查看并导出审计记录", "See and export the audit trail"),
    _action("people.manage", "管理人员、角色与锁定", "Manage people, roles and locks"),
    _action("admin.use", "查看后台数据表", "Look into the administration tables"),
    _action("settings.view", "查看系统设置与体检结果", "See settings and the state of health"),
    _action("metrics.view", "读取运行指标", "Read the metrics of the running system"),
    _action("jobs.view", "查看后台任务", "See background jobs"),
    _action("ui.gallery", "查看界面组件样例", "See the gallery of page components"),
    _action("api.docs", "查看接口文档", "See the documentation of the interfaces"),
)

ACTIONS: Final[dict[str, Action]] = {each.name: each for each in _ALL}
