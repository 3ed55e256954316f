"""How the platform runs, for those who keep it running or check it: its health, background jobs and settings."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from hutong.accounts.api import Actor, allow, current, may, requires
from hutong.kernel import clock, doctor
from hutong.kernel.given import counted
from hutong.kernel.models import JobRun
from hutong.kernel.settings import BadSetting, Setting, declared, value
from hutong.kernel.text import Text

SIZE: Final = 50
TITLES: Final = {
    "catalog.suggest": Text(zh="敏感列识别", en="Kinds of columns suggested"),
    "docking.hourly": Text(zh="定时对接", en="Hourly exchange with the city's catalog"),
    "docking.exchange": Text(zh="市区目录对接", en="Exchange with the city's catalog"),
    "exchange.clocks": Text(zh="办理时限检查", en="Clocks of requests looked at"),
    "exchange.file": Text(zh="生成共享文件", en="File of a contract made"),
    "exchange.push": Text(zh="推送共享数据", en="Rows of a contract pushed"),
    "indicators.read-plan": Text(zh="读取规划文本", en="Plan document read"),
    "indicators.recompute": Text(zh="指标重算", en="Indicators computed"),
    "kernel.tidy": Text(zh="清理到期数据", en="Data past their time tidied away"),
    "lake.load": Text(zh="数据装载", en="Rows loaded"),
    "market.run": Text(zh="应用长任务", en="Long call of a module"),
    "market.train": Text(zh="模型训练", en="Model trained"),
    "portal.publish": Text(zh="开放数据发布", en="Edition of open data made"),
    "posture.seal": Text(zh="审计记录封存", en="Audit trail sealed"),
    "posture.watch": Text(zh="访问巡检", en="Accesses looked through"),
    "privacy.match": Text(zh="联合计算", en="Joint run"),
}
_STATES: Final = {"waiting": "none", "running": "watch", "done": "good", "failed": "bad"}
_TRUTH: Final = {True: Text(zh="是", en="yes"), False: Text(zh="否", en="no")}
_NAMES: Final = {
    "waiting": Text(zh="等待", en="Waiting"), "running": Text(zh="运行中", en="At work"),
    "done": Text(zh="完成", en="Done"), "failed": Text(zh="失败", en="Failed"),
}  # fmt: skip


@requires("jobs.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Jobs by state, the newest first; the examination when it is asked for; settings for those who may see them."""
    actor = current(request)
    allow(actor, "jobs.view")
    state = request.GET.get("state", "")
    state = state if state in _STATES else ""
    number = counted(request.GET.get("page", ""), 100_000) or 1
    found = JobRun.objects.filter(state=state) if state else JobRun.objects.all()
    rows = list(found.defer("arguments", "result")[(number - 1) * SIZE : number * SIZE + 1])
    context = {
        "tabs": _tabs(state),
        "jobs": _jobs(rows[:SIZE]),
        "pager": {
            "page": number,
            "size": SIZE,
            "more": len(rows) > SIZE,
            "query": {"state": state} if state else {},
        },
        **_platform(actor, examined="health" in request.GET),
    }
    return render(request, "project/operations.html", context)


def _tabs(chosen: str) -> list[dict[str, Any]]:
    counts = dict(JobRun.objects.order_by().values_list("state").annotate(Count("pk")))
    every = {
        "label": pgettext("operations", "All"),
        "url": "/operations",
        "current": not chosen,
        "count": sum(counts.values()),
    }
    return [every] + [
        {"label": _state(each), "url": f"/operations?state={each}", "current": each == chosen,
         "count": counts.get(each, 0)}
        for each in _STATES
    ]  # fmt: skip


def _jobs(rows: list[JobRun]) -> dict[str, Any]:
    return {
        "caption": pgettext("operations", "Background jobs"),
        "columns": [
            {"key": "name", "title": pgettext("operations", "Job")},
            {"key": "state", "title": pgettext("operations", "State")},
            {"key": "asked", "title": pgettext("operations", "Asked for")},
            {"key": "changed", "title": pgettext("operations", "Last change")},
            {"key": "said", "title": pgettext("operations", "How far, or why not")},
        ],
        "rows": [
            {
                "name": {"text": str(TITLES.get(each.name.partition("@")[0], each.name)), "title": each.id},
                "state": {"text": _state(each.state), "state": _STATES[each.state]},
                "asked": _moment(each.created_at),
                "changed": _moment(each.changed_at),
                "said": _said(each),
            }
            for each in rows
        ],
        "empty": pgettext("operations", "No job is in this state."),
        "dense": True,
    }


def _moment(at: datetime) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}"


def _said(run: JobRun) -> str:
    if run.state == JobRun.State.FAILED and run.error:
        message, fix = (Text(**run.error[each]) for each in ("message", "fix"))
        return " → ".join(each for each in (str(message), str(fix)) if each)
    if run.total and run.state == JobRun.State.RUNNING:
        return f"{run.done:,} / {run.total:,}"
    return str(Text(run.note_zh, run.note_en)) or "—"


def _state(state: str) -> str:
    return str(_NAMES[state])


def _platform(actor: Actor, *, examined: bool) -> dict[str, Any]:
    """Health and settings; nothing for those who may not see settings."""
    if not may(actor, "settings.view"):
        return {}
    return {"may_examine": True, "health": _health() if examined else None, "settings": _settings()}


def _health() -> dict[str, Any]:
    """What ``hutong doctor`` finds, what is wrong first."""
    findings = sorted(doctor.examine("project.tables").items(), key=lambda each: each[1].ok)
    return {
        "caption": pgettext("operations", "Health"),
        "columns": [
            {"key": "state", "title": pgettext("operations", "Outcome")},
            {"key": "what", "title": pgettext("operations", "What was found")},
            {"key": "fix", "title": pgettext("operations", "What to do")},
            {"key": "name", "title": pgettext("operations", "Check"), "kind": "code"},
        ],
        "rows": [
            {
                "state": {
                    "text": pgettext("operations", "good") if each.ok else pgettext("operations", "wrong"),
                    "state": "good" if each.ok else "bad",
                },
                "what": str(each.what),
                "fix": "—" if each.ok else str(each.fix),
                "name": name,
            }
            for name, each in findings
        ],
        "dense": True,
    }


def _settings() -> dict[str, Any]:
    return {
        "caption": pgettext("operations", "Settings"),
        "columns": [
            {"key": "doc", "title": pgettext("operations", "What it sets")},
            {"key": "value", "title": pgettext("operations", "Present value")},
            {"key": "name", "title": pgettext("operations", "Name"), "kind": "code"},
        ],
        "rows": [{"doc": str(each.doc), "value": _value(each), "name": each.name} for each in declared()],
        "dense": True,
    }


def _value(setting: Setting) -> str:
    """What may be shown of a value: texts may hold addresses with passwords, so only whether they are set."""
    try:
        found = value(setting.name)
    except BadSetting as error:
        return str(error.said)
    if found == setting.default:
        usual = Text(zh="", en="") if found in (None, "") else Text(zh="（{usual}）", en=" ({usual})")
        return pgettext("operations", "as shipped") + str(usual.format(usual=_plain(found)))
    return pgettext("operations", "set here") if setting.secret or setting.kind == "str" else _plain(found)


def _plain(found: object) -> str:
    return str(_TRUTH[found]) if isinstance(found, bool) else str(found)
