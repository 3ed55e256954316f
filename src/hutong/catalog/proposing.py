"""What a new dataset may say before anybody has written: from its table in the lake and from its neighbours."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hutong.catalog import store, suggesting
from hutong.catalog.logic.grades import rank
from hutong.catalog.logic.kinds import BY_ID
from hutong.catalog.models import ColumnGrade
from hutong.catalog.types import Kind
from hutong.lake import api as lake

PERSONAL = "general-3"  # from this grade on a column is masked in samples unless its steward says otherwise


def of_table(table: str, provider: str) -> dict[str, Any]:
    """The body of a dataset for a table of the lake: its names, its columns, and the grade that its values suggest."""
    contract, found = lake.contract(table), suggestions(table)
    written = lake.spec_of(contract)
    for name, column in written["columns"].items():
        if name in found and rank(found[name].grade) >= rank(PERSONAL):
            column["sensitive"] = True
    title = {key: text for key, text in contract.title.as_dict().items() if text}
    highest = max((each.grade for each in found.values()), key=rank, default="general-1")
    body = {"id": table, "grade": highest, "table": written, **beginning(provider)}
    return {**body, "title": title} if title else body


def beginning(provider: str) -> dict[str, Any]:
    """What the provider's other datasets let expect of the next one."""
    others = [each.body for each in store.entries(Kind.DATASET, organisation=provider)] if provider else []
    body: dict[str, Any] = {"provider": provider} if provider else {}
    codes = [str(each["provider_code"]) for each in others if each.get("provider_code")]
    if codes:
        body["provider_code"] = Counter(codes).most_common(1)[0][0]
    if code := _next_code([str(each.get("code", "")) for each in others]):
        body["code"] = code
    return body


def suggestions(table: str) -> dict[str, ColumnGrade]:
    """What each column was found to hold, looked at now if nobody has yet."""
    found = ColumnGrade.objects.filter(table=table)
    if not found.exists():
        suggesting.suggest(table)
    return {each.column: each for each in found.all()}


def held(table: str) -> Mapping[str, str]:
    """The kind of content of each column, in words."""
    return {
        name: str(BY_ID[each.found].title) for name, each in suggestions(table).items() if each.found in BY_ID
    }


def _next_code(codes: list[str]) -> str:
    """The commonest class, item and object of the provider with the next serial."""
    split = [each.partition("/") for each in codes if "/" in each]
    if not split:
        return ""
    head = Counter(each[0] for each in split).most_common(1)[0][0]
    serials = [each[2] for each in split if each[0] == head]
    number = max(int(each) for each in serials) + 1
    return f"{head}/{number:0{max(map(len, serials))}}"
