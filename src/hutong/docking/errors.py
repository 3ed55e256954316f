"""What can go wrong between two catalogs.

NoSuchPeer  (404)  no peer of that name is set up
BadPeers    (422)  peers.toml cannot be read
BadMessage  (422)  what came over the line cannot be taken
NotThePeer  (403)  a message is not signed by the peer, or too old, or seen before
LineCut     (503)  the peer did not answer
BadAddress  (422)  the peer's address may not be connected to
PeerForked  (409)  the peer's log contradicts what it showed before
PeerAlarmed (409)  nothing is exchanged with a peer that contradicted itself
StaleHead   (409)  a consistency proof is of a moment that has passed
"""

from hutong.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from hutong.kernel.text import Text


class NoSuchPeer(NotFound):
    """No peer of that name is set up."""

    code = "docking.no-such-peer"
    message = Text(zh="没有配置名为“{name}”的对接方", en="No peer is called “{name}”")
    fix = Text(zh="在主文件夹的 peers.toml 中配置", en="set it up in peers.toml of the home folder")


class BadPeers(Invalid):
    """peers.toml cannot be read."""

    code = "docking.bad-peers"
    message = Text(zh="peers.toml 无法读取：{reason}", en="peers.toml cannot be read: {reason}")
    fix = Text(zh="按 docs/docking.md 的例子改正", en="mend it after the example in docs/docking.md")


class BadMessage(Invalid):
    """What came over the line cannot be taken."""

    code = "docking.bad-message"
    message = Text(
        zh="收到的内容不符合约定：{reason}", en="What came over the line cannot be taken: {reason}"
    )
    fix = Text(zh="核对双方版本与日志", en="compare the versions and the logs of both sides")


class NotThePeer(Forbidden):
    """A message is not signed by the peer, or too old, or seen before."""

    code = "docking.not-the-peer"
    message = Text(
        zh="无法确认是对接方所发：{reason}", en="This is not known to come from the peer: {reason}"
    )
    fix = Text(
        zh="核对对接方密钥（hutong dock trust）与双方时钟",
        en="check the peer's key (`hutong dock trust`) and both clocks",
    )


class LineCut(Unavailable):
    """The peer did not answer."""

    code = "docking.line-cut"
    message = Text(zh="与“{name}”的连接中断：{reason_zh}", en="The line to “{name}” was cut: {reason_en}")
    fix = Text(
        zh="再次运行即从中断处继续，不会重复", en="run it again: it goes on where it was cut, nothing twice"
    )


class BadAddress(Invalid):
    """The peer's address may not be connected to."""

    code = "docking.bad-address"
    message = Text(zh="不能连接该地址：{reason}", en="This address may not be connected to: {reason}")
    fix = Text(
        zh="使用可公开解析的 https 地址；政务外网地址须以 HUTONG_DOCK_PRIVATE 允许",
        en="use a public https address; an inner one must be allowed by HUTONG_DOCK_PRIVATE",
    )


_SETTLE = Text(
    zh="与对接方核实；在 /catalog/docking 写明理由后重新信任",
    en="clear it up with the peer; trust it anew on /catalog/docking",
)


class PeerForked(Conflict):
    """The peer's log contradicts what it showed before."""

    code = "docking.peer-forked"
    message = Text(zh="“{name}”的日志前后不一：{why}", en="The log of “{name}” contradicts itself: {why}")
    fix = _SETTLE


class PeerAlarmed(Conflict):
    """Nothing is exchanged with a peer that contradicted itself."""

    code = "docking.peer-alarmed"
    message = Text(
        zh="“{name}”的日志曾前后不一，对接已停止",
        en="The log of “{name}” contradicted itself; nothing is exchanged",
    )
    fix = _SETTLE


class StaleHead(Conflict):
    """A consistency proof is of a moment that has passed."""

    code = "docking.stale-head"
    message = Text(
        zh="一致性证明不是从已知的第 {known} 条起",
        en="The consistency proof does not begin at the known size {known}",
    )
    fix = Text(zh="再次运行即可", en="run it again")
