"""What the catalog writes on the log and the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "catalog.duty": Text(zh="职责目录变更", en="Duty in the catalog changed"),
        "catalog.dataset": Text(zh="数据目录变更", en="Dataset in the catalog changed"),
        "catalog.table": Text(zh="库表目录变更", en="Table in the catalog changed"),
        "catalog.system": Text(zh="信息系统目录变更", en="System in the catalog changed"),
        "catalog.table-handed": Text(zh="数据表移交", en="Table handed to an organisation"),
        "catalog.hand": Text(zh="数据表移交", en="Table handed to an organisation"),
        "catalog.grade": Text(zh="数据分级确认", en="Grade of a column decided"),
        "catalog.edit": Text(zh="目录条目变更", en="Catalog entry changed"),
        "catalog.export": Text(zh="导出目录", en="Catalog exported"),
        "catalog.import": Text(zh="导入目录", en="Catalog imported"),
        "lake.sample": Text(zh="查看数据样例（脱敏）", en="Masked sample looked at"),
        "lake.sample_clear": Text(zh="查看数据样例（原值）", en="Sample looked at in clear"),
    }
)
