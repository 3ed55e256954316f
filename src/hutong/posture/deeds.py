"""What the security posture writes on the log and the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "audit.sealed": Text(zh="审计日志封存", en="Audit trail sealed"),
        "ledger.verified": Text(zh="存证日志全量核验", en="Log verified in whole"),
        "posture.alert": Text(zh="安全告警", en="Security alert"),
        "posture.open": Text(zh="安全告警重新打开", en="Security alert opened again"),
        "posture.acknowledged": Text(zh="安全告警受理", en="Security alert taken up"),
        "posture.closed": Text(zh="安全告警关闭", en="Security alert closed"),
        "posture.accepted": Text(zh="接受风险", en="Risk accepted"),
    }
)
