"""What `hutong doctor` asks of the installation itself."""

import shutil
import stat
from datetime import timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from hutong.kernel import clock
from hutong.kernel.doctor import Finding, check
from hutong.kernel.models import Delivery, JobRun
from hutong.kernel.settings import BadSetting, declared, home, value
from hutong.kernel.text import Text

_ENOUGH = 2 * 2**30
_PATIENCE = timedelta(minutes=10)
_INIT = Text(zh="运行 hutong init", en="run `hutong init`")


@check("project.tables")
def tables() -> Finding:
    """Every migration has been applied."""
    executor = MigrationExecutor(connection)
    owed = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    if owed:
        count = len(owed)
        return Finding(
            ok=False,
            what=Text(
                zh=f"数据库缺少 {count} 项表结构更新", en=f"the database lacks {count} changes of its tables"
            ),
            fix=_INIT,
        )
    return Finding(ok=True, what=Text(zh="数据库表结构为最新", en="the tables are up to date"))


@check("project.home")
def folder() -> Finding:
    """The home can be written, only its owner reads the keys, and there is room."""
    place = home()
    keys = place / "keys"
    loose = [each.name for each in keys.glob("*.key") if each.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if loose:
        names = ", ".join(loose)
        return Finding(
            ok=False,
            what=Text(zh=f"密钥可被他人读取：{names}", en=f"others can read keys: {names}"),
            fix=Text(zh=f"chmod 600 {keys}/*", en=f"chmod 600 {keys}/*"),
        )
    free = shutil.disk_usage(place).free
    room = f"{free / 2**30:.1f} GiB"
    if free < _ENOUGH:
        return Finding(
            ok=False,
            what=Text(zh=f"磁盘仅余 {room}", en=f"only {room} of disk are left"),
            fix=Text(zh="腾出空间，或运行 hutong lake tidy", en="make room, or run `hutong lake tidy`"),
        )
    return Finding(ok=True, what=Text(zh=f"{place}，余 {room}", en=f"{place}, {room} free"))


@check("project.settings")
def readable_settings() -> Finding:
    """Every setting can be read."""
    wrong = []
    for each in declared():
        try:
            value(each.name)
        except BadSetting as error:
            wrong.append(str(error))
    if wrong:
        said = "; ".join(wrong)
        return Finding(ok=False, what=Text(zh=said, en=said), fix=BadSetting.fix.format(name="…"))
    count = len(declared())
    return Finding(ok=True, what=Text(zh=f"{count} 项设置均可读取", en=f"all {count} settings can be read"))


@check("kernel.work")
def work() -> Finding:
    """Events and jobs do not pile up, and none has failed."""
    late = Delivery.objects.filter(tries__gte=5).count()
    failed = JobRun.objects.filter(state=JobRun.State.FAILED).count()
    waiting = JobRun.objects.filter(
        state=JobRun.State.WAITING, created_at__lt=clock.now() - _PATIENCE
    ).count()
    if late or waiting:
        return Finding(
            ok=False,
            what=Text(
                zh=f"{late} 个事件反复投递失败，{waiting} 个任务久未开始",
                en=f"{late} events keep failing, {waiting} jobs have long waited",
            ),
            fix=Text(
                zh="确认 hutong work 在运行，并查看其日志", en="see that `hutong work` runs, and its log"
            ),
        )
    return Finding(
        ok=True, what=Text(zh=f"无积压；失败的任务 {failed} 个", en=f"nothing piles up; {failed} failed jobs")
    )
