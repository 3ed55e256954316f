"""What programs send to the posture and what it answers them, as its OpenAPI says."""

from datetime import date
from typing import Annotated, Literal

from ninja import Path, Query, Schema
from pydantic import AfterValidator, Field, JsonValue

from hutong.kernel.answers import BilingualOut, Day, Moment, Urn
from hutong.posture import alerts
from hutong.posture.types import AlertKind, AlertState, Channel, FindingState, Part, Severity


def clean(text: str) -> str:
    """Raises ``ValueError`` for what no store can hold."""
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("a character that is none")
    return text


Name = Annotated[str, Path(max_length=120), AfterValidator(clean)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]
Size = Annotated[int, Query(ge=1, le=500)]
Long = Annotated[str, Field(max_length=alerts.LONGEST), AfterValidator(clean)]
Score = Annotated[float, Field(ge=0, le=100, description="0 to 100, lower is better")]
Count = Annotated[int, Field(ge=0)]


class SettleIn(Schema):
    """What becomes of an alert; closing needs its reason."""

    state: Literal["acknowledged", "closed"]
    note: Long = ""


class AcceptIn(Schema):
    """A risk is accepted with a reason and until a day."""

    note: Long
    until: date


class ShareOut(Schema):
    """One part of a score: 0 to 100, what it counts beside the others, and what it comes from."""

    part: Part
    value: Score
    weight: Annotated[float, Field(ge=0)]
    why: list[BilingualOut]
    lowers: BilingualOut


class ExposureOut(Schema):
    """Who can reach the data, and what of them they see; columns are counted over all contracts in force."""

    opened: bool
    organisations: Count
    clear: Annotated[Count, Field(description="columns that some contract shows as they are")]
    masked: Annotated[Count, Field(description="columns that every contract masks")]
    sensitive_clear: Annotated[
        Count, Field(description="sensitive columns that some contract shows as they are")
    ]
    keys: Annotated[Count, Field(description="keys that open something now")]


class RiskOut(Schema):
    """The risk of a dataset or a system when it was last scored."""

    urn: Urn
    id: str
    kind: Literal["dataset", "system"]
    title: BilingualOut
    organisation: str
    grade: str
    score: Score
    shares: list[ShareOut]
    exposure: ExposureOut
    at: Moment


class VolumeReasonOut(Schema):
    """Far more than usual in an hour or a day; ``bound`` lies so far above the ``median`` of the history."""

    code: Literal["volume-hour", "volume-day"]
    by: Literal["rows", "calls"]
    found: Count
    median: Count
    bound: Count
    history: Annotated[Count, Field(description="spans of history")]
    of: Literal["person", "contract"]


class HourReasonOut(Schema):
    """At hours, or on a day off, when it is not usual: ``share`` percent of the history is."""

    code: Literal["hour", "day-off"]
    hours: Annotated[str, Field(description="hours of the day in Shanghai, apart by spaces")]
    share: Annotated[float, Field(ge=0, le=100)]
    history: Annotated[Count, Field(description="accesses in the history")]
    of: Literal["person", "organisation"]


class FirstReasonOut(Schema):
    """A person's first access; ``people`` others read it before, and the person has ``history`` accesses."""

    code: Literal["first"]
    people: Count
    history: Count


class NetworkReasonOut(Schema):
    """From a network never seen of the person, who was seen from ``known`` others."""

    code: Literal["network"]
    network: Annotated[str, Field(description="a /24, of IPv6 a /48")]
    known: Count
    history: Count


class RefusedReasonOut(Schema):
    """Many refusals in an hour; ``codes``: what for, of calls to modules."""

    code: Literal["refused"]
    found: Count
    bound: Count
    codes: list[str] = Field(default_factory=list)


class PeerLogReasonOut(Schema):
    """A peer showed a log of size ``offered`` that does not go on from the ``held`` one; both are in our ``entry``."""

    code: Literal["peer-log"]
    why: Literal["split", "rewritten", "shorter"]
    held: Count
    offered: Count
    entry: Count


class WitnessLogReasonOut(Schema):
    """A witness refused our log of this ``size``, and what it ``said``."""

    code: Literal["witness-log"]
    witness: str
    size: Count
    said: str


Reason = Annotated[
    VolumeReasonOut
    | HourReasonOut
    | FirstReasonOut
    | NetworkReasonOut
    | RefusedReasonOut
    | PeerLogReasonOut
    | WitnessLogReasonOut,
    Field(discriminator="code"),
]


class AlertOut(Schema):
    """Something that stood out: who, on what, how much; ``reasons`` with their figures, ``why`` in words."""

    id: int
    urn: Urn
    kind: AlertKind
    state: AlertState
    channel: Channel
    score: Annotated[int, Field(ge=0, le=100, description="how grave")]
    dataset: Annotated[str, Field(description="the dataset, or the URN of what was used instead")]
    contract: Annotated[str, Field(description="the contract; of a module, the subscription")]
    actor: Annotated[
        str,
        Field(description="URN of a person, peer or witness, key:<hint>, stranger:<network>, public:<way>"),
    ]
    organisation: str
    at: Moment
    rows: Count
    calls: Count
    reasons: list[Reason]
    why: list[BilingualOut]
    opened_at: Moment
    settled_by: str
    settled_at: Moment | None
    note: str


class AlertsOut(Schema):
    total: Count
    alerts: list[AlertOut]


class WeaknessOut(Schema):
    """What a rule over the set-up found; ``dataset`` is empty where it is about the district."""

    id: int
    rule: str
    severity: Severity
    state: FindingState
    subject: str
    dataset: str
    facts: Annotated[
        dict[str, JsonValue], Field(description="what fills the text; its keys are the rule's own")
    ]
    link: Annotated[str, Field(description="the page where it is mended")]
    found_at: Moment
    accepted_until: Day | None
    accepted_by: str
    note: str
    what: BilingualOut
    fix: BilingualOut


class WeaknessesOut(Schema):
    total: Count
    findings: list[WeaknessOut]


class DatasetRiskOut(RiskOut):
    alerts: list[AlertOut]
    open_findings: list[WeaknessOut]


class DatasetsRiskOut(Schema):
    total: Count
    datasets: list[RiskOut]


class SystemsRiskOut(Schema):
    total: Count
    systems: list[RiskOut]


class ScoreDayOut(Schema):
    day: Day
    score: Score


class WaitingOut(Schema):
    """How many alerts stand where."""

    open: Count = 0
    acknowledged: Count = 0
    closed: Count = 0


class TopOut(Schema):
    kind: Literal["dataset", "system"]
    id: str
    score: Score


class PostureOut(Schema):
    """The district: its score, the trend of 90 days, how much waits, and the ten riskiest things."""

    score: Score
    trend: list[ScoreDayOut]
    alerts: WaitingOut
    findings: Annotated[Count, Field(description="open ones")]
    top: list[TopOut]
