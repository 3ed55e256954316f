"""Measure modules and, if asked, publish the figures: in their ``accuracy.json`` and in the table of docs/market.md."""

import argparse
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("HUTONG_SHARED_DATA", HERE.parents[1].parent / "shared" / "data"))
DOCS = HERE.parents[1] / "docs" / "market.md"
MODULES = HERE.parents[1] / "src" / "hutong" / "market" / "modules"


def measure(name: str, part: float = 1.0, shared: Path = SHARED) -> list[dict[str, Any]]:
    """The figures of one module as its page shows them."""
    found: list[dict[str, Any]] = import_module(f"bench.modules.{name}").measure(shared, part)
    return found


def table() -> str:
    """The published figures of every module as the table of docs/market.md."""
    lines = ["| module | measured |", "|---|---|"]
    for file in sorted(MODULES.glob("*/accuracy.json")):
        said = []
        for each in json.loads(file.read_text("utf8")):
            value = {
                "share": f"{each['value'] * 100:.1f}%", "metres": "< 0.001 m", "percent": f"{each['value']:.3g}%",
            }.get(each["unit"], f"{each['value']:.3g}")  # fmt: skip
            said.append(f"{each['metric']['en']}: **{value}** (n = {each['cases']:,}; {each['data']['en']})")
        lines.append(f"| `{file.parent.name.replace('_', '-')}` | {'<br>'.join(said)} |")
    return "\n".join(lines) + "\n"


def published(text: str) -> str:
    """The text of docs/market.md with its table as it is now."""
    start = text.index("| module | measured |")
    return text[:start] + table() + text[text.index("\n\n", start) + 1 :]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.modules")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--write", metavar="DAY", help="publish, as measured on that day (YYYY-MM-DD)")
    asked = parser.parse_args()
    names = asked.names or sorted(file.stem for file in HERE.glob("[a-z]*.py"))
    for name in names:
        figures = measure(name.replace("-", "_"))
        for each in figures:
            sys.stdout.write(f"{name:18} {each['id']:28} {each['value']:.4f}  n={each['cases']}\n")
        if asked.write:
            script = f"bench/modules/{name.replace('-', '_')}.py"
            rows = [{**each, "date": asked.write, "script": script} for each in figures]
            file = MODULES / name.replace("-", "_") / "accuracy.json"
            file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf8")
    if asked.write:
        DOCS.write_text(published(DOCS.read_text("utf8")), "utf8")


if __name__ == "__main__":
    main()
