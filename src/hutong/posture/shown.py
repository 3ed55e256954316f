"""Things of the posture as tables and lists of the design system."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from hutong.accounts import api as accounts
from hutong.catalog import api as catalog
from hutong.docking import api as docking
from hutong.docking.errors import BadPeers
from hutong.kernel.text import Text
from hutong.ledger import api as ledger
from hutong.market import api as market
from hutong.posture.logic import risk
from hutong.posture.types import (
    AlertKind,
    AlertRef,
    AlertState,
    Channel,
    FindingRef,
    FindingState,
    Part,
    Risk,
    Severity,
    Share,
)
from hutong.ui.api import when

Shown = dict[str, Any]


def kind(each: AlertKind) -> str:
    return {
        AlertKind.VOLUME: _("Unusual volume"),
        AlertKind.HOUR: _("Unusual hour"),
        AlertKind.NOVELTY: _("First access"),
        AlertKind.ADDRESS: _("New network"),
        AlertKind.REFUSED: _("Many refusals"),
        AlertKind.LOG: _("A log contradicts itself"),
    }[each]


def part(each: Part) -> str:
    return {
        Part.GRADE: _("Grade"),
        Part.EXPOSURE: _("Exposure"),
        Part.ANOMALIES: _("Access anomalies"),
        Part.FINDINGS: _("Findings"),
    }[each]


def alert_state(each: AlertState) -> Shown:
    texts = {
        AlertState.OPEN: (_("Open"), "bad"),
        AlertState.ACKNOWLEDGED: (_("Being looked into"), "watch"),
        AlertState.CLOSED: (_("Settled and closed"), "good"),
    }
    return _badge(*texts[each])


def severity(each: FindingRef) -> Shown:
    if each.state is FindingState.ACCEPTED:
        until = each.accepted_until.isoformat() if each.accepted_until else ""
        return _badge(_("Accepted until %(day)s") % {"day": until}, "none")
    if each.state is FindingState.MENDED:
        return _badge(_("No longer found"), "good")
    texts = {
        Severity.HIGH: (_("High"), "bad"),
        Severity.MEDIUM: (_("Medium"), "watch"),
        Severity.LOW: (_("Low"), "none"),
    }
    return _badge(*texts[each.severity])


def _badge(text: str, state: str) -> Shown:
    return {"text": text, "state": state, "kind": "badge"}


def level(score: float) -> Shown:
    state = risk.level(score)
    words = {"bad": _("High"), "watch": _("Medium"), "good": _("Low")}
    return _badge(words[state], state)


def channel(each: Channel) -> str:
    return {
        Channel.EXCHANGE: _("Under a contract"),
        Channel.DIRECT: _("Looked at inside"),
        Channel.MARKET: _("Module of the supermarket"),
        Channel.PUBLISH: _("Writing to the portal"),
        Channel.OPEN: _("Open data"),
        Channel.LEDGER: _("Seen by a witness"),
        Channel.DOCKING: _("Docking with a peer"),
    }[each]


class Names:
    """What alerts are about and who did it, in words; asked of the other capabilities once for a page."""

    def __init__(self) -> None:
        self._datasets = {each.id: each for each in catalog.entries(catalog.Kind.DATASET)}
        self._people = {each.urn: str(each.name) for each in accounts.people()}
        self._organisations = {each.id: str(each.title) for each in accounts.organisations()}
        self._modules = market.modules()
        self._peers: Mapping[str, docking.Peer] = {}
        with suppress(BadPeers):  # `hutong doctor` says so
            self._peers = docking.known().peers

    def thing(self, each: AlertRef) -> Shown:
        """Its title, and where it is shown."""
        local = each.dataset.rpartition(":")[2]
        if each.channel is Channel.LEDGER:
            return {"text": _("Our own log"), "url": "/ledger/witnesses"}
        if each.channel is Channel.DOCKING:
            peer = self._peers[local].called if local in self._peers else local
            return {"text": _("Log of %(peer)s") % {"peer": peer}, "url": f"/catalog/docking/{local}"}
        if each.channel is Channel.MARKET and local == "keys":
            return {"text": _("The supermarket"), "url": "/market"}
        if each.channel is Channel.MARKET:
            title = self._modules[local].title if local in self._modules else local
            return {"text": str(title), "url": f"/market/modules/{local}"}
        if each.channel is Channel.PUBLISH:
            return {"text": _("Open portal"), "url": "/open"}
        if each.dataset in self._datasets:
            text = str(self._datasets[each.dataset].title)
            return {"text": text, "url": f"/posture/datasets/{each.dataset}"}
        place = {"url": f"/open/{each.dataset}"} if each.channel is Channel.OPEN else {}
        return {"text": each.dataset, **place}

    def who(self, actor: str, organisation: str = "") -> str:
        """A person, a key, or everyone; with their organisation."""
        kind, _colon, hint = actor.partition(":")
        if kind == "public":
            return {"download": _("Everyone, by download"), "call": _("Everyone, by interface")}.get(
                hint, hint
            )
        if kind == "stranger":
            return _("A key that never was, from %(network)s") % {"network": hint or "?"}
        name = self._people.get(actor) or (_("Key %(hint)s") % {"hint": hint} if kind == "key" else "")
        held = self._organisations.get(organisation, organisation)
        return " · ".join(each for each in (name or (not held and actor.rpartition(":")[2]), held) if each)


def reason(told: Any) -> Text:
    """Why it stood out, in words."""
    code = told.get("code", "")
    counts = {name: f"{each:,}" for name, each in told.items() if isinstance(each, int)}
    told = {**told, **counts, **_words(told)}
    if code.startswith("volume"):
        return Text(
            zh="一{grain_zh}内{by_zh} {found}，通常中位数 {median}，上限 {bound}（按{of_zh} {history} 个时段计算）",
            en="{found} {by} in one {grain}; usually {median}, the bound is {bound} (from {history} spans of the {of})",
        ).format(**told)
    if code == "refused" and told.get("codes"):
        each = [_REFUSALS.get(name, Text(zh=name, en=name)) for name in told["codes"]]
        told |= {
            "why_zh": "、".join(one.in_("zh") for one in each),
            "why_en": ", ".join(one.in_("en") for one in each),
        }
        code = "refused-for"
    if code == "witness-log":
        alarm = ledger.alarm_said(str(told["said"]))
        told |= {"said_zh": alarm.zh, "said_en": alarm.en}
    if code == "peer-log":
        code = f"peer-{told['why']}"
    return _REASONS.get(code, Text(zh=code, en=code)).format(**told)


def _words(told: Any) -> Shown:
    grain = told.get("code", "").rpartition("-")[2]
    return {
        "grain": grain,
        "grain_zh": {"hour": "小时", "day": "天"}.get(grain, ""),
        "by_zh": {"rows": "读取行数", "calls": "调用次数"}.get(told.get("by"), ""),
        "of_zh": {"person": "本人", "contract": "本合同", "organisation": "本单位"}.get(told.get("of"), ""),
    }


_REASONS = {
    "hour": Text(
        zh="在 {hours} 时访问；{of_zh}历史 {history} 次访问中，前后一小时内的仅占 {share}%",
        en="at {hours} o'clock; of {history} accesses of the {of}, {share}% are within an hour of it",
    ),
    "day-off": Text(
        zh="在非工作日 {hours} 时访问；{of_zh}历史 {history} 次访问中，非工作日仅占 {share}%",
        en="on a day off at {hours} o'clock; of {history} accesses of the {of}, {share}% are on days off",
    ),
    "first": Text(
        zh="首次访问该数据集；此前另有 {people} 人访问过，本人历史访问 {history} 次",
        en="first access to this dataset; people who read it before: {people}, accesses of the person: {history}",
    ),
    "network": Text(
        zh="来自新的网段 {network}；本人历史 {history} 次访问来自 {known} 个网段",
        en="from the new network {network}; networks of the {history} accesses before: {known}",
    ),
    "refused": Text(
        zh="一小时内被拒绝 {found} 次（上限 {bound}）", en="{found} refusals in an hour (bound {bound})"
    ),
    "refused-for": Text(
        zh="一小时内被拒绝 {found} 次（上限 {bound}）：{why_zh}",
        en="{found} refusals in an hour (bound {bound}): {why_en}",
    ),
    "peer-split": Text(
        zh="同一规模（{held} 条）的日志出示了两个不同的根：对不同对象各执一词，或历史被改写",
        en="two different roots of a log of one size ({held} entries): it says different things, or was rewritten",
    ),
    "peer-rewritten": Text(
        zh="新出示的日志（{offered} 条）不是此前日志（{held} 条）的延续：历史被改写",
        en="the log shown now ({offered} entries) does not go on from the one before ({held}): it was rewritten",
    ),
    "peer-shorter": Text(
        zh="日志只有 {offered} 条，少于此前出示的 {held} 条：被回退或改写",
        en="the log has {offered} entries, fewer than the {held} it showed before: it was put back or rewritten",
    ),
    "witness-log": Text(
        zh="见证方 {witness} 拒绝共签本日志（{size} 条）：{said_zh}",
        en="witness {witness} refuses to cosign our log ({size} entries): {said_en}",
    ),
}
_REFUSALS = {
    "market.no-key": Text(zh="没有密钥", en="no key"),
    "market.bad-key": Text(zh="密钥不存在或已失效", en="a key that is none, or no more"),
    "market.wrong-module": Text(zh="密钥不属于该模块", en="a key of another module"),
    "market.quota-spent": Text(zh="配额用尽", en="the quota is spent"),
    "accounts.refused": Text(zh="没有权限", en="not permitted"),
}


def riskiest(found: Sequence[Risk], caption: str, name: str) -> Shown:
    """A short list: how risky, and what weighs most in it."""
    return {
        "caption": caption,
        "columns": [
            {"key": "title", "title": name},
            {"key": "score", "title": _("Score"), "kind": "number"},
            {"key": "level", "title": _("Risk"), "kind": "badge"},
            {"key": "most", "title": _("What weighs most besides the grade")},
        ],
        "rows": [
            {
                "title": {"text": str(each.title), "url": f"/posture/{each.kind}s/{each.id}"},
                "score": each.score,
                "level": level(each.score),
                "most": _most(each.shares),
            }
            for each in found
        ],
        "empty": _("Nothing is watched yet."),
    }


def _most(found: Sequence[Share]) -> str:
    """What weighs most of that which people can change; the grade where that is all."""
    others = [each for each in found if each.part is not Part.GRADE and each.weight * each.value] or found
    most = max(others, key=lambda each: each.weight * each.value)
    return " · ".join(str(each) for each in most.why)


def trend(line: Sequence[tuple[date, float]], name: str, key: str) -> Shown | None:
    """The scores by day as a chart; nothing to draw before the second day."""
    if len(line) < 2:
        return None
    return {
        "id": key,
        "kind": "line",
        "title": name,
        "labels": [day.isoformat() for day, _score in line],
        "series": [{"name": _("Score"), "values": [score for _day, score in line]}],
    }


def risks(found: Sequence[Risk], caption: str, name: str) -> Shown:
    return {
        "caption": caption,
        "columns": [
            {"key": "title", "title": name},
            {"key": "score", "title": _("Score"), "kind": "number"},
            {"key": "level", "title": _("Risk"), "kind": "badge"},
            *({"key": each.value, "title": part(each), "kind": "number"} for each in Part),
        ],
        "rows": [
            {
                "title": {"text": str(each.title), "url": f"/posture/{each.kind}s/{each.id}"},
                "score": each.score,
                "level": level(each.score),
                **{share.part.value: share.value for share in each.shares},
            }
            for each in found
        ],
        "empty": _("Nothing is watched yet."),
    }


def shares(found: Sequence[Share]) -> Shown:
    weight = sum(each.weight for each in found) or 1
    return {
        "caption": _("Parts of the score"),
        "columns": [
            {"key": "part", "title": _("Part")},
            {"key": "value", "title": _("Points"), "kind": "number"},
            {"key": "weight", "title": _("Weight"), "kind": "number"},
            {"key": "adds", "title": _("Adds to the score"), "kind": "number"},
            {"key": "why", "title": _("What it comes from")},
            {"key": "lowers", "title": _("What lowers it")},
        ],
        "rows": [
            {
                "part": part(each.part),
                "value": each.value,
                "weight": each.weight,
                "adds": round(each.weight * each.value / weight, 1),
                "why": " · ".join(str(text) for text in each.why),
                "lowers": str(each.lowers),
            }
            for each in found
        ],
        "empty": "",
    }


def alerts(found: Sequence[AlertRef], caption: str) -> Shown:
    names = Names()
    return {
        "caption": caption,
        "columns": [
            {"key": "id", "title": _("Alert")},
            {"key": "score", "title": _("Score"), "kind": "number"},
            {"key": "state", "title": _("State"), "kind": "badge"},
            {"key": "dataset", "title": _("What was used")},
            {"key": "who", "title": _("Who")},
            {"key": "why", "title": _("Why it stands out")},
            {"key": "at", "title": _("Time")},
        ],
        "rows": [
            {
                "id": {"text": f"{kind(each.kind)} #{each.id}", "url": f"/posture/alerts/{each.id}"},
                "score": each.score,
                "state": alert_state(each.state),
                "dataset": names.thing(each)["text"],
                "who": {"text": _by(each, names), "title": each.actor},
                "why": "；".join(str(reason(told)) for told in each.reasons),
                "at": when(each.at),
            }
            for each in found
        ],
        "empty": _("Nothing stands out."),
    }


def _by(each: AlertRef, names: Names) -> str:
    """Whoever did it; of a log that contradicts itself nobody is named."""
    return "—" if each.kind is AlertKind.LOG else names.who(each.actor, each.organisation)


def findings(found: Sequence[FindingRef], caption: str) -> Shown:
    return {
        "caption": caption,
        "columns": [
            {"key": "what", "title": _("Finding")},
            {"key": "severity", "title": _("Severity"), "kind": "badge"},
            {"key": "fix", "title": _("How to mend it")},
            {"key": "since", "title": _("Found at")},
        ],
        "rows": [
            {
                "what": {"text": str(each.what), "url": f"/posture/findings/{each.id}"},
                "severity": severity(each),
                "fix": {"text": capfirst(str(each.fix)), "url": each.link},
                "since": when(each.found_at),
            }
            for each in found
        ],
        "empty": _("The rules find nothing."),
    }
