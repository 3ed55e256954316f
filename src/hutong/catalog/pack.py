"""The catalog's sections of a pack: duties (first level) and datasets with their tables (second and third).

Keys follow the metadata core of 政务信息资源目录编制指南 (试行); grades follow GB/T 43697-2024.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from stdnum.cn import uscc

from hutong.catalog.applying import apply_datasets, apply_duties
from hutong.kernel.text import Text
from hutong.lake.api import TableSpec
from hutong.lake.types import Contract
from hutong.packs.api import Id, RefTo, Section, Spec, TextSpec, Title, Wrong, register

Grade = Literal["core", "important", "general-1", "general-2", "general-3", "general-4"]
Format = Literal["database", "spreadsheet", "document", "graphics", "stream", "other"]
_UPDATE = re.compile(
    r"(realtime|hourly|daily|weekly|monthly|quarterly|half-yearly|yearly|irregular)"
    r"(?: by (?:day (?P<day>[1-9]|[12]\d|3[01])|(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)))?\Z"
)


def _update(value: str) -> str:
    if not _UPDATE.match(value):
        raise Wrong(
            Text(
                zh="周期和时限，如 monthly by day 15、daily by 06:00",
                en="a rhythm and its deadline, as `monthly by day 15` or `daily by 06:00`",
            ),
            Text(
                zh="选择周期；时限写日（1–31）或时刻",
                en="choose a rhythm; a deadline is a day (1–31) or an hour",
            ),
        )
    return value


def _uscc(value: str) -> str:
    if value and not uscc.is_valid(value):
        raise Wrong(
            Text(
                zh="18 位统一社会信用代码，末位为校验码",
                en="a unified social credit code: 18 characters, the last of which checks the others",
            ),
            Text(zh="与登记证书核对", en="compare it with the certificate"),
        )
    return value


class BasisSpec(Spec):
    """The law, regulation or decision that gives a duty, and where in it."""

    title: Title
    article: str = ""


class DutySpec(Spec):
    """What an organisation must do; the first level of the catalog."""

    id: Id
    organisation: Annotated[str, RefTo("organisations")]
    title: Title
    summary: TextSpec | None = None
    basis: tuple[BasisSpec, ...] = Field(min_length=1)
    reference: str = ""

    @property
    def path(self) -> str:
        """How datasets name it: ``statistics-bureau/economic-monitoring``."""
        return f"{self.organisation}/{self.id}"


class SharingSpec(Spec):
    """共享属性: between departments. A condition or, for ``none``, the basis of the refusal is always given."""

    kind: Literal["unconditional", "conditional", "none"]
    condition: TextSpec | None = None
    by: Literal["api", "file", "database", "page"] = "api"

    @model_validator(mode="after")
    def _reason(self) -> Self:
        if self.kind != "unconditional" and self.condition is None:
            raise Wrong(
                Text(zh="条件或依据", en="a condition or a basis"),
                Text(
                    zh="有条件共享须写条件，不予共享须写依据",
                    en="conditional sharing needs its condition, a refusal its basis",
                ),
            )
        return self


class OpeningSpec(Spec):
    """开放属性: to the public.

    ``totals``: the condition is that totals alone are published, for rows are about people. ``people: false``: rows
    are about things, though there are personal columns beside. ``smallest_count``: counts below it are withheld,
    instead of below ``HUTONG_SMALL_COUNT``.
    """

    kind: Literal["open", "conditional", "none"]
    condition: TextSpec | None = None
    totals: bool = False
    people: Literal[False] | None = None
    smallest_count: int | None = Field(None, ge=2, le=1000)

    @model_validator(mode="after")
    def _reason(self) -> Self:
        if self.kind == "conditional" and self.condition is None:
            raise Wrong(
                Text(zh="开放条件", en="a condition"),
                Text(zh="有条件开放须写条件", en="conditional opening needs its condition"),
            )
        if self.totals and self.kind != "conditional":
            raise Wrong(
                Text(zh="有条件开放", en="conditional opening"),
                Text(
                    zh="只开放总数的，写 kind: conditional",
                    en="totals alone are published: write kind: conditional",
                ),
            )
        return self


class DatasetSpec(Spec):
    """A dataset, the duty it comes from and the contract of its table.

    ``code`` is the resource code of the guideline: class 1 digit (1 base, 2 theme, 3 department), item 2,
    object 3, detail any, a slash, a serial. ``related`` are the codes it belongs with; ``provider_code`` is the
    unified social credit code of the provider. ``update`` is the promised rhythm, ``system`` where it comes from.
    """

    id: Id
    title: Title
    summary: TextSpec
    provider: Annotated[str, RefTo("organisations")]
    provider_code: Annotated[str, AfterValidator(_uscc)] = ""
    duty: Annotated[str, RefTo("duties")]
    code: str = Field(pattern=r"^[123][0-9]{5}[0-9]*/[0-9]{1,6}$")
    grade: Grade
    sharing: SharingSpec
    opening: OpeningSpec
    format: Format = "database"
    update: Annotated[str, AfterValidator(_update)]
    published: date | None = None
    themes: tuple[str, ...] = ()
    related: tuple[Annotated[str, RefTo("datasets")], ...] = ()
    system: Annotated[str, RefTo("systems")] = ""
    synthetic: bool = False
    reference: str = ""
    table: TableSpec

    @property
    def contract(self) -> Contract:
        """The contract of its table, titled as the dataset."""
        return self.table.contract(self.id, self.title.text)


def _duty_ids(duty: DutySpec) -> Iterable[str]:
    return (duty.path,)


DUTIES = register(
    Section(
        name="duties",
        path="duties.yaml",
        model=DutySpec,
        many=True,
        title=Text(zh="职责", en="Duties"),
        ids=_duty_ids,
        apply=apply_duties,
        after=("organisations",),
    )
)
DATASETS = register(
    Section(
        name="datasets",
        path="datasets/*.yaml",
        model=DatasetSpec,
        title=Text(zh="数据集", en="Datasets"),
        apply=apply_datasets,
        after=("duties",),
    )
)
