"""docs/packs.md is true: every key is in it, its examples pass, its error is the one that is shown."""

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hutong.packs import api
from hutong.packs.commands import pack
from hutong.packs.logic.models import key_names, nested
from hutong.packs.specs import Manifest, TextSpec

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/packs.md").read_text("utf8")
CHINESE = (ROOT / "docs/packs.zh.md").read_text("utf8")
SECTIONS = [("pack.yaml", Manifest), *((each.path, each.model) for each in api.registered())]


def block(path):
    """The part of the document under the heading that names a file."""
    found = re.search(rf"^## `{re.escape(path)}`.*?(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/packs.md has no section for {path}"
    return found[0]


@pytest.mark.parametrize(("path", "model"), SECTIONS, ids=[path for path, _ in SECTIONS])
def test_every_key_is_documented(path, model):
    text = block(path)
    for each in nested(model):
        if not {*key_names(each)} <= {*key_names(TextSpec)}:
            missing = [key for key in key_names(each) if f"`{key}`" not in text]
            assert not missing, f"document {missing} of {each.__name__} under {path} in docs/packs.md"


def test_every_command_is_documented():
    for name in pack.commands:
        assert f"`hutong pack {name}" in DOCUMENT


def test_the_chinese_document_names_every_file_and_command():
    for path, _ in SECTIONS:
        assert f"`{path}`" in CHINESE
    for name in pack.commands:
        assert f"`hutong pack {name}" in CHINESE


def test_both_documents_show_the_same_first_pack():
    first = re.findall(r"```yaml\n# (?:pack|organisations)\.yaml\n.*?```", DOCUMENT, re.DOTALL)
    assert len(first) == 2
    assert re.findall(r"```yaml\n.*?```", CHINESE, re.DOTALL) == first


def codes(file):
    """Codes of problems in a source file: arguments of what makes problems, and what ``explain`` returns."""
    for node in ast.walk(ast.parse(file.read_text("utf8"))):
        found = []
        if isinstance(node, ast.keyword) and node.arg == "code":
            found = [node.value]
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            found = {"refuse": node.args[:1], "blame": node.args[1:2], "Problem": node.args[5:6]}.get(
                name, []
            )
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and "explain" in file.name:
            found = node.value.elts[:1]
        yield from (each.value for each in found if isinstance(each, ast.Constant))


def test_every_code_of_the_checker_is_documented():
    table = DOCUMENT[DOCUMENT.index("## When a check fails") :]
    sources = [*(ROOT / "src/hutong/packs").rglob("*.py"), ROOT / "src/hutong/accounts/pack.py"]
    known = {code for file in sources for code in codes(file)}
    assert {"tab", "unknown-key", "missing-key", "unknown-source", "circle", "not-english"} <= known
    for code in sorted(known):
        assert f"`{code}`" in table, code


@pytest.fixture
def written(tmp_path, monkeypatch):
    """The examples of the document as a pack."""
    monkeypatch.setenv("HUTONG_PACKS", str(tmp_path))
    folder = tmp_path / "districts/lane-district"
    for name, text in re.findall(r"```yaml\n(?=# (\S+)\n)(.*?)```", DOCUMENT, re.DOTALL):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf8")
    return folder


def test_the_examples_are_a_pack_without_problems(written):
    assert len(list(written.rglob("*.yaml"))) == 5
    result = CliRunner().invoke(pack, ["check", "lane-district"])
    assert result.output.strip() in DOCUMENT


def test_the_error_shown_is_the_error_given(written, monkeypatch):
    for extra in ("areas.yaml", "systems.yaml", "plans/plan-2021.yaml"):
        (written / extra).unlink()
    file = written / "organisations.yaml"
    file.write_text(file.read_text("utf8").replace("kind: bureau", "kinds: bureau"), "utf8")
    monkeypatch.chdir(written)
    shown = re.search(r"```text\n(.*?)```", DOCUMENT, re.DOTALL)
    result = CliRunner().invoke(pack, ["check", "."])
    assert [each.rstrip() for each in result.output.splitlines()] == shown[1].splitlines()


def test_the_list_of_systems_has_every_row():
    table = DOCUMENT[DOCUMENT.index("## The list of systems") :]
    rows = re.findall(r"\| ([A-F]\d+) ", table)
    assert sorted(rows) == sorted(
        {each.capability for each in api.load("beijing-dongcheng").values("systems")}
    )
