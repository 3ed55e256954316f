"""What a query may be: one SELECT over declared tables. DuckDB's own parser says what the query is."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from hutong.lake.errors import BadQuery

_TABLE_FUNCTIONS = {"unnest", "generate_series", "range", "json_each", "json_tree"}
_REFUSED = {
    "getenv", "current_setting", "getvariable", "nextval", "currval", "write_log", "current_query", "set_config",
    "current_database", "current_schemas", "in_search_path", "txid_current", "sleep_ms", "sleep",
    "stats", "vector_type", "json_serialize_plan", "current_connection_id", "current_query_id",
    "st_read", "st_read_meta", "st_drivers", "parse_duckdb_log_message",
}  # fmt: skip
MOST = 100_000


def serialise(connection: Any, sql: str) -> dict[str, Any]:
    """The query's tree; raises ``BadQuery`` unless it is one SELECT."""
    if len(sql) > MOST:
        raise BadQuery(reason=f"{len(sql)} characters")
    text = connection.execute("SELECT json_serialize_sql($sql::VARCHAR)", {"sql": sql}).fetchone()[0]
    found: dict[str, Any] = json.loads(text)
    if found.get("error"):
        raise BadQuery(reason=str(found.get("error_message", "not a SELECT"))[:300])
    if len(found["statements"]) != 1:
        raise BadQuery(reason=f"{len(found['statements'])} statements")
    return found


def check(tree: dict[str, Any], tables: Iterable[str]) -> None:
    """Raise ``BadQuery`` where the query reads anything but ``tables`` (SQL names)."""
    allowed = set(tables) | {name.lower() for name in _common(tree)}
    for node in _nodes(tree):
        kind = node.get("type")
        if kind == "BASE_TABLE":
            name = str(node.get("table_name"))
            if node.get("schema_name") or node.get("catalog_name") or name.lower() not in allowed:
                raise BadQuery(reason=f"{name} ∉ {', '.join(sorted(tables)) or '∅'}")
        elif kind == "TABLE_FUNCTION":
            name = str(node.get("function", {}).get("function_name"))
            if name.lower() not in _TABLE_FUNCTIONS:
                raise BadQuery(reason=f"{name}()")
        elif kind in ("SHOW_REF", "COLUMN_DATA"):
            raise BadQuery(reason=str(kind))
        elif node.get("class") == "FUNCTION" and str(node.get("function_name")).lower() in _REFUSED:
            raise BadQuery(reason=f"{node['function_name']}()")


def parameters(tree: dict[str, Any]) -> set[str]:
    """The named parameters that the query uses."""
    return {
        str(node["identifier"])
        for node in _nodes(tree)
        if node.get("class") == "PARAMETER" and "identifier" in node
    }


def functions(tree: dict[str, Any]) -> set[str]:
    return {str(node["function_name"]).lower() for node in _nodes(tree) if "function_name" in node}


def _common(tree: Any) -> Iterator[str]:
    """Names of common table expressions anywhere in the query."""
    for node in _nodes(tree):
        for each in (node.get("cte_map") or {}).get("map", []):
            yield str(each["key"])
        if node.get("type") == "RECURSIVE_CTE_NODE":
            yield str(node.get("cte_name"))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    stack = [tree]
    while stack:
        found = stack.pop()
        if isinstance(found, dict):
            yield found
            stack.extend(found.values())
        elif isinstance(found, list):
            stack.extend(found)
