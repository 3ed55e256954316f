"""What indicators and plans write on the log and the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "observation": Text(zh="指标计算", en="Figure computed"),
        "indicators.define": Text(zh="指标定义变更", en="Indicator defined"),
        "indicators.retire": Text(zh="指标停用", en="Indicator retired"),
        "plan.document": Text(zh="规划文件读入", en="Plan document read"),
        "plan.import": Text(zh="上传规划文件", en="Plan document uploaded"),
        "plan.review": Text(zh="规划条目审校", en="Item of a plan reviewed"),
        "plan.publish": Text(zh="规划发布", en="Plan published"),
        "plan.define": Text(zh="规划定义变更", en="Plan defined"),
        "plan.retire": Text(zh="规划停用", en="Plan retired"),
        "plan.task": Text(zh="规划任务变更", en="Task of a plan changed"),
        "plan.exported": Text(zh="导出规划报告", en="Report of a plan exported"),
    }
)
