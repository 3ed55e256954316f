"""Errors of the installation itself."""

from hutong.kernel.errors import Unavailable
from hutong.kernel.text import Text


class NotReady(Unavailable):
    """The home was made by another version, or not at all."""

    code = "project.not-ready"
    message = Text(zh="不能启动：{zh}", en="Cannot start: {en}")
    fix = Text(zh="运行 hutong init", en="run `hutong init`")
