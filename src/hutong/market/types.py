"""What crosses the border of the supermarket: what a module is, what the district offers of it, who uses it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hutong.kernel.text import Text

Kind = Literal["text", "table", "place", "image", "series"]
KIND_TITLES = {
    "text": Text(zh="文本", en="Text"),
    "table": Text(zh="表格与编码", en="Tables and codes"),
    "place": Text(zh="空间", en="Places"),
    "image": Text(zh="图像与文档", en="Images and documents"),
    "series": Text(zh="时间序列", en="Series"),
}
_SCRIPT = re.compile(r"bench/modules/[a-z_]+\.py\Z")


class Frozen(BaseModel):
    """A model whose unknown keys are errors and whose values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Shape(BaseModel):
    """What a module takes or gives. Unknown keys are errors, so that a slip of the pen is told."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Words(Frozen):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def text(self) -> Text:
        return Text(zh=self.zh, en=self.en)


def _script(value: str) -> str:
    if not _SCRIPT.match(value):
        raise ValueError("name the script as bench/modules/<name>.py")
    return value


class Accuracy(Frozen):
    """One measured figure: what was measured, on what, how many cases, when, and with which script."""

    id: str
    metric: Words
    value: float
    unit: Literal["share", "metres", "percent", "ratio"] = "share"
    cases: int = Field(gt=0)
    data: Words
    date: date
    script: Annotated[str, AfterValidator(_script)]


class Limits(Frozen):
    """The bounds of one call. ``memory_mb`` bounds the address space of the process the module runs in."""

    bytes: int = Field(2**20, gt=0, le=8 * 2**20)
    items: int = Field(200, gt=0)
    seconds: int = Field(10, gt=0, le=60)
    memory_mb: int = Field(1024, ge=256, le=4096)


class Sample(Frozen):
    """Something to try the module with."""

    title: Words
    input: dict[str, Any]


class Manifest(Frozen):
    """What a module is. ``accuracy`` is written by its script in ``bench/modules``.

    ``counted`` names the list of the input whose length is metered; without it a call is one. ``never`` says what it
    must not be used for unless a person looks. ``learns``: a district can train it on its own handled cases; its folder
    then has a ``learning.py`` with ``evidence`` and ``ranked``.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    version: str = Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")
    kind: Kind
    title: Words
    summary: Words
    how: Words
    never: Words
    counted: str = ""
    learns: bool = False
    needs: tuple[Literal["areas"], ...] = ()
    extra: Literal["", "modules"] = ""
    limits: Limits = Limits()
    accuracy: tuple[Accuracy, ...]
    samples: tuple[Sample, ...] = Field(min_length=1)
    changes: tuple[Words, ...] = Field(min_length=1)

    @property
    def folder(self) -> str:
        return self.id.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the district offers of a module: who answers for it, at which price, how often, how well it runs."""

    module: str
    owner: str
    price: Text
    approval: bool
    day: int
    month: int
    availability: float
    answer_ms: int
    note: Text


@dataclass(frozen=True, slots=True)
class Module:
    """A module on the shelf. ``urn`` names it; the schemas are JSON Schema."""

    urn: str
    manifest: Manifest
    offer: Offer
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]

    @property
    def id(self) -> str:
        return self.manifest.id

    @property
    def title(self) -> Text:
        return self.manifest.title.text


class State(StrEnum):
    """Where a subscription stands."""

    WAITING = "waiting"
    ACTIVE = "active"
    REFUSED = "refused"
    ENDED = "ended"


STATE_TITLES = {
    State.WAITING: Text(zh="待审批", en="Waiting"),
    State.ACTIVE: Text(zh="使用中", en="Active"),
    State.REFUSED: Text(zh="未同意", en="Refused"),
    State.ENDED: Text(zh="已停用", en="Ended"),
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """An organisation's use of a module, for a purpose."""

    id: str
    urn: str
    module: str
    organisation: str
    person: str
    purpose: str
    state: State
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    day: int
    month: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever a call is counted for: a subscription, or a person who tries. Zero quota is none at all."""

    name: str
    module: str
    day: int
    month: int
    subscription: str = ""
    organisation: str = ""
    key: str = ""  # how people tell the key of the call apart


@dataclass(frozen=True, slots=True)
class LiveKey:
    """A key that opens a subscription, told apart by its ``hint``."""

    hint: str
    made_at: datetime
    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Trace:
    """One call, as little of it as watching needs. ``key`` is empty for a person who tries, whose URN is ``person``."""

    at: datetime
    module: str
    subscription: str
    key: str
    person: str
    organisation: str
    network: str
    items: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a quota after a call."""

    day: int
    month: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gave."""

    module: str
    version: str
    output: dict[str, Any]
    items: int
    ms: int
    left: Left


@dataclass(frozen=True, slots=True)
class Score:
    """The ratings of a module: how many, and their mean of 5."""

    count: int
    mean: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model is to be learnt from: a table of the lake, its column of texts and its column of labels."""

    table: str
    text: str
    label: str
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Training:
    """A model that a module learnt, or is to learn; ``number`` counts from 1 in its module.

    ``state`` is waiting, running, failed, ready or active. ``figures`` are of cases that the model had not seen, as
    shares; ``beside`` is what the module as shipped does on the same cases, where their labels are its own.
    """

    urn: str
    module: str
    number: int
    asked: Asked
    asked_at: datetime
    person: str
    organisation: str
    state: str
    done: int
    total: int
    note: Text
    error: dict[str, Any] | None
    snapshots: tuple[str, ...]
    cases: int
    figures: dict[str, float]
    beside: dict[str, float]
    labels: tuple[dict[str, Any], ...]
    left_out: dict[str, int]
    sha256: str
    size: int
    entry: int
    trained_at: datetime | None
    active_since: datetime | None

    @property
    def ready(self) -> bool:
        return self.state in {"ready", "active"}
