"""What can go wrong with packs.

NoSuchPack (404)  no folder of that name holds a pack.yaml
BadPack    (422)  the pack breaks rules of the language; ``problems`` lists every one
"""

from hutong.kernel.errors import Invalid, NotFound
from hutong.kernel.text import Text


class NoSuchPack(NotFound):
    """There is no pack of that name."""

    code = "packs.no-such-pack"
    message = Text(zh="没有名为“{pack}”的包", en="There is no pack called “{pack}”")
    fix = Text(
        zh="用 hutong pack list 查看已有的包，或给出含 pack.yaml 的文件夹",
        en="see what there is with `hutong pack list`, or give a folder that holds a pack.yaml",
    )


class BadPack(Invalid):
    """A pack breaks rules of the language. The fact ``problems`` holds every one found."""

    code = "packs.bad-pack"
    message = Text(
        zh="包 {pack} 有 {count} 个问题，第一个：{first}",
        en="The pack {pack} has {count} problem(s); the first: {first}",
    )
    fix = Text(
        zh="运行 hutong pack check {pack} 查看全部问题并逐一改正",
        en="run `hutong pack check {pack}` to see every problem and how to mend it",
    )
