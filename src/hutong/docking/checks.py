"""What `hutong doctor` asks of the docking."""

from hutong.docking import peers
from hutong.docking.models import Head, Progress
from hutong.kernel import doctor
from hutong.kernel.errors import HutongError
from hutong.kernel.text import Text


@doctor.check("docking.peers")
def check_peers() -> doctor.Finding:
    """No peer has contradicted itself, and the last exchange with each went well."""
    fix = Text(zh="查看 /catalog/docking", en="look at /catalog/docking")
    try:
        names = set(peers.known().peers)
    except HutongError as error:
        return doctor.Finding(ok=False, what=error.said, fix=error.fix)
    forked = sorted(names & set(Head.objects.filter(alarm__isnull=False).values_list("peer", flat=True)))
    if forked:
        listed = ", ".join(forked)
        return doctor.Finding(
            ok=False,
            what=Text(
                zh=f"对接方日志前后不一，已停止对接：{listed}",
                en=f"the log of a peer contradicts what it showed before, nothing is exchanged: {listed}",
            ),
            fix=fix,
        )
    cut = sorted(names & set(Progress.objects.filter(error__isnull=False).values_list("peer", flat=True)))
    if cut:
        listed = ", ".join(cut)
        return doctor.Finding(
            ok=False,
            what=Text(zh=f"最近一次对接未成功：{listed}", en=f"the last exchange failed: {listed}"),
            fix=fix,
        )
    return doctor.Finding(ok=True, what=Text(zh=f"{len(names)} 个对接方", en=f"{len(names)} peers"))
