"""How well the modules of the supermarket do: each file measures one on shared data and says so in figures.

`python -m bench.modules [NAME…] [--write]`; with ``--write`` the figures go into the module's ``accuracy.json``, from
which its page shows them. ``measure(shared, part)`` takes a part (0–1) of the cases, for the tests' faster second look.
"""

from collections.abc import Iterable

from bench.result import Result


def run() -> Iterable[Result]:
    """Every figure of every module; nothing where the shared data is not beside the checkout."""
    from bench.modules.__main__ import HERE, SHARED, measure  # noqa: PLC0415 - it is a command of its own too

    if not SHARED.is_dir():
        return
    for name in sorted(file.stem for file in HERE.glob("[a-z]*.py")):
        for each in measure(name):
            told = each["unit"] if each["unit"] != "share" else ""
            yield Result(f"{name}, {each['metric']['en']} (n = {each['cases']:,})", each["value"], told)
