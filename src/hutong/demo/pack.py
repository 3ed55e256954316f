"""The demo's sections of a pack: how each bureau hands its data in, and which defects are planted in it."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from hutong.demo.logic.planted import Planted
from hutong.kernel.text import Text
from hutong.packs.api import Id, RefTo, Section, Spec, TextSpec, register

Format = Literal["csv", "xlsx", "json", "ndjson", "geojson", "parquet", "sqlite"]


class FileSpec(Spec):
    """One file a bureau hands in; several of one dataset follow each other in time.

    ``upto`` and ``after`` bound the days whose rows it holds; without ``upto`` it holds all. ``mode`` is how it
    is to be loaded.
    """

    name: str = Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9]+)+$")
    format: Format
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "utf-16"] = "utf-8"
    gzip: bool = False
    upto: date | None = None
    after: date | None = None
    mode: Literal["replace", "append", "upsert"] = "replace"


class SourceSpec(Spec):
    """How the files of a dataset look. ``headers``: the titles people read, or the contract's names."""

    dataset: Annotated[str, RefTo("datasets")]
    headers: Literal["titles", "names"] = "titles"
    title_row: TextSpec | None = None  # a line above the header, as in many spreadsheets
    groups: dict[str, tuple[str, ...]] = Field(
        default_factory=dict
    )  # merged header cells and the columns under them
    records: str = ""  # path of the list in a JSON document
    gcj02: bool = False  # coordinates are written in GCJ-02
    files: tuple[FileSpec, ...] = Field(min_length=1)


class ExpectSpec(Spec):
    """What the lake's quality report is to say: the outcome, its code, and the column or rule."""

    outcome: Literal["quarantined", "warned", "emptied", "noted", "unseen"]
    code: str = ""
    at: str = ""


class DefectSpec(Spec):
    """Defects of one kind in one dataset, planted in ``rows`` rows chosen by the seed."""

    dataset: Annotated[str, RefTo("datasets")]
    id: Id
    kind: Literal[
        "duplicate", "absent", "set", "offset", "times", "fall", "move", "check-digit", "cut", "date-format",
        "percent-sign", "swap",
    ]  # fmt: skip
    rows: int = Field(ge=1)
    title: TextSpec
    column: str = ""
    value: Any = None
    of: str = ""
    by: float = 0
    least: float | None = None
    where: dict[str, str] = Field(default_factory=dict)
    fresh: str = ""
    per: tuple[str, ...] = ()
    expect: ExpectSpec

    @property
    def planted(self) -> Planted:
        return Planted(
            self.kind, self.rows, self.column, self.value, self.of, self.by, self.least, dict(self.where),
            self.fresh, self.per,
        )  # fmt: skip


class ProgressSpec(Spec):
    """Where the demo says a task of a plan stands. ``evidence``: the URN of data, an address, or a note."""

    plan: Annotated[str, RefTo("plans")]
    task: Id
    owner: Annotated[str, RefTo("organisations")] = ""
    deadline: date | None = None
    state: Literal["todo", "doing", "done", "stopped"] = "todo"
    evidence: tuple[str, ...] = ()

    @property
    def changes(self) -> dict[str, Any]:
        return {
            "owner": self.owner,
            "deadline": self.deadline,
            "state": self.state,
            "evidence": list(self.evidence),
        }


SOURCES = register(
    Section(
        name="demo-sources",
        path="demo/sources.yaml",
        model=SourceSpec,
        many=True,
        title=Text(zh="演示数据的来源文件", en="Source files of the demo"),
        ids=lambda _: (),
        after=("datasets",),
    )
)
DEFECTS = register(
    Section(
        name="demo-defects",
        path="demo/defects.yaml",
        model=DefectSpec,
        many=True,
        title=Text(zh="演示数据中有意留下的缺陷", en="Defects planted in the demo"),
        ids=lambda defect: (f"{defect.dataset}/{defect.id}",),
        after=("datasets",),
    )
)
PROGRESS = register(
    Section(
        name="demo-progress",
        path="demo/progress.yaml",
        model=ProgressSpec,
        many=True,
        title=Text(zh="演示中的任务进展", en="Progress of tasks in the demo"),
        ids=lambda each: (f"{each.plan}/{each.task}",),
        after=("plans", "datasets"),
    )
)
