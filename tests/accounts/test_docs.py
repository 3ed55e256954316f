"""The document of permissions is what the policy says."""

from pathlib import Path

from hutong.accounts.logic.matrix import as_markdown

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"


def test_the_document_is_written_from_the_policy():
    assert DOCUMENT.read_text("utf8") == as_markdown(), (
        "run: python -m hutong.accounts.logic.matrix > docs/permissions.md"
    )
