"""Handled cases of the lake as something to learn from: which tables can be, their rows, and what is learnt of them."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from hutong.accounts.api import Actor, allow, may
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.errors import NoSuchTable
from hutong.lake.types import ColumnType, Contract
from hutong.market.errors import BadCases
from hutong.market.manifests import manifests
from hutong.market.types import Asked

if TYPE_CHECKING:
    from hutong.market.logic.learning import Case

MOST: Final = 10_000  # cases of one training; of more, those whose digest is least
LEAST: Final = 100
LEAST_OF_LABEL: Final = 10
MOST_LABELS: Final = 60
LONGEST: Final = 5000
_LONGEST_LABEL: Final = 100
_SHORTEST: Final = 4
_TEXTS: Final = frozenset({ColumnType.TEXT})
_LABELS: Final = frozenset({ColumnType.TEXT, ColumnType.CODE})
Progress = Callable[[tuple[int, int]], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A table that could be learnt from, with its columns of texts and of labels. ``coded``: some have a code list."""

    table: str
    title: Text
    texts: tuple[tuple[str, Text], ...]
    labels: tuple[tuple[str, Text], ...]
    coded: bool


@dataclass(frozen=True, slots=True)
class Read:
    """The cases, the snapshots they are of, and labels with too few cases to learn."""

    cases: "tuple[Case, ...]"
    snapshots: tuple[str, ...]
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model as bytes, its figures on cases it had not seen, the shipped module's on the same, and each label."""

    body: bytes
    figures: dict[str, float]
    beside: dict[str, float]
    labels: list[dict[str, Any]]


def choices(actor: Actor) -> list[Choice]:
    """The tables whose rows the actor may query and that have a text and a label."""
    seen = [each for each in lake.tables() if may(actor, "lake.query", lake.target_of(each.table))]
    found = [_choice(lake.contract(each.table)) for each in seen]
    kept = [each for each in found if each.texts and len({*dict(each.texts), *dict(each.labels)}) > 1]
    return sorted(kept, key=lambda each: (not each.coded, each.table))


def check(actor: Actor, asked: Asked) -> None:
    """That the table is there, may be read and has the columns; raises ``BadCases`` and what the lake raises."""
    allow(actor, "lake.query", lake.target_of(asked.table))
    found = _choice(lake.contract(asked.table))
    if asked.text not in dict(found.texts):
        raise BadCases(zh=f"“{asked.text}”不是可用的文本列", en=f"{asked.text} is no column of texts")
    if asked.label not in dict(found.labels) or asked.label == asked.text:
        raise BadCases(zh=f"“{asked.label}”不是可用的类别列", en=f"{asked.label} is no column of labels")
    if lake.latest(asked.table) is None:
        raise BadCases(zh="表中还没有数据", en="the table is empty")


def read(asked: Asked, known_at: datetime) -> Read:
    """The cases as they were known then, without personal data; raises ``BadCases`` where they are too few."""
    from hutong.market.logic.learning import Case  # noqa: PLC0415 - numpy is for those who learn

    try:
        found = lake.query(_sql(asked), [asked.table], known_at=known_at, limit=MOST)
    except NoSuchTable as error:
        raise BadCases(zh="表已不存在", en="the table is gone") from error
    rows = {(str(text), str(label).strip()) for text, label in found.rows}
    many = Counter(label for _text, label in rows)
    kept = {
        label for label, count in many.items() if count >= LEAST_OF_LABEL and len(label) <= _LONGEST_LABEL
    }
    cases = sorted((_without_people(text), label) for text, label in rows if label in kept)
    if len(kept) < 2 or len(cases) < LEAST:
        raise BadCases(
            zh=f"至少需要两个各有 {LEAST_OF_LABEL} 件的类别、共 {LEAST} 件，现有 {len(kept)} 类 {len(cases)} 件",
            en=f"it takes two labels of {LEAST_OF_LABEL} cases, {LEAST} in all; there are {len(kept)} and {len(cases)}",
        )  # fmt: skip
    if len(kept) > MOST_LABELS:
        raise BadCases(
            zh=f"类别多于 {MOST_LABELS} 种：{len(kept)} 种", en=f"more than {MOST_LABELS} labels: {len(kept)}"
        )
    left = {label: count for label, count in many.items() if label not in kept}
    return Read(
        tuple(Case(text, (label,)) for text, label in cases),
        tuple(each.urn for each in found.snapshots),
        dict(sorted(left.items(), key=lambda each: (-each[1], each[0]))[:MOST_LABELS]),
    )


