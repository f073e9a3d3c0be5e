"""JSON Schemas of all JSON output: a row of each table of a programme, each result, an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _changes_schemas import changes_schemas
from _schema_fields import DAY, EUROS, ID, Schema, field
from _schemas_of_results import RESULT_TITLES, RESULTS
from prai_match import model
from prai_match.io._kinds import AMOUNT
from prai_match.io._schema import EXPERTISE, TABLES, TRAINER_DAYS, TableSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_MODELS: Mapping[str, type[model.Model]] = {
    "collectivities": model.Collectivity,
    "territories": model.Territory,
    "partners": model.RelayPartner,
    "trainers": model.Trainer,
    "expertise": model.Expertise,
    "needs": model.Need,
    "sessions": model.HeldSession,
    "attendances": model.Attendance,
    "decisions": model.Decision,
    "registrations": model.Registration,
}

TITLES: Mapping[str, tuple[str, str]] = {
    "collectivities": ("A local authority, under its official code", "Une collectivité, sous son code officiel"),
    "territories": (
        "The unit that a recommendation is made for: one collectivity, or several served together",
        "L’unité pour laquelle une recommandation est faite : une collectivité, ou plusieurs servies ensemble",
    ),
    "partners": (
        "A relay partner: it organises sessions locally and invites people",
        "Un partenaire-relais : il organise localement les sessions et mobilise leur public",
    ),
    "trainers": ("Someone who leads sessions, never named", "Un intervenant, jamais nommé"),
    "expertise": ("A session that a trainer can lead", "Une session qu’un intervenant peut animer"),
    "trainer_days": (
        "A period when a trainer is free, or days already taken",
        "Une période où un intervenant est libre, ou des jours déjà pris",
    ),
    "needs": ("A need that a collectivity expressed", "Un besoin exprimé par une collectivité"),
    "sessions": ("A session that was held, or is booked", "Une session tenue ou prévue"),
    "attendances": (
        "Who came from one collectivity to one session: numbers, never names",
        "Une participation : combien de personnes d’une collectivité, jamais leurs noms",
    ),
    "decisions": (
        "A decision on a need, an offer or a booked session, recorded under a role",
        "Une décision sur un besoin, une proposition ou une session programmée, sous une fonction",
    ),
    "registrations": (
        "Who is expected from one collectivity at a booked session: a number, never names",
        "Une inscription : combien de personnes d’une collectivité sont attendues à une session programmée",
    ),
    **RESULT_TITLES,
}
"""The title of one row, in English and French."""
_TRAINER = field(ID, "Trainer", "Intervenant")
_JOINED = {
    EXPERTISE.name: {"trainer": _TRAINER},
    TRAINER_DAYS.name: {
        "trainer": _TRAINER,
        "start": field(DAY, "First day", "Premier jour"),
        "end": field(DAY, "Last day, included", "Dernier jour, inclus"),
        "free": field({"type": "boolean"}, "Free, else taken", "Libre, sinon pris"),
    },
}


def schemas() -> dict[str, Schema]:
    """Return the schemas by name, in the order of the index."""
    described = {name: _object(name, fields, list(fields)) for name, fields in RESULTS.items()}
    described["needed"]["$defs"] = changes_schemas("#/$defs/{model}")
    return {table.name: _table(table) for table in TABLES} | described


def _table(table: TableSpec) -> Schema:
    row = _MODELS.get(table.name)
    described = row.model_json_schema(mode="serialization") if row else {"properties": {}}
    joined = _JOINED.get(table.name, {})
    known = {**joined, **described["properties"]}
    required = {*joined, *described.get("required", ())}
    fields = {column.name: _untitled(known[column.name]) for column in table.columns}
    for each in fields.values():
        if "$ref" in (item := each.get("items", {})):
            # Nested, so that the schema of a row can be part of another one.
            each["items"] = _record(described["$defs"][item["$ref"].rpartition("/")[2]])
    for column in table.columns:
        if column.kind is AMOUNT:
            said = fields[column.name]
            fields[column.name] = {**said, "anyOf": [EUROS, {"type": "null"}]}
    return _object(table.name, fields, [name for name in fields if name in required])


def _record(schema: Schema) -> Schema:
    properties = {name: _untitled(field) for name, field in schema["properties"].items()}
    return _untitled(schema) | {"properties": properties}


def _untitled(field: Schema) -> Schema:
    return {key: value for key, value in field.items() if key != "title"}


def _object(name: str, fields: Mapping[str, Schema], required: Sequence[str]) -> Schema:
    en, fr = TITLES[name]
    return {
        "$schema": _DIALECT,
        "title": name,
        "description": en,
        "description_fr": fr,
        "type": "object",
        "properties": dict(fields),
        "required": list(required),
        "additionalProperties": False,
    }
