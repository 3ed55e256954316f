"""Where packs lie on disk. The only file of this capability that touches files."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from hutong.kernel import settings
from hutong.kernel.text import Text
from hutong.packs.errors import NoSuchPack

MANIFEST = "pack.yaml"
KINDS = {"district": "districts", "solution": "solutions"}
_SHIPPED = Path(__file__).resolve().parents[3] / "packs"
_MAX_FILES = 5000

settings.declare(
    settings.Setting(
        "HUTONG_PACKS",
        None,
        "path",
        Text(
            zh="存放各包的文件夹，内有 districts 与 solutions；不设则用随程序提供的包",
            en="The folder of the packs, with districts and solutions in it; the packs that come with the "
            "program when unset",
        ),
    )
)


def root() -> Path:
    """The folder that holds ``districts/`` and ``solutions/``."""
    chosen: Path | None = settings.value("HUTONG_PACKS")
    return chosen or _SHIPPED


def known() -> list[Path]:
    """Folders of every pack, districts first."""
    return [file.parent for kind in KINDS.values() for file in sorted((root() / kind).glob(f"*/{MANIFEST}"))]


def find(pack: str | Path) -> Path:
    """The folder of a pack given by id or by path; raises ``NoSuchPack``."""
    given = Path(pack)
    if given.name == MANIFEST:
        given = given.parent
    if (given / MANIFEST).is_file():
        return given.resolve()
    for kind in KINDS:
        found = of_kind(kind, str(pack))
        if found is not None:
            return found
    raise NoSuchPack(pack=str(pack))


def of_kind(kind: str, pack: str) -> Path | None:
    """The folder of a pack by kind and id, or None."""
    folder = root() / KINDS[kind] / pack
    return folder if Path(pack).name == pack and (folder / MANIFEST).is_file() else None


def yaml_files(folder: Path) -> Iterator[str]:
    """Files of a pack that are written in its language, relative, sorted; hidden ones are passed over."""
    found = sorted(
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.suffix.lower() in (".yaml", ".yml") and file.is_file()
    )
    yield from (
        each for each in found[:_MAX_FILES] if not any(part.startswith(".") for part in each.split("/"))
    )


def content(folder: Path, file: str, limit: int) -> bytes | None:
    """The first ``limit`` bytes and one more of a file; None where it leads out of the folder."""
    path = folder / file
    if not path.resolve().is_relative_to(folder.resolve()):
        return None
    with path.open("rb") as stream:
        return stream.read(limit + 1)


def fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a file of the pack does."""
    stats = ((each, (folder / each).stat()) for each in yaml_files(folder))
    return tuple((each, stat.st_mtime_ns, stat.st_size) for each, stat in stats)


def fits(file: str, pattern: str) -> bool:
    """Whether a relative file name fits a section's path; ``*`` stays within one folder."""
    parts, wanted = file.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def write(target: Path, text: str) -> None:
    """Write a generated file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf8")
