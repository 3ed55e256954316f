"""What the portal writes on the log and the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "portal.package": Text(zh="开放数据包发布", en="Open data package published"),
        "portal.publish": Text(zh="发布开放数据", en="Open data published"),
        "portal.ask": Text(zh="公众来信", en="Letter of a citizen"),
        "portal.answer": Text(zh="答复公众来信", en="Letter of a citizen answered"),
        "portal.key": Text(zh="开放数据密钥变更", en="Key for open data changed"),
    }
)
