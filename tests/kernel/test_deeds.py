"""Whatever the code base writes on the log or the audit trail has a title in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import hutong
import hutong.exchange.words  # declares how its codes are told
from hutong.kernel import deeds, details

SOURCES = Path(hutong.__file__).parent
REQUEST = ("submit", "pass", "return", "complete", "agree", "refuse", "withdraw", "fulfil")
MATTERS = ("correction", "dispute", "return-flow")
ANSWERS = ("accepted", "rejected", "done")
CATALOG = ("duty", "dataset", "table", "system")
FILLED = {  # what an f-string may come to; one that is not here fails the test
    "exchange.request.{event}": REQUEST,
    "exchange.contract.{event}": ("propose", "sign", "revoke"),
    "exchange.link.{event}": ("propose", "sign", "end"),
    "exchange.link-{event}": ("propose", "sign", "end"),
    "exchange.{event}": (*REQUEST, "propose", "sign", "revoke"),
    "exchange.{matter.value}": MATTERS,
    "exchange.{matter.value}.raise": MATTERS,
    "exchange.{row.matter}.{state.value}": tuple(f"{each}.{said}" for each in MATTERS for said in ANSWERS),
    "docking.{direction}": ("sent", "received"),
    "posture.{after.value}": ("open", "acknowledged", "closed"),
    "organisation.{change}": ("added", "changed", "closed"),
    "catalog.{row.kind}": CATALOG,
    "catalog.{kind}": CATALOG,
    "catalog.{draft.kind}": CATALOG,
    "catalog.{standing.kind}": CATALOG,
}
HANDED_TO = {("accounts/trail.py", "_record"), ("ledger/store/proposals.py", "_answer")}
PASSED_ON = {  # a name that only hands a kind on, by its file; the kinds themselves are found where they are said
    ("ledger/store/appending.py", "kind"), ("ledger/store/proposals.py", "kind"), ("ledger/store/custody.py", "kind"),
    ("ledger/store/proposals.py", "found.kind"), ("accounts/trail.py", "action"), ("exchange/recording.py", "action"),
    ("ledger/store/proposals.py", "asked.kind"),
}  # fmt: skip


def _files() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(SOURCES.rglob("*.py")):
        text = file.read_text("utf8")
        if "ledger" in text or "audit" in text or "NewEntry" in text:
            yield file.relative_to(SOURCES).as_posix(), ast.parse(text)


def _constants(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Constants of modules that look like codes, by name; in several modules one name may stand for several."""
    found: dict[str, set[str]] = {}
    for tree in trees.values():
        for node in tree.body:
            target = node.target if isinstance(node, ast.AnnAssign) else None
            target = node.targets[0] if isinstance(node, ast.Assign) else target
            value = getattr(node, "value", None)
            if (
                isinstance(target, ast.Name)
                and isinstance(value, ast.Constant)
                and isinstance(value.value, str)
            ):
                found.setdefault(target.id, set()).add(value.value)
    return found


def _written(name: str, tree: ast.Module) -> Iterator[tuple[str, int, ast.expr]]:
    """The first arguments of the calls that write: of ``ledger``, ``audit``, and of what the ledger calls itself."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        owner = (
            called.value.id
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)
            else ""
        )
        verb = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        writes = {
            "ledger": {"append", "propose"},
            "audit": {"record", "record_many"},
            "": {"NewEntry"},
        }
        if verb in writes.get(owner, set()) or (name, verb) in HANDED_TO:
            yield name, node.lineno, node.args[0]


def _codes(place: str, said: ast.expr, constants: dict[str, set[str]]) -> Iterator[str]:
    if isinstance(said, ast.IfExp):
        yield from _codes(place, said.body, constants)
        yield from _codes(place, said.orelse, constants)
    elif isinstance(said, ast.Constant):
        yield said.value
    elif isinstance(said, ast.JoinedStr):
        pattern = ast.unparse(said)[2:-1]
        assert pattern in FILLED, f"{place}: say in this test what {pattern} may come to"
        head, _, _ = pattern.partition("{")
        tail = pattern.rpartition("}")[2]
        yield from (f"{head}{each}{tail}" for each in FILLED[pattern])
    else:
        name = ast.unparse(said)
        if (place.rpartition(":")[0], name) in PASSED_ON:
            return
        known = constants.get(name.rpartition(".")[2], set())
        assert known, f"{place}: {name} is neither a text nor a constant"
        yield from (each for each in known if "." in each or each == "observation")


@pytest.fixture(scope="module")
def codes() -> dict[str, str]:
    trees = dict(_files())
    constants = _constants(trees)
    found: dict[str, str] = {}
    for file, tree in trees.items():
        for _name, line, said in _written(file, tree):
            place = f"{file}:{line}"
            found |= dict.fromkeys(_codes(place, said, constants), place)
    return found


def test_whatever_is_written_has_a_title_in_both_languages(codes: dict[str, str]) -> None:
    assert len(codes) > 100
    known = deeds.declared()
    missing = {code: place for code, place in codes.items() if code not in known}
    assert not missing
    assert not {code for code, title in known.items() if not (title.zh and title.en) or title.zh == title.en}


def test_details_on_the_audit_trail_have_titles() -> None:
    called = {
        keyword.arg
        for _name, tree in _files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"
        for keyword in node.keywords
    }
    assert len(called) > 50
    assert called - set(details.TITLES) == {"actor", None}


def test_details_are_told_in_words_and_nothing_that_is_empty() -> None:
    said = {
        "version": 2, "change": "retired", "reasons": [], "note": "", "role": "steward",
        "sha256": "ab" * 32, "taken": {"kernel.events": {"count": 83, "error": ""}}, "held": True,
        "duty": "urn:hutong:beijing-dongcheng:duty:statistics", "unknown": "x", "channel": "answers",
    }  # fmt: skip
    assert details.told(said) == (
        "版本 2 · 动作 停用 · 角色 部门数据管理员 · 摘要 abababababab… · 清理 （kernel.events （数量 83）） · 保管 是"
        " · 职责 statistics · unknown x · 方式 仅提问（可用不可见）"
    )
    with translation.override("en"):
        assert details.told({"version": 2, "change": "retired"}) == "Version 2 · Change retired"
    assert len(details.told({"note": "长" * 1000})) == 300


def test_a_title_is_in_the_readers_language_and_a_code_without_one_stays() -> None:
    with translation.override("en"):
        assert deeds.title("lake.snapshot") == "Snapshot of a table"
    assert deeds.title("lake.snapshot") == "数据快照"
    assert deeds.title("nobody.knows") == "nobody.knows"
