"""What breaks a module's schema, in both languages."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from hutong.kernel.text import Text

_OBJECT: Final = Text(zh="应为 JSON 对象，如 {{…}}", en="must be a JSON object such as {{…}}")
_SAID: Final[Mapping[str, Text]] = {
    "missing": Text(zh="必须给出", en="must be given"),
    "extra_forbidden": Text(zh="没有这一项", en="there is no such key"),
    "list_type": Text(zh="应为数组", en="must be an array"),
    "tuple_type": Text(zh="应为数组", en="must be an array"),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "string_type": Text(zh="应为文字", en="must be a string"),
    "int_type": Text(zh="应为整数", en="must be a whole number"),
    "int_parsing": Text(zh="应为整数", en="must be a whole number"),
    "int_from_float": Text(zh="应为整数", en="must be a whole number"),
    "float_type": Text(zh="应为数", en="must be a number"),
    "float_parsing": Text(zh="应为数", en="must be a number"),
    "finite_number": Text(zh="应为有限的数", en="must be a finite number"),
    "bool_type": Text(zh="应为 true 或 false", en="must be true or false"),
    "bool_parsing": Text(zh="应为 true 或 false", en="must be true or false"),
    "too_short": Text(zh="至少 {min_length} 项", en="{min_length} at least"),
    "too_long": Text(zh="最多 {max_length} 项", en="{max_length} at most"),
    "string_too_short": Text(zh="至少 {min_length} 个字", en="{min_length} characters at least"),
    "string_too_long": Text(zh="最多 {max_length} 个字", en="{max_length} characters at most"),
    "string_pattern_mismatch": Text(zh="写法应符合 {pattern}", en="must match {pattern}"),
    "greater_than": Text(zh="应大于 {gt}", en="must be more than {gt}"),
    "greater_than_equal": Text(zh="应不小于 {ge}", en="must be {ge} or more"),
    "less_than": Text(zh="应小于 {lt}", en="must be less than {lt}"),
    "less_than_equal": Text(zh="应不大于 {le}", en="must be {le} or less"),
    "literal_error": Text(zh="应为 {expected}", en="must be {expected}"),
    "enum": Text(zh="应为 {expected}", en="must be {expected}"),
}


def first(error: ValidationError) -> tuple[str, Text]:
    """The key of the first breach, and what is wrong with it."""
    found = error.errors(include_url=False, include_input=False)[0]
    context: Mapping[str, Any] = found.get("ctx", {})
    said = _SAID.get(found["type"], Text(zh="不符合要求（{said}）", en="{said}"))
    return ".".join(map(str, found["loc"])) or "body", said.format(
        **{"said": found["msg"], **_plain(context)}
    )


def _plain(context: Mapping[str, Any]) -> dict[str, str]:
    """Choices are quoted and joined by a word in English; neither belongs in the other language."""
    return {
        name: str(each).replace("'", "").replace(" or ", " / ").replace(", ", " / ")
        for name, each in context.items()
    }
