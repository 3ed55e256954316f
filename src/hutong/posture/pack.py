"""The posture's section of a pack: weights and points of the risk score, and from when on an access stands out."""

from typing import Annotated

from pydantic import Field

from hutong.kernel.text import Text
from hutong.packs import api as packs
from hutong.packs.api import Section, Spec, register
from hutong.posture.logic.anomalies import Limits

Points = Annotated[float, Field(ge=0, le=100)]
Weight = Annotated[float, Field(ge=0, le=100)]


class WeightsSpec(Spec):
    """How much each part counts; only their ratios matter."""

    grade: Weight = 30
    exposure: Weight = 25
    anomalies: Weight = 25
    findings: Weight = 20


class GradesSpec(Spec):
    """Points of the part "grade"."""

    core: Points = 100
    important: Points = 70
    general_4: Points = 45
    general_3: Points = 35
    general_2: Points = 20
    general_1: Points = 10
    ungraded: Points = 80


class ExposureSpec(Spec):
    """Points of the part "exposure", added up to 100."""

    opened: Points = 30
    organisation: Points = 8  # each that has a contract in force
    organisations_most: Points = 32
    clear: Points = 20  # times the share of shared columns that are shown as they are
    sensitive_clear: Points = 15  # each sensitive column shown as it is
    key: Points = 4  # each key that opens something
    keys_most: Points = 16


class AlertPoints(Spec):
    """An alert adds its own score times this."""

    open: Annotated[float, Field(ge=0, le=1)] = 0.5
    acknowledged: Annotated[float, Field(ge=0, le=1)] = 0.25


class FindingPoints(Spec):
    """Points of an open finding; an accepted one adds none."""

    high: Points = 50
    medium: Points = 25
    low: Points = 10


class WatchSpec(Spec):
    """From when on an access stands out."""

    k: Annotated[float, Field(ge=1, le=50)] = 4.5
    least_rows: Annotated[int, Field(ge=0)] = 1000
    least_calls: Annotated[int, Field(ge=1)] = 30
    least_history: Annotated[int, Field(ge=3, le=1000)] = 10
    usual_share: Annotated[float, Field(gt=0, lt=0.5)] = 0.01
    refused: Annotated[int, Field(ge=2)] = 10
    history_days: Annotated[int, Field(ge=7, le=400)] = 60
    new_days: Annotated[int, Field(ge=0, le=90)] = 7
    most_waiting: Annotated[int, Field(ge=1)] = 20

    @property
    def limits(self) -> Limits:
        return Limits(
            self.k, self.least_rows, self.least_calls, self.least_history, self.usual_share, self.refused
        )


class RulesSpec(Spec):
    """Bounds of the rules."""

    key_days: Annotated[int, Field(ge=1, le=3660)] = 180
    idle_days: Annotated[int, Field(ge=1, le=3660)] = 90
    witness_hours: Annotated[int, Field(ge=1, le=720)] = 24
    verify_days: Annotated[int, Field(ge=1, le=366)] = 31
    accept_days: Annotated[int, Field(ge=1, le=3660)] = 366
    off: tuple[str, ...] = ()  # rules that this district does not want


class PostureSpec(Spec):
    """How the district judges risk."""

    weights: WeightsSpec = WeightsSpec()
    grades: GradesSpec = GradesSpec()
    exposure: ExposureSpec = ExposureSpec()
    alerts: AlertPoints = AlertPoints()
    findings: FindingPoints = FindingPoints()
    watch: WatchSpec = WatchSpec()
    rules: RulesSpec = RulesSpec()


POSTURE = register(
    Section(
        name="posture",
        path="posture.yaml",
        model=PostureSpec,
        title=Text(zh="安全态势", en="Security posture"),
    )
)


def current() -> PostureSpec:
    """As the installed pack has it; the usual where it says nothing."""
    found = packs.installed().values("posture")
    return found[0] if found else PostureSpec()
