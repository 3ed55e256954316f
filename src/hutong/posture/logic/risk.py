"""The risk score: four parts of 0 to 100, weighted.

score = Σ weight · part / Σ weight. The weights and points are data (section ``posture`` of the pack).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hutong.kernel.text import Text
from hutong.posture.logic.counting import counted
from hutong.posture.types import AlertRef, AlertState, Exposure, FindingRef, FindingState, Part, Share

_LOWERS: Final = {
    Part.GRADE: Text(
        zh="级别由数据本身决定；脱离敏感内容、重新定级后才会下降",
        en="The data itself decides; it falls only when they are graded anew",
    ),
    Part.EXPOSURE: Text(
        zh="缩小合同列范围、脱敏、撤销不用的密钥、到期合同不再续签",
        en="Grant fewer columns, mask them, revoke keys that are not used, let contracts end",
    ),
    Part.ANOMALIES: Text(zh="核实并关闭告警", en="Look into alerts and close them"),
    Part.FINDINGS: Text(
        zh="按建议整改，或说明理由限期接受风险",
        en="Mend the findings, or accept a risk for a time with its reason",
    ),
}


def shares(
    spec: Any, grade: str, exposure: Exposure, alerts: Sequence[AlertRef], findings: Sequence[FindingRef]
) -> tuple[Share, ...]:
    """The parts of a score with what each comes from. ``spec``: the pack's section."""
    found = {
        Part.GRADE: _grade(spec.grades, grade),
        Part.EXPOSURE: _exposure(spec.exposure, exposure),
        Part.ANOMALIES: _anomalies(spec.alerts, alerts),
        Part.FINDINGS: _findings(spec.findings, findings),
    }
    return tuple(
        Share(part, round(min(100.0, value), 1), getattr(spec.weights, part.value), why, _LOWERS[part])
        for part, (value, why) in found.items()
    )


def grade_title(grade: str) -> Text:
    """A grade as people say it."""
    kind, _, level = grade.partition("-")
    known = {"core": Text(zh="核心", en="core"), "important": Text(zh="重要", en="important")}
    general = Text(zh=f"一般 {level} 级".replace("  级", ""), en=f"general {level}".strip())
    return general if kind == "general" else known.get(grade, Text(zh="未定级", en="none"))


def score(parts: Sequence[Share]) -> float:
    """0 to 100; 0 where nothing has weight."""
    weight = sum(each.weight for each in parts)
    return round(sum(each.weight * each.value for each in parts) / weight, 1) if weight else 0.0


def together(many: Sequence[Sequence[Share]]) -> tuple[Share, ...]:
    """The parts of what is made of several things: the worst of each part."""
    return tuple(max(group, key=lambda each: each.value) for group in zip(*many, strict=True))


def level(value: float) -> str:
    """The state of the design system that a score is shown in."""
    return "bad" if value >= 60 else "watch" if value >= 35 else "good"


def district(scores: Sequence[float]) -> float:
    """The district's score: the mean of its ten worst datasets, so that many harmless ones do not hide them."""
    worst = sorted(scores, reverse=True)[:10]
    return round(sum(worst) / len(worst), 1) if worst else 0.0


def _grade(points: Any, grade: str) -> tuple[float, tuple[Text, ...]]:
    name = grade.replace("-", "_") or "ungraded"
    value = getattr(points, name, points.ungraded)
    title = grade_title(grade)
    return value, (Text(zh=f"数据级别：{title.in_('zh')}", en=f"Grade: {title.in_('en')}"),)


def _exposure(points: Any, found: Exposure) -> tuple[float, tuple[Text, ...]]:
    columns = found.clear + found.masked
    told: Mapping[str, tuple[float, Text]] = {
        "opened": (points.opened * found.opened, Text(zh="向社会开放", en="Open to everyone")),
        "organisations": (
            min(points.organisations_most, points.organisation * found.organisations),
            Text(
                zh=f"向 {found.organisations} 个单位共享",
                en=f"Shared with {counted(found.organisations, 'organisation')}",
            ),
        ),
        "clear": (
            points.clear * found.clear / columns if columns else 0.0,
            Text(
                zh=f"{found.clear} 列为明文、{found.masked} 列脱敏",
                en=f"{counted(found.clear, 'column')} clear, {found.masked} masked",
            ),
        ),
        "sensitive": (
            points.sensitive_clear * found.sensitive_clear,
            Text(
                zh=f"{found.sensitive_clear} 个敏感列为明文",
                en=f"{counted(found.sensitive_clear, 'sensitive column')} clear",
            ),
        ),
        "keys": (
            min(points.keys_most, points.key * found.keys),
            Text(zh=f"{found.keys} 个密钥有效", en=f"{counted(found.keys, 'key')} alive"),
        ),
    }
    why = tuple(_plus(text, value) for value, text in told.values() if value)
    return sum(value for value, _ in told.values()), why or (
        Text(zh="未开放、未共享", en="Neither open nor shared"),
    )


def _anomalies(points: Any, alerts: Sequence[AlertRef]) -> tuple[float, tuple[Text, ...]]:
    factors = {
        AlertState.OPEN: points.open,
        AlertState.ACKNOWLEDGED: points.acknowledged,
        AlertState.CLOSED: 0.0,
    }
    waiting = [each for each in alerts if each.state is not AlertState.CLOSED]
    value = sum(each.score * factors[each.state] for each in waiting)
    return value, (
        Text(zh=f"{len(waiting)} 个告警未关闭", en=f"{counted(len(waiting), 'alert')} not closed"),
    )


def _findings(points: Any, findings: Sequence[FindingRef]) -> tuple[float, tuple[Text, ...]]:
    still = [each for each in findings if each.state is FindingState.OPEN]
    accepted = sum(each.state is FindingState.ACCEPTED for each in findings)
    value = sum(getattr(points, each.severity.value) for each in still)
    why = Text(
        zh=f"{len(still)} 个问题未整改，{accepted} 个风险已接受",
        en=f"{counted(len(still), 'finding')} open, {accepted} accepted",
    )
    return value, (why,)


def _plus(text: Text, value: float) -> Text:
    return Text(zh=f"{text.in_('zh')}（+{value:g}）", en=f"{text.in_('en')} (+{value:g})")
