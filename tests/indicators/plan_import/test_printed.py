"""A page printed by a browser: other fonts, and radicals in the place of characters."""

import subprocess
from pathlib import Path

import pytest

from hutong.indicators.plan_import.characters import RADICALS
from hutong.indicators.plan_import.importing import read_plan_bytes
from tests.indicators.plan_import.strangers import AFTER, BEFORE, HEAD, READ, ROWS

CHROMIUM = Path("/usr/bin/chromium")
SPANS = {0: 3, 3: 2, 5: 3}


def _html(style: str, *, merged: bool) -> str:
    rows = ""
    for number, row in enumerate(ROWS):
        first = f"<td rowspan={SPANS[number]}>{row[0]}</td>" if number in SPANS else ""
        rows += f"<tr>{first if merged else f'<td>{row[0]}</td>'}{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>"
    head = "".join(f"<th>{cell}</th>" for cell in HEAD)
    before, after = ("".join(f"<p>{text}</p>" for text in texts) for texts in (BEFORE, AFTER))
    css = "body{font:16px/1.8 serif}table{border-collapse:collapse;width:100%}"
    css += f"td,th{{padding:4px;text-align:center;{style}}}"
    return f"<meta charset=utf-8><style>{css}</style>{before}<table><tr>{head}</tr>{rows}</table>{after}"


@pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")
@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("style", ["border:1px solid #000", "border:0", "border-bottom:1px solid #000"])
def test_a_printed_page(tmp_path, style, merged):
    page, made = tmp_path / "plan.html", tmp_path / "plan.pdf"
    page.write_text(_html(style, merged=merged), encoding="utf8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-pdf-header-footer",
    ]
    subprocess.run(
        [str(CHROMIUM), *options, f"--user-data-dir={tmp_path}/u", f"--print-to-pdf={made}", page.as_uri()],
        check=True, capture_output=True, timeout=90,
    )  # fmt: skip
    reading = read_plan_bytes(made.read_bytes(), "plan.pdf")
    assert [(i.group, i.name, i.unit, i.target.text, i.nature) for i in reading.indicators] == READ
    assert reading.plan == BEFORE[0]
    assert not [each for each in reading.unread if each.kind in {"indicator", "table"}]


def test_radicals_are_read_as_characters():
    text = "某区“⼗四五”时期⺠⽣规划\n|指标|单位|2025年|\n|⻓者⻝堂|个|5|\n|⼈均收⼊|元|6|\n"
    reading = read_plan_bytes(text.encode(), "x.txt")
    assert reading.plan == "某区“十四五”时期民生规划"
    assert [i.name for i in reading.indicators] == ["长者食堂", "人均收入"]
    assert "".join(reading.lines) == text.translate(RADICALS).replace("\n", "")
