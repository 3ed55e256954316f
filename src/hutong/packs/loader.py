"""From a folder to a ``Pack`` and the problems found on the way."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from hutong.kernel.text import Text
from hutong.packs import folder as files
from hutong.packs.logic import reading
from hutong.packs.logic.explain import near, validate
from hutong.packs.logic.rules import check_rules
from hutong.packs.logic.tree import Tree
from hutong.packs.specs import Manifest
from hutong.packs.types import Item, Pack, PackKind, Problem, Section, Source


@dataclass(slots=True)
class Reading:
    """A pack as far as it could be read, and everything wrong with it.

    ``loose`` holds ids of items that broke a rule, so that what refers to them is not blamed as well.
    """

    pack: Pack
    problems: list[Problem] = field(default_factory=list)
    loose: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def read_pack(folder: Path, sections: tuple[Section, ...], *, deep: bool = True) -> Reading:
    """Read a pack with its solution packs and check it against models and rules.

    Not ``deep``: without the sections' own checks.
    """
    reading_ = _read(folder, sections)
    solutions = []
    needs = reading_.pack.needs if reading_.pack.kind == "district" else ()
    for number, name in enumerate(needs):
        found = files.of_kind("solution", name)
        if found is None:
            reading_.problems.append(_missing_solution(folder, number, name))
            continue
        inner = _read(found, sections)
        solutions.append(inner.pack)
        reading_.problems += inner.problems
        for section, ids in inner.loose.items():
            reading_.loose[section] += ids
    reading_.pack = replace(reading_.pack, solutions=tuple(solutions))
    reading_.problems += check_rules(reading_.pack, sections, reading_.loose, deep=deep)
    reading_.problems.sort()
    return reading_


def _read(folder: Path, sections: tuple[Section, ...]) -> Reading:
    manifest_tree = _tree(folder, files.MANIFEST)
    manifest = validate(manifest_tree, (), Manifest, manifest_tree.data) if manifest_tree.read else None
    if isinstance(manifest, Manifest):
        _check_manifest(folder, manifest_tree, manifest)
    found: dict[str, tuple[Item, ...]] = {}
    result = Reading(_pack(folder, manifest, manifest_tree.data), list(manifest_tree.problems))
    for file in files.yaml_files(folder):
        if file == files.MANIFEST:
            continue
        section = next((each for each in sections if files.fits(file, each.path)), None)
        if section is None:
            result.problems.append(_unknown_file(folder, file, sections))
            continue
        items, tree = _items(folder, file, section, result)
        found[section.name] = found.get(section.name, ()) + items
        result.problems += tree.problems
    result.pack = replace(result.pack, sections=found)
    return result


def _tree(folder: Path, file: str) -> Tree:
    content = files.content(folder, file, reading.MAX_BYTES)
    if content is not None:
        return reading.read(folder.name, file, content)
    tree = Tree(folder.name, file)
    tree.refuse(
        "outside",
        Text(zh="包内的文件", en="a file inside the pack"),
        Text(zh="把文件复制进包，不用链接", en="copy the file into the pack instead of linking to it"),
    )
    return tree


def _items(folder: Path, file: str, section: Section, result: Reading) -> tuple[tuple[Item, ...], Tree]:
    tree = _tree(folder, file)
    if not tree.read:
        return (), tree
    if section.many and not isinstance(tree.data, list):
        tree.blame(
            (),
            "wrong-value",
            Text(zh="列表", en="a list"),
            Text(zh="每项以“- ”开头", en="start each entry with `- `"),
            type(tree.data).__name__,
        )
        return (), tree
    entries = (
        [((number,), each) for number, each in enumerate(tree.data)] if section.many else [((), tree.data)]
    )
    items = []
    for at, data in entries:
        value = validate(tree, at, section.model, data)
        if value is not None:
            items.append(Item(folder.name, section.name, file, value, data, tree.marks, at))
        elif isinstance(data, dict):
            result.loose[section.name].append(str(data.get("id", "")))
    return tuple(items), tree


def _pack(folder: Path, manifest: object, raw: object) -> Pack:
    if not isinstance(manifest, Manifest):
        kind: PackKind = "solution" if folder.parent.name == files.KINDS["solution"] else "district"
        return Pack(folder.name, kind, Text(zh=folder.name), "", folder, sources=_loose_sources(raw))
    sources = tuple(
        Source(each.id, each.title.text, each.published, each.document_number) for each in manifest.sources
    )
    return Pack(
        id=manifest.id,
        kind=manifest.kind,
        title=manifest.title.text,
        division=manifest.division,
        folder=folder,
        needs=tuple(dict.fromkeys(manifest.needs)),
        sources=sources,
    )


def _loose_sources(raw: object) -> tuple[Source, ...]:
    """Sources of a broken manifest, so that references to them are not blamed as well."""
    entries = raw.get("sources") if isinstance(raw, dict) else None
    return tuple(
        Source(str(each.get("id", "")), Text(zh=""), None, str(each.get("document_number", "")))
        for each in (entries if isinstance(entries, list) else [])
        if isinstance(each, dict)
    )


def _check_manifest(folder: Path, tree: Tree, manifest: Manifest) -> None:
    if manifest.id != folder.name:
        tree.blame(
            ("id",),
            "wrong-id",
            Text(zh=f"与文件夹同名的编号 {folder.name}", en=f"the name of the folder, {folder.name}"),
            Text(zh=f"改为 {folder.name}，或改文件夹的名称", en=f"write {folder.name}, or rename the folder"),
            manifest.id,
        )
    if manifest.kind == "district" and not manifest.division:
        tree.blame(
            ("division",),
            "missing-key",
            Text(zh="有键 division：六位区划代码", en="the key division: the six-digit division code"),
            Text(zh='补上，如 division: "110101"', en='add it, as division: "110101"'),
        )
    if manifest.kind == "solution" and manifest.needs:
        tree.blame(
            ("needs",),
            "wrong-value",
            Text(zh="方案包不依赖其他包", en="a solution pack that needs no other pack"),
            Text(zh="把 needs 写进区包", en="write needs in the district pack"),
        )
    seen: set[str] = set()
    for number, source in enumerate(manifest.sources):
        if source.id in seen:
            tree.blame(
                ("sources", number, "id"),
                "duplicate-id",
                Text(zh="未用过的编号", en="an id not used yet"),
                Text(zh="改用另一个编号，或合并两项", en="choose another id, or merge the two"),
                source.id,
            )
        seen.add(source.id)


def _missing_solution(folder: Path, number: int, name: str) -> Problem:
    tree = _tree(folder, files.MANIFEST)
    known = [each.name for each in files.known() if each.parent.name == files.KINDS["solution"]]
    guess = near(name, known)
    tree.blame(
        ("needs", number),
        "unknown-pack",
        Text(zh="packs/solutions 中已有的方案包", en="a solution pack in packs/solutions"),
        Text(zh=f"是否想写 {guess}？", en=f"did you mean {guess}?")
        if guess
        else Text(
            zh=f"建立 packs/solutions/{name}/pack.yaml，或删去此项",
            en=f"make packs/solutions/{name}/pack.yaml, or remove the entry",
        ),
        name,
    )
    return tree.problems[-1]


def _unknown_file(folder: Path, file: str, sections: tuple[Section, ...]) -> Problem:
    paths = sorted(each.path for each in sections)
    stem = file.removesuffix(".yml").removesuffix(".yaml") + ".yaml"
    fitting = next((each for each in paths if files.fits(stem, each)), "")
    guess = stem if fitting else near(file, paths)
    return Problem(
        folder.name,
        file,
        1,
        1,
        "",
        "unknown-file",
        found=file,
        expected=Text(
            zh=f"某一节的文件（{', '.join(paths)}）", en=f"the file of a section ({', '.join(paths)})"
        ),
        fix=Text(zh=f"是否应为 {guess}？", en=f"should it be {guess}?")
        if guess
        else Text(
            zh="移出包，或改成某一节的文件名", en="move it out of the pack, or name it as a section's file"
        ),
    )
