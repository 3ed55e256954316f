"""The exchange's section of a pack: clocks, purposes, the calendar of coming years, and sharing rules by dataset."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator

from hutong.exchange.logic.clocks import Days
from hutong.exchange.types import Delivery
from hutong.kernel import workdays
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.errors import BadLens
from hutong.lake.types import Lens, Mask, MaskKind, Seen
from hutong.packs.api import Id, Item, Pack, Problem, RefTo, Section, Spec, Title, Wrong, register

Count = Annotated[int, Field(ge=1, le=60)]
PlainMask = Literal["keep", "drop", "hash", "month", "year"]


class PartialSpec(Spec):
    """How many characters are kept at each end."""

    first: int = Field(default=0, ge=0, le=100)
    last: int = Field(default=0, ge=0, le=100)


class MaskSpec(Spec):
    """A mask with parameters; exactly one of them."""

    partial: PartialSpec | None = None
    round: Decimal | None = Field(default=None, gt=0)
    grid: Decimal | None = Field(default=None, gt=0, le=1)
    constant: str | None = Field(default=None, max_length=100)

    def mask(self) -> Mask:
        if self.partial is not None:
            return Mask(MaskKind.PARTIAL, self.partial.first, self.partial.last)
        if self.round is not None:
            return Mask(MaskKind.ROUND, step=self.round)
        if self.grid is not None:
            return Mask(MaskKind.GRID, step=self.grid)
        return Mask(MaskKind.CONSTANT, value=self.constant or "")


class RuleSpec(Spec):
    """How a dataset is shared: masks by column (others as usual), ways of delivery, bounds of a day."""

    dataset: Annotated[str, RefTo("datasets")]
    columns: dict[str, PlainMask | MaskSpec] = Field(default_factory=dict)
    delivery: tuple[Delivery, ...] = (Delivery.API, Delivery.FILE, Delivery.VIEW)
    rows_per_day: int = Field(default=0, ge=0, le=1_000_000_000)
    calls_per_day: int = Field(default=0, ge=0, le=10_000_000)
    because: Title | None = None
    reference: str = ""

    def masks(self, key: bytes) -> dict[str, Mask]:
        return {
            name: Mask(MaskKind(each), key=key) if isinstance(each, str) else each.mask()
            for name, each in self.columns.items()
        }


class ClocksSpec(Spec):
    """Working days for each stage; 《政务数据共享条例》 names the stages, the district its numbers."""

    check: Count = 2
    reply: Count = 5
    deliver: Count = 10
    correction: Count = 5
    dispute: Count = 10
    return_flow: Count = 10
    reference: str = ""

    @property
    def days(self) -> Days:
        return Days(self.check, self.reply, self.deliver, self.correction, self.dispute, self.return_flow)


class YearSpec(Spec):
    """Days off and make-up working days, as ``MM-DD`` or ``MM-DD/MM-DD``."""

    source: str
    off: tuple[str, ...]
    work: tuple[str, ...] = ()


class PurposeSpec(Spec):
    """What data may be asked for."""

    id: Id
    title: Title


class ExchangeSpec(Spec):
    """The exchange of a district. Samples and counts of fewer than ``least_rows`` rows are not shown to anybody before
    a contract exists.
    """

    clocks: ClocksSpec = ClocksSpec()
    purposes: tuple[PurposeSpec, ...] = ()
    calendar: dict[int, YearSpec] = Field(default_factory=dict)
    most_days: int = Field(default=366, ge=1, le=3660)
    file_days: int = Field(default=7, ge=1, le=90)
    least_rows: int = Field(default=5, ge=1, le=1000)
    rules: tuple[RuleSpec, ...] = ()

    @field_validator("calendar")
    @classmethod
    def _days(cls, value: dict[int, YearSpec]) -> dict[int, YearSpec]:
        for year, each in value.items():
            try:
                workdays.read_year(year, each.source, each.off, each.work)
            except ValueError as error:
                raise Wrong(
                    Text(
                        zh=f"{year} 年的日期无法读取：{error}", en=f"days of {year} cannot be read: {error}"
                    ),
                    Text(zh="写成 MM-DD 或 MM-DD/MM-DD", en="write MM-DD or MM-DD/MM-DD"),
                ) from error
        return value

    @property
    def years(self) -> dict[int, workdays.Year]:
        return {
            year: workdays.read_year(year, each.source, each.off, each.work)
            for year, each in self.calendar.items()
        }


def _check(pack: Pack, items: tuple[Item, ...]) -> Iterable[Problem]:
    """Columns that a rule names are in the dataset's table, and its masks fit them."""
    tables = {each.id: each.contract for each in pack.values("datasets")}
    for item in items:
        for at, rule in enumerate(item.value.rules):
            contract = tables.get(rule.dataset)
            if contract is None:
                continue
            for name, mask in rule.masks(b"k" * 32).items():
                try:
                    lake.check_lens(Lens((Seen(name, mask),)), contract)
                except BadLens as error:
                    yield item.problem(
                        ("rules", at, "columns", name),
                        code="exchange.mask",
                        expected=error.said,
                        fix=error.mend,
                        found=mask.kind.value,
                    )


EXCHANGE = register(
    Section(
        name="exchange",
        path="exchange.yaml",
        model=ExchangeSpec,
        title=Text(zh="共享交换", en="Exchange"),
        check=_check,
        after=("datasets",),
    )
)
