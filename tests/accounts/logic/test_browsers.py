"""What a browser says of itself becomes words; what says nothing known stays as it is."""

import pytest

from hutong.accounts.logic.browsers import named

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome · Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/124.0", "Edge · Windows"),
        (
            f"Mozilla/5.0 (Linux; Android 14) {CHROME} Mobile Safari/537.36 MicroMessenger/8.0",
            "WeChat · Android",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) {WEBKIT} Version/17.4 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox · Linux"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_browser_is_named(agent: str, words: str):
    assert named(agent) == words
