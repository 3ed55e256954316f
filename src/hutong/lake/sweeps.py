"""What the nightly tidying takes from the lake: orphan files, and uploads that nobody is going to load."""

from typing import Final

from hutong.kernel.jobs import unfinished
from hutong.kernel.settings import Setting, declare
from hutong.kernel.text import Text
from hutong.kernel.tidying import Tidied, before, tidies
from hutong.lake import jobs
from hutong.lake.store import places

UPLOADS: Final = declare(
    Setting(
        "HUTONG_KEEP_UPLOADS_DAYS",
        7,
        "int",
        Text(
            zh="装载失败的上传文件保留多少天", en="Days for which an uploaded file is kept whose load failed"
        ),
    )
)


@tidies("lake.files")
def files(dry_run: bool) -> Tidied:
    """Files that no snapshot names."""
    from hutong.lake.store import tidying  # noqa: PLC0415 - half a second of imports that only the sweep needs

    found = tidying.tidy(dry_run=dry_run)
    return Tidied(found.files, found.bytes)


@tidies("lake.uploads")
def uploads(dry_run: bool) -> Tidied:
    """Uploaded files that no waiting or running job is going to read."""
    oldest = before(UPLOADS).timestamp()
    wanted = {str(each.arguments.get("path", "")) for each in unfinished(jobs.load)}
    count = size = 0
    for file in sorted(places.uploads().glob("*")):
        about = file.stat()
        if about.st_mtime < oldest and str(file) not in wanted:
            count, size = count + 1, size + about.st_size
            if not dry_run:
                file.unlink(missing_ok=True)
    return Tidied(count, size)
