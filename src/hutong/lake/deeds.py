"""What the lake writes on the log and the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "lake.snapshot": Text(zh="数据快照", en="Snapshot of a table"),
        "lake.load": Text(zh="数据装载", en="Data loaded"),
        "lake.define": Text(zh="数据契约变更", en="Contract of a table changed"),
        "lake.relocate": Text(zh="数据文件迁移", en="Files of a table moved"),
    }
)
