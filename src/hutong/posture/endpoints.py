"""The posture for programs, under ``/api/posture``."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from hutong.accounts.api import Target, allow, current, requires
from hutong.kernel.text import Text
from hutong.posture import alerts, findings, gathering, scoring, shown
from hutong.posture.schemas import (
    AcceptIn,
    AlertOut,
    AlertsOut,
    DatasetRiskOut,
    DatasetsRiskOut,
    Name,
    Number,
    Offset,
    PostureOut,
    SettleIn,
    Size,
    SystemsRiskOut,
    WeaknessesOut,
    WeaknessOut,
)
from hutong.posture.types import AlertKind, AlertRef, FindingState

router = Router()
Told = dict[str, Any]
_TARGET = Target(kind="posture")


def plain(value: Any) -> Any:
    """Frozen dataclasses of the posture as JSON."""
    if isinstance(value, Text):
        return value.as_dict()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def _see(request: HttpRequest) -> None:
    allow(current(request), "posture.view", _TARGET)


def _alert(found: AlertRef) -> Told:
    return {**plain(found), "why": [shown.reason(each).as_dict() for each in found.reasons]}


@router.get("", response=PostureOut, summary="The district's score, its trend, and how much waits")
@requires("posture.view")
def whole(request: HttpRequest) -> Told:
    _see(request)
    risks = scoring.standing()
    return {
        "score": scoring.district(),
        "trend": [{"day": day.isoformat(), "score": score} for day, score in scoring.trend()],
        "alerts": alerts.counts(),
        "findings": sum(each.state is FindingState.OPEN for each in findings.listed()),
        "top": [{"kind": each.kind, "id": each.id, "score": each.score} for each in risks[:10]],
    }


@router.get("/datasets", response=DatasetsRiskOut, summary="The risk of every dataset, the riskiest first")
@requires("posture.view")
def datasets(request: HttpRequest, offset: Offset = 0, limit: Size = 100) -> Told:
    _see(request)
    found = scoring.standing("dataset")
    return {"total": len(found), "datasets": plain(found[offset : offset + limit])}


@router.get(
    "/datasets/{name}",
    response=DatasetRiskOut,
    summary="The risk of a dataset with its parts, exposure, alerts and findings",
)
@requires("posture.view")
def dataset(request: HttpRequest, name: Name) -> Told:
    _see(request)
    found = scoring.of("dataset", name)
    raised = alerts.about(gathering.entry("dataset", name))
    told: Told = plain(found)
    return {
        **told,
        "alerts": [_alert(each) for each in raised],
        "open_findings": plain(findings.listed(name)),
    }


@router.get(
    "/systems", response=SystemsRiskOut, summary="The risk of every information system, the riskiest first"
)
@requires("posture.view")
def systems(request: HttpRequest, offset: Offset = 0, limit: Size = 100) -> Told:
    _see(request)
    found = scoring.standing("system")
    return {"total": len(found), "systems": plain(found[offset : offset + limit])}


@router.get("/alerts", response=AlertsOut, summary="Alerts: those that wait first, the gravest first")
@requires("posture.view")
def alert_list(
    request: HttpRequest,
    state: Literal["", "open", "acknowledged", "closed"] = "",
    kind: AlertKind | Literal[""] = "",
    offset: Offset = 0,
    limit: Size = 100,
) -> Told:
    _see(request)
    found, total = alerts.listed(state=state, kind=kind, offset=offset, limit=limit)
    return {"total": total, "alerts": [_alert(each) for each in found]}


@router.get("/alerts/{number}", response=AlertOut, summary="One alert")
@requires("posture.view")
def alert(request: HttpRequest, number: Number) -> Told:
    _see(request)
    return _alert(alerts.alert(number))


@router.post(
    "/alerts/{number}", response=AlertOut, summary="Acknowledge an alert, or close it with its reason"
)
@requires("posture.manage")
def settle(request: HttpRequest, number: Number, wished: SettleIn) -> Told:
    act = alerts.close if wished.state == "closed" else alerts.acknowledge
    found = act(current(request), number, wished.note)
    scoring.renew()
    return _alert(found)


@router.get("/findings", response=WeaknessesOut, summary="What the rules find, accepted risks last")
@requires("posture.view")
def finding_list(request: HttpRequest, offset: Offset = 0, limit: Size = 100) -> Told:
    _see(request)
    found = findings.listed()
    return {"total": len(found), "findings": plain(found[offset : offset + limit])}


@router.post("/findings/{number}", response=WeaknessOut, summary="Accept a risk until a day, with the reason")
@requires("posture.manage")
def accept(request: HttpRequest, number: Number, wished: AcceptIn) -> Told:
    found = findings.accept(current(request), number, wished.note, wished.until)
    scoring.renew()
    told: Told = plain(found)
    return told
