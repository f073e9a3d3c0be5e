"""What docs/reference/schemas says of what is given as JSON, and what is wrong with some by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parents[1] / "docs" / "reference" / "schemas"
SCHEMAS: Mapping[str, Any] = {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}


def wrong(name: str, data: object) -> list[str]:
    """What is wrong with data, by one of the schemas."""
    return _wrong(SCHEMAS[name], data)


def wrong_rows(name: str, rows: list[dict[str, object]]) -> list[str]:
    """What is wrong with rows, by the schema of one."""
    return _wrong({"type": "array", "items": SCHEMAS[name]}, rows)


def _wrong(schema: Mapping[str, Any], data: object) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]
