"""As much of JSON Schema 2020-12 as the schema of a row uses; an unknown keyword is an error, not a pass."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_SILENT = {"$schema", "$defs", "title", "description", "then", "items", "properties"}
_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


Schema = Mapping[str, Any]


def problems(value: object, schema: Schema, root: Schema, where: str = "row") -> list[str]:
    """List what is wrong with ``value``."""
    found: list[str] = []
    for keyword in schema:
        found += _against(keyword, value, schema, root, where)
    for key, inner in schema.get("properties", {}).items():
        if isinstance(value, dict) and key in value:
            found += problems(value[key], inner, root, f"{where}.{key}")
    if "items" in schema and isinstance(value, list):
        found += [problem for kept in value for problem in problems(kept, schema["items"], root, where)]
    return found


def _against(keyword: str, value: object, schema: Schema, root: Schema, where: str) -> list[str]:
    wanted = schema[keyword]
    if keyword in _SILENT:
        return []
    if keyword == "$ref":
        return problems(value, root["$defs"][wanted.removeprefix("#/$defs/")], root, where)
    if keyword == "allOf":
        return [problem for inner in wanted for problem in problems(value, inner, root, where)]
    if keyword == "anyOf":
        return [] if any(not problems(value, inner, root, where) for inner in wanted) else [f"{where}: no alternative"]
    if keyword == "if":
        return problems(value, schema["then"], root, where) if not problems(value, wanted, root, where) else []
    return [] if _CHECKS[keyword](value, wanted) else [f"{where}: not {keyword} {wanted}"]


_CHECKS: Mapping[str, Callable[[Any, Any], bool]] = {
    "type": lambda value, wanted: type(value) is _TYPES[wanted],
    "const": lambda value, wanted: bool(value == wanted),
    "enum": lambda value, wanted: value in wanted,
    "pattern": lambda value, wanted: isinstance(value, str) and re.search(wanted, value) is not None,
    "minimum": lambda value, wanted: bool(value >= wanted),
    "required": lambda value, wanted: not isinstance(value, dict) or all(key in value for key in wanted),
}
