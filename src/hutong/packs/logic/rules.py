"""Rules of the language that hold for every section: ids, references to other items, references to sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hutong.kernel.text import Text
from hutong.packs.logic.explain import near, quote
from hutong.packs.logic.models import marked
from hutong.packs.specs import RefTo, RefToSource
from hutong.packs.types import Item, KeyPath, Pack, Problem, Section


def check_rules(
    pack: Pack, sections: Iterable[Section], loose: Mapping[str, Sequence[str]], *, deep: bool
) -> Iterator[Problem]:
    """Problems of a whole pack, its solution packs included, that no single file shows.

    ``loose`` has ids of items that are there but broken: referring to them is no fault of its own. ``deep``
    runs the sections' own checks as well.
    """
    known = {section.name: section for section in sections}
    declared = {name: [*_declared(pack, each), *loose.get(name, ())] for name, each in known.items()}
    for name, section in known.items():
        items = pack.items(name)
        yield from _unique(section, items)
        for item in items:
            yield from _refs(item, declared, pack)
            yield from _references(item, _home(pack, item))
        if deep and section.check is not None:
            yield from section.check(pack, items)


def run_tests(pack: Pack, sections: Iterable[Section]) -> Iterator[Problem]:
    """Problems found by the tests that stand beside the rules."""
    for section in sections:
        items = pack.items(section.name)
        if section.tests is not None and items:
            yield from section.tests(pack, items)


def _declared(pack: Pack, section: Section) -> list[str]:
    return [each for item in pack.items(section.name) for each in section.ids(item.value)]


def _home(pack: Pack, item: Item) -> Pack:
    return next((each for each in pack.solutions if each.id == item.pack), pack)


def _unique(section: Section, items: tuple[Item, ...]) -> Iterator[Problem]:
    first: dict[str, Item] = {}
    for item in items:
        for each in section.ids(item.value):
            other = first.setdefault(each, item)
            if other is not item:
                yield item.problem(
                    "id",
                    code="duplicate-id",
                    found=each,
                    expected=Text(
                        zh=f"未用过的编号（{each} 已在 {other.file} 第 {other.line} 行）",
                        en=f"an id not used yet ({each} is in {other.file}, line {other.line})",
                    ),
                    fix=Text(zh="改用另一个编号，或合并两项", en="choose another id, or merge the two"),
                )


def _refs(item: Item, declared: dict[str, list[str]], pack: Pack) -> Iterator[Problem]:
    for path, value, ref in marked(item.value, RefTo):
        ids = declared.get(ref.section, [])
        if not value or value in ids or (pack.kind == "solution" and not ids):
            continue
        guess = near(value, ids)
        yield item.problem(
            path,
            code="unknown-id",
            found=value,
            expected=Text(zh=f"{ref.section} 中已有的编号", en=f"an id declared in {ref.section}"),
            fix=Text(zh=f"是否想写 {guess}？", en=f"did you mean {guess}?")
            if guess
            else Text(zh=f"先在 {ref.section} 中写入 {value}", en=f"declare {value} in {ref.section} first"),
        )
    ids = [each.id for each in _home(pack, item).sources]
    for path, value, _ in marked(item.value, RefToSource):
        if value and value not in ids:
            yield _no_source(item, path, value, ids)


def _references(item: Item, home: Pack) -> Iterator[Problem]:
    ids = [each.id for each in home.sources]
    names = [*ids, *(each.document_number for each in home.sources if each.document_number)]
    within = {path[:-1] for path, _, _ in marked(item.value, RefToSource)}
    for path, value, inside in _written(item.raw, (), within, named=False, ids=ids):
        if inside or any(value == name or value.startswith(f"{name} ") for name in names):
            continue
        yield _no_source(item, path, value, ids)


def _written(
    data: Any, path: KeyPath, within: set[KeyPath], *, named: bool, ids: list[str]
) -> Iterator[tuple[KeyPath, str, bool]]:
    """Every ``reference`` and ``…_reference`` in the raw data, and whether a ``source`` stands around it."""
    if isinstance(data, dict):
        named = named or data.get("source") in ids or (path in within and bool(data.get("source")))
        for key, value in data.items():
            if isinstance(key, str) and (key == "reference" or key.endswith("_reference")):
                several = value if isinstance(value, list) else [value]
                yield from (((*path, key), each, named) for each in several if isinstance(each, str) and each)
            else:
                yield from _written(value, (*path, key), within, named=named, ids=ids)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _written(value, (*path, number), within, named=named, ids=ids)


def _no_source(item: Item, path: KeyPath, value: str, ids: list[str]) -> Problem:
    guess = near(value.split(" ", maxsplit=1)[0], ids)
    return item.problem(
        path,
        code="unknown-source",
        found=quote(value),
        expected=Text(
            zh=f"pack.yaml 中 sources 的编号（{', '.join(ids) or '尚无'}）加空格和章节",
            en=f"the id of a source in pack.yaml ({', '.join(ids) or 'none yet'}), a space and the section",
        ),
        fix=Text(zh=f"是否想写 {guess}？", en=f"did you mean {guess}?")
        if guess
        else Text(
            zh="在 pack.yaml 的 sources 中声明该文件", en="declare the document in sources of pack.yaml"
        ),
    )
