"""What `hutong doctor` asks of the lake."""

import shutil

from hutong.kernel import doctor
from hutong.kernel.settings import home
from hutong.kernel.text import Text
from hutong.lake import databases
from hutong.lake.errors import BadDatabases

_LEAST = 2 << 30
_EXTENSIONS = ("icu", "spatial", "iceberg")


@doctor.check("lake.extensions")
def check_extensions() -> doctor.Finding:
    """DuckDB's extensions load from their wheels."""
    import duckdb  # noqa: PLC0415 - the doctor alone needs it

    from hutong.lake.engine import duck  # noqa: PLC0415 - the same

    fix = Text(zh="重新安装依赖：make setup", en="install the dependencies again: make setup")
    try:
        connection = duck.connect(*_EXTENSIONS[1:])
    except (duckdb.Error, ImportError, StopIteration) as error:
        said = str(error)[:200]
        return doctor.Finding(
            ok=False, what=Text(zh=f"DuckDB 扩展不能加载：{said}", en=f"does not load: {said}"), fix=fix
        )
    duck.close(connection)
    names = "、".join(_EXTENSIONS)
    return doctor.Finding(
        ok=True, what=Text(zh=f"DuckDB 扩展可用：{names}", en=f"DuckDB extensions load: {names}")
    )


@doctor.check("lake.databases")
def check_databases() -> doctor.Finding:
    """The list of databases that can be loaded from on the page is as it should be."""
    try:
        found = databases.known()
    except BadDatabases as error:
        return doctor.Finding(ok=False, what=error.said, fix=error.mend)
    names = ", ".join(each.name for each in found) or "—"
    return doctor.Finding(
        ok=True,
        what=Text(zh=f"页面可装载的业务库：{names}", en=f"Databases to load from on the page: {names}"),
    )


@doctor.check("lake.disk")
def check_disk() -> doctor.Finding:
    """There is room for a load of some size."""
    free = shutil.disk_usage(home().parent if not home().exists() else home()).free
    size = f"{free / 2**30:.1f} GB"
    return doctor.Finding(
        ok=free >= _LEAST,
        what=Text(zh=f"剩余空间 {size}", en=f"{size} free for the lake"),
        fix=Text(zh="腾出空间，或运行 hutong lake tidy", en="make room, or run `hutong lake tidy`"),
    )


@doctor.check("lake.orphans")
def check_orphans() -> doctor.Finding:
    """No files that no snapshot names."""
    from hutong.lake.store import tidying  # noqa: PLC0415 - Iceberg is half a second of imports

    found = len(tidying.orphans())
    return doctor.Finding(
        ok=found == 0,
        what=Text(zh=f"{found} 个无主文件", en=f"{found} files that no snapshot names"),
        fix=Text(zh="运行 hutong lake tidy", en="run `hutong lake tidy`"),
    )
