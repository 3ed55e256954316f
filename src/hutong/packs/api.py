"""The door of the packs.

A capability that understands a part of a pack says so in its ``pack.py``::

    from hutong.packs.api import Id, RefTo, Section, Spec, Title, register

    class LayerSpec(Spec):                                   # unknown keys are errors
        id: Id                                               # kebab-case
        title: Title                                         # zh and en
        owner: Annotated[str, RefTo("organisations")]        # must be declared there
        reference: str = ""                                  # "<source id> <place>", checked everywhere

    register(Section(name="layers", path="layers/*.yaml", model=LayerSpec, title=Text(...),
                     check=..., tests=..., apply=..., after=("organisations",)))

and imports that module in ``AppConfig.ready``. ``check`` and ``tests`` yield problems, best made with
``item.problem(("target", "low"), code=…, expected=Text(…), fix=Text(…), found=…)``. A validator of a model says
what is wrong in both languages by raising ``Wrong(expected, fix)``. Within a mapping that has ``source: <source
id>``, a ``reference`` is a place in that source; elsewhere it begins with the source's id or document number.
"""

import time
from pathlib import Path
from typing import Any, Final

from hutong.kernel import audit
from hutong.kernel.db import atomic
from hutong.kernel.settings import value
from hutong.kernel.urn import Urn
from hutong.packs import folder as files
from hutong.packs.citing import cite
from hutong.packs.errors import BadPack, NoSuchPack
from hutong.packs.loader import read_pack
from hutong.packs.logic.rules import run_tests
from hutong.packs.logic.schema import schemas as _schemas
from hutong.packs.sections import register, registered
from hutong.packs.specs import Id, Manifest, RefTo, RefToSource, Spec, TextSpec, Title, Wrong, kebab
from hutong.packs.types import Item, Mark, Pack, Problem, Section, Source

__all__ = [
    "BadPack",
    "Id",
    "Item",
    "Manifest",
    "Mark",
    "NoSuchPack",
    "Pack",
    "Problem",
    "RefTo",
    "RefToSource",
    "Section",
    "Source",
    "Spec",
    "TextSpec",
    "Title",
    "Wrong",
    "apply",
    "check",
    "cite",
    "folder_of",
    "install",
    "installed",
    "kebab",
    "known",
    "load",
    "register",
    "registered",
    "schemas",
]

_passed: dict[Path, tuple[object, Pack]] = {}
_loaded: dict[Path, tuple[object, Pack]] = {}
_looked: dict[Path, float] = {}
_LOOK_AGAIN: Final = 1.0  # seconds; every page asks, and looking at more than a hundred files takes 10 ms


def load(pack: str | Path, *, deep: bool = True) -> Pack:
    """A pack by id or folder, with its solution packs, checked; raises ``NoSuchPack`` or ``BadPack``.

    Not ``deep``: without the sections' own checks, for a pack that has passed them before. One that passed all of them
    in this process is not read again before one of its files changes.
    """
    folder = files.find(pack)
    state = (_state(folder), registered())
    if deep and folder in _passed and _passed[folder][0] == state:
        return _passed[folder][1]
    reading = read_pack(folder, registered(), deep=deep)
    if reading.problems:
        raise BadPack(
            pack=reading.pack.id,
            count=len(reading.problems),
            first=reading.problems[0],
            problems=tuple(reading.problems),
        )
    if deep:
        _passed[folder] = (state, reading.pack)
    return reading.pack


def check(pack: str | Path, *, tests: bool = True) -> list[Problem]:
    """Everything wrong with a pack; when nothing is, what the tests written in it find."""
    reading = read_pack(files.find(pack), registered())
    if reading.problems or not tests:
        return reading.problems
    return sorted(run_tests(reading.pack, registered()))


def installed() -> Pack:
    """The district pack of this installation (setting ``HUTONG_PACK``); read again when a file changes.

    It passed every check when it was applied, so the sections' own are not repeated here.
    """
    folder = files.find(str(value("HUTONG_PACK")))
    if folder in _loaded and time.monotonic() - _looked.get(folder, 0.0) < _LOOK_AGAIN:
        return _loaded[folder][1]
    _looked[folder] = time.monotonic()
    state = (_state(folder), tuple(each.name for each in registered()))
    known_state, pack = _loaded.get(folder, (None, None))
    if pack is None or known_state != state:
        pack = load(folder, deep=False)
        _loaded[folder] = (state, pack)
    return pack


def _state(folder: Path) -> object:
    solutions = [each for each in files.known() if each.parent.name == files.KINDS["solution"]]
    return [files.fingerprint(each) for each in (folder, *solutions)]


def apply(pack: Pack) -> None:
    """Make the installation follow the pack: every section in one transaction. Safe to repeat."""
    with atomic():
        for section in registered():
            if section.apply is not None:
                section.apply(pack, pack.items(section.name))
        audit.record("packs.apply", str(Urn(pack.id, "pack", pack.id)), solutions=list(pack.needs))


def install(pack: str | Path) -> Pack:
    """Load and apply."""
    loaded = load(pack)
    apply(loaded)
    return loaded


def folder_of(kind: str, pack: str) -> Path:
    """The folder of a pack that lies beside the districts and solutions and is no choice for an installation."""
    return files.root() / kind / pack


def known() -> list[Path]:
    """Folders of all packs of this installation, districts first."""
    return files.known()


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema of the manifest (``pack``) and of the files of every section, by name."""
    return _schemas(registered())
