"""Front-end parts from npm, served under ``/static/vendor/<package>/`` straight from ``node_modules``.

Nothing is copied into the repository. Only the files named here are served. Without ``node_modules`` pages
still work, without maps, charts and live updates; ``hutong doctor`` says so.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from django.templatetags.static import static

from hutong.kernel import doctor
from hutong.kernel.settings import Setting, declare, value
from hutong.kernel.text import Text

PARTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    # prefix under vendor/: (folder in node_modules, files or patterns served from it)
    "htmx.org": ("htmx.org/dist", ("htmx.min.js",)),
    "maplibre-gl": (
        "maplibre-gl/dist",
        ("maplibre-gl.mjs", "maplibre-gl-shared.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"),
    ),
    "echarts": ("echarts/dist", ("echarts.esm.min.mjs",)),
    "noble-hashes": ("@noble/hashes", ("*.js",)),
    "noble-ed25519": ("@noble/ed25519", ("index.js",)),
    "axe-core": ("axe-core", ("axe.min.js",)),
}
DEVELOPMENT_ONLY: Final = {"axe-core"}
PREFIX: Final = "vendor"

declare(
    Setting(
        "HUTONG_NODE_MODULES",
        None,
        "path",
        Text(
            zh="前端部件所在的 node_modules 文件夹；不设则取项目根目录下的",
            en="The node_modules folder with the front-end parts; the one beside the project when unset",
        ),
    )
)


def node_modules() -> Path:
    """The folder npm filled."""
    return value("HUTONG_NODE_MODULES") or Path(__file__).parents[3] / "node_modules"


def file_of(path: str) -> Path | None:
    """The file served as ``vendor/<path>``, or None where it is not one of ours or not installed."""
    prefix, _, name = path.partition("/")
    folder, patterns = PARTS.get(prefix, ("", ()))
    if not name or "/" in name or not any(Path(name).match(pattern) for pattern in patterns):
        return None
    found = node_modules() / folder / name
    return found if found.is_file() else None


def url(path: str) -> str:
    """Where the page finds ``vendor/<path>``; empty when it is not installed."""
    return static(f"{PREFIX}/{path}") if file_of(path) else ""


def missing() -> list[str]:
    """Parts of ``PARTS`` that are not installed and are needed by pages."""
    return sorted(
        prefix
        for prefix, (folder, _) in PARTS.items()
        if prefix not in DEVELOPMENT_ONLY and not (node_modules() / folder).is_dir()
    )


class VendorFinder(BaseFinder):
    """Lets Django's static files (and WhiteNoise through them) serve the parts."""

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        prefix, _, rest = path.partition("/")
        found = file_of(rest) if prefix == PREFIX else None
        if find_all:
            return [str(found)] if found else []
        return str(found) if found else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:  # noqa: ARG002
        for prefix, (folder, patterns) in PARTS.items():
            place = node_modules() / folder
            storage = FileSystemStorage(location=str(place))
            storage.prefix = f"{PREFIX}/{prefix}"  # type: ignore[attr-defined]
            for pattern in patterns if place.is_dir() else ():
                for file in sorted(place.glob(pattern)):
                    yield file.name, storage


@doctor.check("ui.vendor")
def _check_parts() -> doctor.Finding:
    absent = missing()
    return doctor.Finding(
        ok=not absent,
        what=Text(
            zh="前端部件齐全"
            if not absent
            else f"缺少前端部件：{'、'.join(absent)}；地图、图表和即时刷新不可用",
            en="All front-end parts are installed"
            if not absent
            else f"Front-end parts are missing: {', '.join(absent)}; no maps, charts or live updates",
        ),
        fix=Text(zh="在项目根目录运行 npm ci", en="run npm ci in the project folder"),
    )
