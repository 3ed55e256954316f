"""The demo's protected questions: asked once, answered, within their budgets."""

from pathlib import Path
from typing import Any

from hutong.demo import privacy as seeding
from hutong.lake import api as lake
from hutong.lake.types import Source
from hutong.privacy import api as privacy
from hutong.privacy.models import MatchRow, StartRow
from tests.installed import install

CODE = "91110101MA00000005"  # holds together and is nobody's


def test_the_seed_asks_once(db: Any) -> None:
    install()
    assert seeding.seed() == 6
    assert seeding.seed() == 0
    assert privacy.budget("elders", "statistics-bureau").ever > 1
    assert all(each.state == "answered" for each in privacy.listed())


def test_a_joint_run_is_written_down_by_both_bureaus_and_has_no_result(db: Any, tmp_path: Path) -> None:
    """With the engine it is started with one click a side; nothing of it is made up."""
    install()
    given = {"uscc": CODE, "name": "某公司", "industry": "R", "subdistrict": "110101001", "status": "存续",
             "month": "2023-12", "revenue": "100"}  # fmt: skip
    for table in ("enterprises", "key-firm-monthly"):
        columns = lake.contract(table).columns
        file = tmp_path / f"{table}.csv"
        file.write_text(
            ",".join(str(each.title) for each in columns)
            + "\n"
            + ",".join(given.get(each.name, "") for each in columns)
            + "\n",
            "utf8",
        )
        assert lake.load(table, Source.file(file)).rows_loaded == 1
    seeding.seed()
    found = StartRow.objects.order_by("organisation")
    assert [(each.organisation, each.state, each.provider) for each in found] == [
        ("culture-tourism-bureau", "ready", False),
        ("statistics-bureau", "ready", True),
    ]
    assert found[1].asked["where"] == ["month:eq:2023-12"]
    assert not MatchRow.objects.exists()
