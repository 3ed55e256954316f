"""Write the demo's source files, once for a given seed, length, scale, pack and generator."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from hutong.demo import logic
from hutong.demo.errors import PackMismatch
from hutong.demo.logic.china_offset import to_gcj02
from hutong.demo.logic.defects import plant
from hutong.demo.logic.draw import Dice
from hutong.demo.logic.made import Made
from hutong.demo.logic.planted import DEMO_DAY
from hutong.demo.logic.world import make
from hutong.demo.pack import DefectSpec, FileSpec, SourceSpec
from hutong.demo.types import Generated, SourceFile
from hutong.demo.writing import write
from hutong.kernel.settings import home
from hutong.packs.api import Pack

MANIFEST = "manifest.json"
ABOUT = """本文件夹中的全部数据由程序合成，不是任何真实记录。
企业、人员、楼宇、站点均为虚构：企业名含“演示”，人名中间为“演”，信用代码的机构段以 YY 开头，
身份号码的区划为不存在的 119999，手机号为未启用的 1540000 号段。街道名称与代码真实，范围为手绘示意。
部分行有意写错，用来演示数据质量检查，清单见区包的 demo/defects.yaml。

All data in this folder is made by a program; none of it is a real record. Firms, people, buildings and stations are
invented; names and codes of subdistricts are real, their outlines are drawn. Some rows are wrong on purpose; they
are listed in demo/defects.yaml of the district pack.
"""
Progress = Callable[[int, int, str], None]


def folder() -> Path:
    """Where the source files are."""
    return home() / "demo" / "sources"


def generate(pack: Pack, dice: Dice, progress: Progress | None = None) -> Generated:
    """Write every source file of the pack, or nothing where the same files are there already."""
    started = time.monotonic()
    print_ = fingerprint(pack, dice)
    there = read_manifest()
    if there is not None and there["fingerprint"] == print_ and _complete(there):
        return _generated(there, made=False, started=started)
    target = folder()
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    (target / "_about.txt").write_text(ABOUT, "utf8")
    sources: tuple[SourceSpec, ...] = pack.values("demo-sources")
    world = make(dice)
    _compare(pack, sources, world)
    files: list[SourceFile] = []
    for done, source in enumerate(sources):
        if progress:
            progress(done, len(sources), source.dataset)
        files += _write_dataset(pack, source, world[source.dataset], dice)
    manifest: dict[str, Any] = {
        "synthetic": True,
        "fingerprint": print_,
        "day": DEMO_DAY.isoformat(),
        "seed": dice.seed,
        "months": dice.months,
        "scale": dice.scale,
        "files": [asdict(each) | {"path": each.path.name} for each in files],
    }
    (target / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf8")
    return _generated(manifest, made=True, started=started)


def read_manifest() -> dict[str, Any] | None:
    """The manifest of the files that are there, None without."""
    path = folder() / MANIFEST
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text("utf8"))
    return found


def fingerprint(pack: Pack, dice: Dice) -> str:
    """What decides the bytes: dice, generator and the pack's datasets and demo section."""
    digest = hashlib.sha256(repr(dice).encode())
    here = Path(logic.__file__).parent
    parts = [*sorted(here.glob("*.py")), *sorted(here.parent.glob("*ing.py"))]
    parts += [
        *sorted((pack.folder / "datasets").glob("*.yaml")),
        *sorted((pack.folder / "demo").glob("*.yaml")),
    ]
    for part in parts:
        digest.update(part.name.encode() + b"\0" + part.read_bytes() + b"\0")
    return digest.hexdigest()


def _complete(manifest: dict[str, Any]) -> bool:
    paths = ((folder() / each["path"], each["bytes"]) for each in manifest["files"])
    return all(path.is_file() and path.stat().st_size == size for path, size in paths)


def _generated(manifest: dict[str, Any], *, made: bool, started: float) -> Generated:
    return Generated(
        folder=folder(),
        day=date.fromisoformat(manifest["day"]),
        seed=manifest["seed"],
        months=manifest["months"],
        scale=manifest["scale"],
        files=tuple(SourceFile(**{**each, "path": folder() / each["path"]}) for each in manifest["files"]),
        made=made,
        elapsed_ms=round((time.monotonic() - started) * 1000),
    )


def _compare(pack: Pack, sources: Iterable[SourceSpec], world: dict[str, Made]) -> None:
    """Every dataset has a source and the generator makes the contract's columns in its order."""
    described = {each.dataset for each in sources}
    if described != set(world):
        raise PackMismatch(what="demo/sources.yaml " + ", ".join(sorted(described ^ set(world))))
    for name, made in world.items():
        item = pack.find("datasets", name)
        wanted = [] if item is None else list(item.value.table.columns)
        if wanted != list(made.columns):
            raise PackMismatch(what=f"{name}: {', '.join(wanted)} / {', '.join(made.columns)}")


def _write_dataset(pack: Pack, source: SourceSpec, made: Made, dice: Dice) -> list[SourceFile]:
    if source.gcj02:
        lon, lat = to_gcj02(made.columns["lon"], made.columns["lat"])
        made = Made(made.columns | {"lon": lon, "lat": lat}, since=made.since, revise=made.revise)
    handed_in = _handed_in(source, made)
    defects: list[DefectSpec] = [
        each for each in pack.values("demo-defects") if each.dataset == source.dataset
    ]
    spoilt = plant(source.dataset, handed_in, tuple(each.planted for each in defects), dice)
    item = pack.find("datasets", source.dataset)
    columns = item.value.table.columns if item else {}
    headers = [_header(name, columns[name], source) for name in spoilt.columns]
    return [_write_file(spoilt, headers, source, file) for file in source.files]


def _handed_in(source: SourceSpec, made: Made) -> Made:
    """Only the rows that some file holds, so that no defect is planted where nobody will see it."""
    if made.since is None or any(each.upto is None for each in source.files):
        return made
    last = max(each.upto for each in source.files if each.upto)
    keep = made.since < np.datetime64(last + timedelta(days=1))
    columns = {name: values[keep] for name, values in made.columns.items()}
    return Made(columns, since=made.since[keep], revise=made.revise)


def _header(name: str, column: Any, source: SourceSpec) -> str:
    """The title, with the unit in brackets as people write it; or the plain name."""
    if source.headers == "names" or column.title is None or name == "geometry":
        return name
    unit = f"（{column.unit}）" if column.unit else ""
    return f"{column.title.zh}{unit}"


def _write_file(made: Made, headers: list[str], source: SourceSpec, file: FileSpec) -> SourceFile:
    columns = made.as_of(file.upto, file.after)
    path = folder() / file.name
    write(path, columns, headers, source, file)
    content = path.read_bytes()
    return SourceFile(
        dataset=source.dataset,
        path=path,
        rows=len(next(iter(columns.values()))),
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        mode=file.mode,
    )
