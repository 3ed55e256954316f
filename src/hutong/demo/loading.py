"""Bring the generated files into the lake, each once, in the order in which the bureaus handed them in."""

from hutong.demo.errors import NotGenerated
from hutong.demo.generating import Progress, folder, read_manifest
from hutong.demo.pack import FileSpec, SourceSpec
from hutong.demo.types import FileLoad
from hutong.lake import api as lake
from hutong.lake.types import LoadReport, Source, SourceOptions
from hutong.packs.api import Pack

ACTOR = "system"


def load(pack: Pack, progress: Progress | None = None) -> tuple[FileLoad, ...]:
    """Load what is not loaded yet; raises ``NotGenerated`` or what the lake raises, and can then be run again."""
    manifest = read_manifest()
    if manifest is None:
        raise NotGenerated
    sha256 = {each["path"]: each["sha256"] for each in manifest["files"]}
    steps = [(source, file) for source in pack.values("demo-sources") for file in source.files]
    loads: list[FileLoad] = []
    for number, (source, file) in enumerate(steps):
        if progress:
            progress(number, len(steps), file.name)
        loads.append(_load_file(pack, source, file, sha256.get(file.name, "")))
    return tuple(loads)


def _load_file(pack: Pack, source: SourceSpec, file: FileSpec, sha256: str) -> FileLoad:
    item = pack.find("datasets", source.dataset)
    if item is not None:
        lake.define(item.value.contract)
    done = _loaded_before(source, sha256)
    if done is not None:
        return done
    report = lake.load(source.dataset, _source(source, file), actor=ACTOR, mode=file.mode)
    return _shown(file.name, report)


def _loaded_before(source: SourceSpec, sha256: str) -> FileLoad | None:
    """An older file of several must not come back over a newer one; a file alone is the lake's to recognise."""
    if len(source.files) == 1 or not sha256:
        return None
    for load in lake.loads(source.dataset, limit=1000):
        if load.sha256 == sha256 and load.state in ("committed", "unchanged"):
            return FileLoad(
                source.dataset,
                load.source,
                load.rows_in,
                load.rows_loaded,
                load.rows_quarantined,
                loaded=False,
            )
    return None


def _source(source: SourceSpec, file: FileSpec) -> Source:
    path = folder() / file.name
    if file.format == "sqlite":
        return Source.database(f"sqlite:///{path}", source.dataset.replace("-", "_"))
    options = SourceOptions(records=source.records) if source.records else None
    return Source.file(path, options=options)


def _shown(name: str, report: LoadReport) -> FileLoad:
    return FileLoad(
        report.table,
        name,
        report.rows_in,
        report.rows_loaded,
        report.rows_quarantined,
        loaded=not report.unchanged,
        elapsed_ms=report.elapsed_ms,
    )
