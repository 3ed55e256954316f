"""What `hutong doctor` asks of the posture."""

from hutong.kernel.doctor import Finding, check
from hutong.kernel.text import Text
from hutong.posture import alerts
from hutong.posture.pack import current


@check("posture.alerts")
def piling_up() -> Finding:
    """Alerts are looked at."""
    waiting, most = alerts.counts().get("open", 0), current().watch.most_waiting
    last = alerts.last_watch()
    dropped = last.dropped if last else 0
    return Finding(
        waiting <= most and not dropped,
        Text(
            zh=f"{waiting} 个安全告警待处置，上次未录入 {dropped} 个",
            en=f"{waiting} security alerts wait, {dropped} were left out last time",
        ),
        Text(
            zh="由数据安全管理员在 /posture/alerts 处置，或调整区包 posture.yaml 的 watch",
            en="let the security officer settle them at /posture/alerts, or adjust watch in the pack's posture.yaml",
        ),
    )
