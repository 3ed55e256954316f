"""``python -m bench [NAME …]``: run the measurements; each module has ``run() -> Iterable[Result]``."""

import argparse
import importlib
import pkgutil
import platform
import sys
from pathlib import Path

import bench
from bench.result import Result


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="which measurements; all when none is named")
    parser.add_argument("--write", type=Path, help="also write the table to this file")
    options = parser.parse_args()
    known = [
        m.name for m in pkgutil.iter_modules(bench.__path__) if m.name not in {"__main__", "plot", "result"}
    ]
    unknown = set(options.names) - set(known)
    if unknown:
        parser.error(f"no measurement called {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    results: list[Result] = []
    for name in options.names or known:
        print(f"— {name}", flush=True)
        for result in importlib.import_module(f"bench.{name}").run():
            print(f"  {result.line()}", flush=True)
            results.append(result)
    if options.write:
        options.write.write_text(table(results), "utf8")
    missed = [each for each in results if each.met is False]
    print(f"{len(results)} measured, {len(missed)} short of their target")
    return 1 if missed else 0


def table(results: list[Result]) -> str:
    head = (
        f"Python {platform.python_version()}, {platform.machine()}\n\n"
        "| what | measured | target | peer in the same run |\n|---|---|---|---|\n"
    )
    return head + "".join(each.row() for each in results)


if __name__ == "__main__":
    sys.exit(main())
