"""What pydantic found, said to the author of the pack: where, what was expected, how to mend it."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hutong.kernel.text import Text
from hutong.packs.logic.models import key_names, models_at
from hutong.packs.logic.tree import Tree
from hutong.packs.specs import Wrong
from hutong.packs.types import KeyPath, show_path

_Said = tuple[str, Text, Text, str]  # code, expected, fix, found
_ADD = Text(zh="补上该键", en="add the key")
_CHANGE = Text(zh="改成这样的值", en="change it to such a value")
_KINDS: dict[str, tuple[Text, Text]] = {
    "string": (Text(zh="文字", en="a text"), Text(zh="加上引号：{quoted}", en="put it in quotes: {quoted}")),
    "int": (Text(zh="整数", en="a whole number"), _CHANGE),
    "float": (Text(zh="数字", en="a number"), _CHANGE),
    "decimal": (Text(zh="数字", en="a number"), _CHANGE),
    "finite_number": (Text(zh="数字", en="a number"), _CHANGE),
    "bool": (Text(zh="true 或 false", en="true or false"), _CHANGE),
    "date": (Text(zh="日期，如 2021-11-07", en="a date such as 2021-11-07"), _CHANGE),
    "datetime": (Text(zh="日期和时间", en="a date and time"), _CHANGE),
    "list": (
        Text(zh="列表", en="a list"),
        Text(zh="写成 [甲, 乙]，或每项一行以“- ”开头", en="write [a, b], or one entry a line after `- `"),
    ),
    "tuple": (
        Text(zh="列表", en="a list"),
        Text(zh="写成 [甲, 乙]，或每项一行以“- ”开头", en="write [a, b], or one entry a line after `- `"),
    ),
    "dict": (
        Text(zh="一组“键: 值”", en="keys with values"),
        Text(zh="写成 {{键: 值}}，或每键一行", en="write {{key: value}}, or one key a line"),
    ),
    "model": (
        Text(zh="一组“键: 值”：{keys}", en="keys with values: {keys}"),
        Text(zh="写成 {{键: 值}}，或每键一行", en="write {{key: value}}, or one key a line"),
    ),
    "literal_error": (
        Text(zh="下列之一：{choices}", en="one of {choices}"),
        Text(zh="改为 {near}", en="write {near}"),
    ),
    "enum": (
        Text(zh="下列之一：{choices}", en="one of {choices}"),
        Text(zh="改为 {near}", en="write {near}"),
    ),
    "string_pattern_mismatch": (
        Text(zh="符合 {pattern} 的文字", en="a text that matches {pattern}"),
        _CHANGE,
    ),
    "string_too_short": (Text(zh="至少 {min_length} 个字符", en="{min_length} characters or more"), _CHANGE),
    "string_too_long": (Text(zh="至多 {max_length} 个字符", en="{max_length} characters or fewer"), _CHANGE),
    "too_short": (
        Text(zh="至少 {min_length} 项", en="{min_length} entries or more"),
        Text(zh="补足", en="add what is missing"),
    ),
    "too_long": (
        Text(zh="至多 {max_length} 项", en="{max_length} entries or fewer"),
        Text(zh="删去多余的", en="remove what is too much"),
    ),
    "greater_than": (Text(zh="大于 {gt} 的数", en="a number greater than {gt}"), _CHANGE),
    "greater_than_equal": (Text(zh="不小于 {ge} 的数", en="a number not below {ge}"), _CHANGE),
    "less_than": (Text(zh="小于 {lt} 的数", en="a number less than {lt}"), _CHANGE),
    "less_than_equal": (Text(zh="不大于 {le} 的数", en="a number not above {le}"), _CHANGE),
    "none_required": (Text(zh="空值", en="nothing"), Text(zh="删去该值", en="remove the value")),
}


def explain(tree: Tree, base: KeyPath, annotation: Any, data: Any, error: ValidationError) -> None:
    """Add the problems of a ``ValidationError`` on ``data``, which stands at ``base`` in the file."""
    merged: dict[KeyPath, list[_Said]] = {}
    for detail in error.errors(include_url=False):
        path, value = _walk(data, detail["loc"])
        if detail["type"] == "missing":
            path = (*path, str(detail["loc"][-1]))
        said = _say(detail, path, annotation, value, data)
        others = merged.setdefault(path, [])
        if said not in others:
            others.append(said)
    blamed = {each.key for each in tree.problems}
    for path, several in merged.items():
        if show_path((*base, *path)) in blamed:
            continue
        code, expected, fix, found = several[0]
        if len(several) > 1:
            expected = _either([each[1] for each in several])
        tree.blame((*base, *path), code, expected, fix, found)


def _walk(data: Any, loc: tuple[str | int, ...]) -> tuple[KeyPath, Any]:
    """The key path a location means: names of union members and validators in it are not keys."""
    path: KeyPath = ()
    for step in loc:
        inside = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if inside or (isinstance(data, Mapping) and step in data):
            path, data = (*path, step), data[step]
    return path, data


def _say(detail: ErrorDetails, path: KeyPath, annotation: Any, value: Any, data: Any) -> _Said:
    kind, context = detail["type"], dict(detail.get("ctx") or {})
    raised = context.get("error")
    if isinstance(raised, Wrong):
        return raised.code, raised.expected, raised.fix, quote(value)
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]) if path else "", path[:-1], annotation, _inside(data, path[:-1]))
    if kind == "missing":
        name = str(path[-1])
        return "missing-key", Text(zh=f"有键 {name}", en=f"the key {name}"), _ADD, ""
    known = next(
        (name for name in (kind, kind.rsplit("_", 1)[0], kind.split("_", 1)[0]) if name in _KINDS), ""
    )
    if not known:
        said = detail["msg"].removeprefix("Value error, ")
        return "wrong-value", Text(zh=said, en=said), _CHANGE, quote(value)
    expected, fix = _KINDS[known]
    choices = _choices(context.get("expected"))
    facts = {
        **context,
        "choices": ", ".join(choices),
        "near": near(str(value), choices) or (choices[0] if choices else ""),
        "keys": ", ".join(key for model in models_at(annotation, path) for key in key_names(model)),
        "quoted": f'"{value}"',
    }
    if known == "string" and (value is None or isinstance(value, list | dict)):
        fix = _CHANGE
    code = "wrong-choice" if known in ("literal_error", "enum") else "wrong-value"
    return code, expected.format(**facts), fix.format(**facts), quote(value)


def _inside(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _unknown(name: str, parent: KeyPath, annotation: Any, siblings: Any) -> _Said:
    known = list(dict.fromkeys(key for model in models_at(annotation, parent) for key in key_names(model)))
    free = [key for key in known if key not in siblings]
    guess = near(name, free) or near(name, known)
    expected = Text(zh=f"已知的键：{', '.join(known)}", en=f"a known key: {', '.join(known)}")
    if guess:
        return "unknown-key", expected, Text(zh=f"是否想写 {guess}？", en=f"did you mean {guess}?"), name
    return "unknown-key", expected, Text(zh="删去该键", en="remove the key"), name


def _choices(said: object) -> list[str]:
    """Pydantic's ``'a', 'b' or 'c'`` as a list."""
    if not isinstance(said, str):
        return []
    return [each.strip().strip("'") for each in said.replace(" or ", ", ").split(", ")]


def near(name: str, known: list[str]) -> str:
    """The nearest known name, empty where none is near."""
    lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(name.lower().replace("_", "-"), lower, 1, 0.6)
    found = found or difflib.get_close_matches(name.lower(), lower, 1, 0.5)
    return lower[found[0]] if found else ""


def quote(value: Any) -> str:
    """What was found, short enough for a line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        shown = "{" + ", ".join(str(key) for key in value) + "}"
    elif isinstance(value, list):
        shown = f"[… {len(value)}]"
    else:
        shown = " ".join(str(value).split())
    return shown if len(shown) <= 60 else shown[:59] + "…"


def _either(texts: list[Text]) -> Text:
    unique: Iterator[Text] = iter(dict.fromkeys(texts))
    kept = list(unique)[:4]
    return Text(zh="，或".join(each.zh for each in kept), en=" or ".join(each.in_("en") for each in kept))


def validate(tree: Tree, base: KeyPath, model: type[BaseModel], data: Any) -> BaseModel | None:
    """The data as the model reads it, or None with the problems noted in the tree."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        explain(tree, base, model, data, error)
        return None
