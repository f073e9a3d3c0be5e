"""The fields of which JSON Schemas are made, each described in English and French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Schema = dict[str, Any]

DEPARTEMENT = {"type": "string", "pattern": r"^(\d{2}|2[AB]|9[78]\d)$"}
ID = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$", "maxLength": 64}
EUROS = {"type": "string", "pattern": r"^\d{1,10}\.\d{2}$"}
DAY = {"type": "string", "format": "date"}
SCORE = {"type": "number", "minimum": 0, "maximum": 100}
TEXT = {"type": "string"}
KIND = {"type": "string", "enum": ["buffet", "workshop"]}

NUMBER = {"type": "number"}
WHOLE = {"type": "integer", "minimum": 0}
POINTS = {"type": "number", "minimum": 0}


def field(kind: Schema, en: str, fr: str) -> Schema:
    """Return the schema of a field with its description."""
    return {**kind, "description": en, "description_fr": fr}


def or_null(known: Schema) -> Schema:
    """Return the schema of a field that may be null."""
    said = {key: known[key] for key in ("description", "description_fr")}
    return {"anyOf": [{key: value for key, value in known.items() if key not in said}, {"type": "null"}], **said}


def one(fields: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object that has these fields and no other."""
    return {"type": "object", "properties": dict(fields), "required": list(fields), "additionalProperties": False}


def several(fields: Mapping[str, Schema], en: str, fr: str) -> Schema:
    """Return the schema of a list of such objects."""
    return field({"type": "array", "items": one(fields)}, en, fr)
