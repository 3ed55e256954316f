"""What an administrator may set about sign-in."""

from typing import Final

from hutong.kernel.settings import Setting, declare
from hutong.kernel.text import Text

IDLE: Final = declare(
    Setting(
        "HUTONG_SESSION_IDLE_MINUTES",
        30,
        "int",
        Text(
            zh="无操作多少分钟后自动退出登录",
            en="Minutes without activity after which a person is signed out",
        ),
    )
)
LONGEST: Final = declare(
    Setting(
        "HUTONG_SESSION_HOURS",
        12,
        "int",
        Text(zh="一次登录最长多少小时", en="Hours after which a person has to sign in again in any case"),
    )
)
PROXIES: Final = declare(
    Setting(
        "HUTONG_TRUSTED_PROXIES",
        0,
        "int",
        Text(
            zh="前置反向代理的层数；0 表示直接连接，不采信 X-Forwarded-For",
            en="How many reverse proxies stand in front; 0 means none, and X-Forwarded-For is not believed",
        ),
    )
)
RATE: Final = declare(
    Setting(
        "HUTONG_API_RATE",
        "1200/min",
        "str",
        Text(
            zh="每个用户或地址访问接口的频率上限，如 1200/min；none 表示由前置代理限制",
            en="How often one person or address may call the interfaces, such as 1200/min; none leaves it to a proxy",
        ),
    )
)
IN_PUBLIC: Final = declare(
    Setting(
        "HUTONG_DEMO_IN_PUBLIC",
        False,
        "bool",
        Text(
            zh="演示模式允许其他机器访问；由 hutong up 的两个开关一并设定",
            en="Let other machines reach demo mode; set by the two flags of hutong up together",
        ),
    )
)