def learnt(module: str, found: Read, seed: int, progress: Progress) -> Learnt:
    """A model of the cases beside the module's own rules, and how well both do."""
    from hutong.market.logic import learned, learning  # noqa: PLC0415 - numpy is for those who learn

    own = import_module(f"hutong.market.modules.{manifests()[module].folder}.learning")
    facts = {"module": module, "seed": seed, "snapshots": list(found.snapshots), "cases": len(found.cases)}
    model, held = learning.learn(
        found.cases,
        own.evidence,
        seed=seed,
        facts=facts,
        progress=lambda done, total: progress((done, total)),
    )
    figures = {"first": round(held.first, 4), "three": round(held.three, 4), "usual": _usual(found)}
    figures["unattended"] = round(held.sure_cases / len(found.cases), 4)
    if held.sure is not None:
        figures["sure"] = round(held.sure, 4)
    labels = [
        {**each, "telling": list(model.telling(each["label"]))}
        for each in learning.by_label(found.cases, held)
    ]
    return Learnt(learned.dump(model), figures, _beside(found, own), labels)


def _beside(found: Read, own: Any) -> dict[str, float]:
    """The shipped module on the same cases; nothing where the labels are not its own."""
    said = [own.ranked(case.text) for case in found.cases]
    known = {label for each in said for label in each}
    if not {label for case in found.cases for label in case.labels} <= known:
        return {}
    first = sum(bool(each) and each[0] in case.labels for each, case in zip(said, found.cases, strict=True))
    three = sum(bool(set(each[:3]) & set(case.labels)) for each, case in zip(said, found.cases, strict=True))
    return {"first": round(first / len(said), 4), "three": round(three / len(said), 4)}


def _usual(found: Read) -> float:
    """How often the most frequent label alone would be right."""
    many = Counter(label for case in found.cases for label in case.labels)
    return round(max(many.values()) / len(found.cases), 4)


def _choice(contract: Contract) -> Choice:
    named = [
        each
        for each in contract.columns
        if each.type in _LABELS and not each.sensitive and not each.pattern and each.name not in contract.key
    ]
    return Choice(
        contract.table,
        contract.title,
        tuple((each.name, each.title) for each in contract.columns if _holds_texts(each.name, contract)),
        tuple((each.name, each.title) for each in named),
        any(each.type is ColumnType.CODE for each in named),
    )


def _holds_texts(name: str, contract: Contract) -> bool:
    """A key or a coded column is no text to learn from."""
    column = contract.column(name)
    return column.type in _TEXTS and name not in contract.key and not column.pattern and not column.codes


def _sql(asked: Asked) -> str:
    table, text, label = (
        lake.ident(each) for each in (asked.table.replace("-", "_"), asked.text, asked.label)
    )
    return (
        f"SELECT left({text}, {LONGEST}) AS said, {label} AS label FROM {table} "
        f"WHERE length({text}) >= {_SHORTEST} AND length(trim({label})) > 0 ORDER BY md5({text}), {label} LIMIT {MOST}"
    )


def _without_people(text: str) -> str:
    """The text with a blank where names, numbers and addresses stood: none of them may become part of a model."""
    from hutong.market.modules.deidentify.finding import spots  # noqa: PLC0415 - its dictionary is for those who learn

    done, at = "", 0
    for each in spots(text):
        done, at = done + text[at : each.start] + " ", each.end
    return done + text[at:]
