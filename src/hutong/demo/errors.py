"""The errors of the demo.

HutongError
├── Invalid
│   └── PackMismatch   the pack's demo section and the generator do not fit
└── Conflict
    ├── NotDemo        synthetic rows do not belong into this installation
    ├── CityFailed     the city's side of the demo stopped
    └── NotGenerated   there are no source files to load
"""

from hutong.kernel.errors import Conflict, Invalid
from hutong.kernel.text import Text


class PackMismatch(Invalid):
    """The pack's demo section and the generator do not fit."""

    code = "demo.pack-mismatch"
    message = Text(
        zh="演示生成器与区包不一致：{what}", en="The demo generator and the pack do not fit: {what}"
    )
    fix = Text(
        zh="使数据集的列、demo/sources.yaml 与生成器一致",
        en="bring the dataset's columns, demo/sources.yaml and the generator together",
    )


class NotGenerated(Conflict):
    """There are no source files to load."""

    code = "demo.not-generated"
    message = Text(zh="还没有演示数据源", en="There are no demo sources yet")
    fix = Text(zh="先运行 hutong demo generate", en="run hutong demo generate first")


class CityFailed(Conflict):
    """The city's side of the demo stopped."""

    code = "demo.city-failed"
    message = Text(zh="演示用的市级实例已停止：{reason}", en="The city's side of the demo stopped: {reason}")
    fix = Text(zh="删除主文件夹下的 demo/city 后重试", en="delete demo/city in the home folder and try again")


class NotDemo(Conflict):
    """Synthetic rows do not belong into this installation."""

    code = "demo.not-demo"
    message = Text(
        zh="本安装不是演示模式，不装载合成数据",
        en="This installation is not in demo mode; synthetic data is not loaded",
    )
    fix = Text(
        zh="演示请设 HUTONG_DEMO=1，并使用单独的 HUTONG_HOME",
        en="for a demo set HUTONG_DEMO=1 and use a HUTONG_HOME of its own",
    )
