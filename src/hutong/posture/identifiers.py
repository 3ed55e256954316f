"""Where alerts and findings are shown."""

from hutong.kernel.urn import Urn, resolver


@resolver("posture-alert")
def _alert(urn: Urn) -> str | None:
    return f"/posture/alerts/{urn.local}" if urn.local.isdecimal() else None


@resolver("posture-finding")
def _finding(urn: Urn) -> str | None:
    return f"/posture/findings/{urn.local}" if urn.local.isdecimal() else None


@resolver("audit-trail")
def _trail(_urn: Urn) -> str | None:
    return "/posture/audit"
