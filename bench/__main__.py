"""``python -m bench [NAME …]``: run the measurements; each is a module with ``run() -> Iterable[Result]``.

One that fails is told and does not keep the others from being run; the command then ends with 1.
"""

import argparse
import importlib
import os
import platform
import shutil
import sys
import traceback
from pathlib import Path

from bench import peers
from bench.result import Result

HERE = Path(__file__).resolve().parent


def known() -> list[str]:
    """Names of the measurements; what has no ``run`` of its own is a part of another."""
    files = [*HERE.glob("*.py"), *HERE.glob("*/__init__.py")]
    found = [file for file in files if "\ndef run(" in file.read_text("utf8")]
    return sorted(file.parent.name if file.stem == "__init__" else file.stem for file in found)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="which measurements; all when none is named")
    parser.add_argument("--write", type=Path, help="also write the table to this file")
    options = parser.parse_args()
    names = known()
    unknown = set(options.names) - set(names)
    if unknown:
        parser.error(f"no measurement called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    os.environ["HUTONG_SPU_PYTHON"] = peers.engine()
    missing = {"the peers: make bench makes their environment": peers.program("python"),
               "the engine of joint computation: make setup-spu": os.environ["HUTONG_SPU_PYTHON"],
               "wrk, which asks the portal's pages": shutil.which("wrk")}  # fmt: skip
    for name in (each for each, found in missing.items() if not found):
        print(f"not here: {name}", flush=True)
    results: list[Result] = []
    failed: list[str] = []
    for name in options.names or names:
        print(f"— {name}", flush=True)
        try:
            for result in importlib.import_module(f"bench.{name}").run():
                print(f"  {result.line()}", flush=True)
                results.append(result)
        except Exception:  # noqa: BLE001 - the edge of the process: told, and the others still run
            traceback.print_exc()
            failed.append(name)
    if options.write:
        options.write.write_text(table(results), "utf8")
    missed = [each for each in results if each.met is False]
    print(f"{len(results)} measured, {len(missed)} short of their target")
    if failed:
        print(f"could not be measured: {', '.join(failed)}")
    return 1 if missed or failed else 0


def table(results: list[Result]) -> str:
    head = (
        f"Python {platform.python_version()}, {platform.machine()}\n\n"
        "| what | measured | target | peer in the same run |\n|---|---|---|---|\n"
    )
    return head + "".join(each.row() for each in results)


if __name__ == "__main__":
    sys.exit(main())
