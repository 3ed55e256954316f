"""The documents say what the code does."""

import re
import subprocess
from pathlib import Path

import pytest

from hutong.project import reference

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.md")])


@pytest.mark.parametrize("name", reference.PAGES)
def test_reference_page_is_what_the_code_declares(name: str):
    file = reference.FOLDER / f"{name}.md"
    assert file.read_text("utf8") == reference.page(name), "run: python -m hutong.project.reference"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_hold(document: Path):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text("utf8")):
        if not re.match(r"[a-z]+:", target):
            assert (document.parent / target).exists(), f"{document.name} → {target}"


def test_readme_commands_are_targets_of_make():
    readme = (ROOT / "README.md").read_text("utf8")
    makefile = (ROOT / "Makefile").read_text("utf8")
    named = set(re.findall(r"^make ([a-z-]+)", readme, re.MULTILINE))
    assert {"demo", "test"} <= named
    for each in named:
        assert re.search(rf"^{each}:", makefile, re.MULTILINE), each


def test_no_machine_or_registry_is_named_in_what_is_committed():
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.split(b"\0")
    hosts = re.compile("|".join(["pypi" + r"\.org", "python" + r"hosted\.org", "npmjs" + r"\.(org|com)"]))
    for name in tracked:
        path = ROOT / name.decode()
        if name and path.is_file() and path.suffix not in {".png", ".ttf", ".woff2"}:
            found = hosts.search(path.read_text("utf8", errors="ignore"))
            assert not found, f"{name.decode()}: {found}"


def test_decisions_are_numbered_and_whole():
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert files
    assert len({file.name[:4] for file in files}) == len(files), "two decisions have one number"
    for file in files:
        text = file.read_text("utf8")
        for part in ("**Context.**", "**Decision.**", "**Consequences.**", "**Alternatives.**"):
            assert part in text, f"{file.name} lacks {part}"
