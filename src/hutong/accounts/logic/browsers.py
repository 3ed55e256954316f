"""What a browser says of itself, in words a person knows: its name and the machine it runs on."""

from typing import Final

# The first that is found counts: each newer name also says the older ones.
_BROWSERS: Final = {
    "MicroMessenger/": "WeChat",
    "DingTalk/": "DingTalk",
    "QQBrowser/": "QQ Browser",
    "UCBrowser/": "UC Browser",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Version/": "Safari",
}
_MACHINES: Final = {
    "OpenHarmony": "HarmonyOS",
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
_LONGEST: Final = 80


def named(agent: str) -> str:
    """As ``Chrome · Windows``; what names neither is given as it is, cut to what fits in a line."""
    if not agent.startswith("Mozilla/"):
        return agent[:_LONGEST]
    found = [
        next((name for sign, name in known.items() if sign in agent), "") for known in (_BROWSERS, _MACHINES)
    ]
    return " · ".join(filter(None, found)) or agent[:_LONGEST]
