from pathlib import Path

import pytest

from hutong.ui import vendor


@pytest.fixture
def node_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder, patterns in vendor.PARTS.values():
        (tmp_path / folder).mkdir(parents=True)
        for pattern in patterns:
            (tmp_path / folder / pattern.replace("*", "sha2")).write_text("// part")
    (tmp_path / "echarts" / "package.json").write_text("{}")
    monkeypatch.setenv("HUTONG_NODE_MODULES", str(tmp_path))
    return tmp_path


def test_only_listed_files_are_served(node_modules: Path) -> None:
    assert vendor.file_of("echarts/echarts.esm.min.mjs") == node_modules / "echarts/dist/echarts.esm.min.mjs"
    assert vendor.file_of("noble-hashes/sha2.js") is not None
    for refused in ("echarts/package.json", "echarts/../package.json", "other/x.js", "echarts", "echarts/"):
        assert vendor.file_of(refused) is None


def test_the_finder_finds_what_static_files_ask_for(node_modules: Path) -> None:
    finder = vendor.VendorFinder()
    assert finder.find("vendor/htmx.org/htmx.min.js") == str(node_modules / "htmx.org/dist/htmx.min.js")
    assert finder.find("ui/ui.mjs") is None
    listed = {f"{storage.prefix}/{name}" for name, storage in finder.list(None)}
    assert "vendor/maplibre-gl/maplibre-gl-worker.mjs" in listed
    assert "vendor/noble-hashes/sha2.js" in listed


def test_missing_parts_are_named_with_the_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_NODE_MODULES", str(tmp_path))
    finding = vendor._check_parts()
    assert not finding.ok
    assert "maplibre-gl" in finding.what.en
    assert "npm ci" in finding.fix.zh
    assert vendor.url("maplibre-gl/maplibre-gl.mjs") == ""


def test_nothing_is_missing_once_installed(node_modules: Path) -> None:
    assert vendor.missing() == []
    assert vendor._check_parts().ok
