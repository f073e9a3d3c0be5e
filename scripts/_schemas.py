"""JSON Schemas of what is written as JSON: a row of each table of a programme, each result, an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from prai_match import model
from prai_match.errors import Lang
from prai_match.explain._why import State
from prai_match.io._kinds import AMOUNT
from prai_match.io._schema import EXPERTISE, TABLES, TRAINER_DAYS, Table
from prai_match.policy._reasons import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEPARTEMENT = {"type": "string", "pattern": r"^(\d{2}|2[AB]|9[78]\d)$"}
_ID = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$", "maxLength": 64}
_EUROS = {"type": "string", "pattern": r"^\d{1,10}\.\d{2}$"}
_DAY = {"type": "string", "format": "date"}
_SCORE = {"type": "number", "minimum": 0, "maximum": 100}
_TEXT = {"type": "string"}
_KIND = {"type": "string", "enum": ["buffet", "workshop"]}

_MODELS: Mapping[str, type[model.Model]] = {
    "collectivities": model.Collectivity,
    "territories": model.Territory,
    "partners": model.RelayPartner,
    "trainers": model.Trainer,
    "expertise": model.Expertise,
    "needs": model.Need,
    "sessions": model.HeldSession,
    "attendances": model.Attendance,
}

TITLES: Mapping[str, tuple[str, str]] = {
    "collectivities": ("A local authority, under its official code", "Une collectivité, sous son code officiel"),
    "territories": (
        "What a recommendation is made for: one collectivity, or several served together",
        "Ce pour quoi une recommandation est faite : une collectivité, ou plusieurs desservies ensemble",
    ),
    "partners": (
        "A relay partner: it hosts sessions and brings people",
        "Un partenaire-relais, qui accueille et mobilise",
    ),
    "trainers": ("Someone who leads sessions, never named", "Un intervenant, jamais nommé"),
    "expertise": ("A session that a trainer can lead", "Une session qu'un intervenant peut animer"),
    "trainer_days": (
        "A period when a trainer is free, or days already taken",
        "Une période où un intervenant est libre, ou des jours déjà pris",
    ),
    "needs": ("What a collectivity asked for", "Un besoin exprimé par une collectivité"),
    "sessions": ("A session that was held, or is booked", "Une session tenue ou prévue"),
    "attendances": (
        "Who came from one collectivity to one session: numbers, never names",
        "Une participation : combien de personnes d'une collectivité, jamais leurs noms",
    ),
    "recommendation": (
        "What to offer next to a territory, or why nothing can be offered: a row of `Recommendations.to_polars()`",
        "Ce qu'il faut proposer à un territoire, ou pourquoi rien : une ligne de `Recommendations.to_polars()`",
    ),
    "offer": (
        "A session that can be offered to a territory, best or alternative: a row of `Recommendations.ranking()`",
        "Une session proposable à un territoire, la meilleure ou une autre : une ligne de `Recommendations.ranking()`",
    ),
    "alternative": (
        "A session that can be offered to a territory, and what usually comes after it: `Offer.to_json()`",
        "Une session proposable à un territoire, et ce qui la suit d'habitude : `Offer.to_json()`",
    ),
    "why": (
        "The reasons of a recommendation, or of its absence: `Why.to_json()`",
        "Les raisons d'une recommandation, ou de son absence : `Why.to_json()`",
    ),
    "error": (
        "What is wrong with what was asked: `PraiError.to_json()`",
        "Ce qui ne va pas dans la demande : `PraiError.to_json()`",
    ),
}
"""What one row is, in English and French."""


def _field(kind: Schema, en: str, fr: str) -> Schema:
    return {**kind, "description": en, "description_fr": fr}


def _or_null(field: Schema) -> Schema:
    said = {key: field[key] for key in ("description", "description_fr")}
    return {"anyOf": [{key: value for key, value in field.items() if key not in said}, {"type": "null"}], **said}


def _several(fields: Mapping[str, Schema], en: str, fr: str) -> Schema:
    row = {"type": "object", "properties": dict(fields), "required": list(fields), "additionalProperties": False}
    return _field({"type": "array", "items": row}, en, fr)


_TERRITORY = _field(_ID, "Identifier of the territory", "Identifiant du territoire")
_OFFERED = {
    "kind": _field(_KIND, "Buffet or workshop", "Buffet ou atelier"),
    "session": _field(_ID, "Identifier of the session", "Identifiant de la session"),
    "axis": _or_null(_field(_ID, "Axis; null: the common core", "Axe ; null : le tronc commun")),
    "partner": _field(_ID, "Identifier of the relay partner", "Identifiant du partenaire-relais"),
    "trainer": _field(_ID, "Identifier of the trainer", "Identifiant de l'intervenant"),
    "score": _field(_SCORE, "Score, 0 to 100", "Score, de 0 à 100"),
    "cost": _or_null(
        _field(_EUROS, "Cost, €; null: a part of it is unknown", "Coût, € ; null : une part en est inconnue")
    ),
    "earliest": _field(
        _DAY,
        "First day on which it can be held; in a blackout, on which the next one can",
        "Premier jour possible ; pendant un gel, celui de la session suivante",
    ),
}
_RECOMMENDATION = {
    "territory": _TERRITORY,
    "name": _field(_TEXT, "Name of the territory", "Nom du territoire"),
    "departement": _field(_DEPARTEMENT, "Département code", "Code du département"),
    **{name: field if "anyOf" in field else _or_null(field) for name, field in _OFFERED.items()},
    "reason": _or_null(
        _field(
            _TEXT,
            "Code of the reason where nothing can be offered now; null: there is an offer",
            "Code du motif si rien ne peut être proposé ; null : il y a une proposition",
        )
    ),
    "because": _or_null(_field(_TEXT, "The main reason, as a sentence", "La raison principale, en une phrase")),
}
_OFFER = {
    "territory": _TERRITORY,
    "rank": _field({"type": "integer", "minimum": 1}, "Rank, the best being 1", "Rang, 1 pour la meilleure"),
    **_OFFERED,
}
_ALTERNATIVE = {
    **_OFFERED,
    "pathway": _field(
        {"type": "array", "items": _ID, "minItems": 1},
        "The session and what usually comes after it, for this territory",
        "La session et ce qui la suit d'habitude, pour ce territoire",
    ),
}
_OF_A_RULE = {
    "rule": _field(_TEXT, "Identifier of the rule", "Identifiant de la règle"),
    "stage": _field(
        {"type": "string", "enum": list(STAGES)},
        "What it is about: session, relay partner or trainer",
        "Ce dont elle parle : session, partenaire-relais ou intervenant",
    ),
}
_SENTENCE = _field(_TEXT, "As a sentence, with the values filled in", "En une phrase, valeurs comprises")
_POINTS = {"type": "number", "minimum": 0}
_WHY = {
    "lang": _field({"type": "string", "enum": list(get_args(Lang))}, "Language", "Langue"),
    "title": _field(_TEXT, "What is explained", "Ce qui est expliqué"),
    "details": _several(
        {
            **_OF_A_RULE,
            "points": _field(_POINTS, "Points that it adds to the score", "Points ajoutés au score"),
            "out_of": _field(_POINTS, "The most that it could add", "Le plus qu'elle pouvait ajouter"),
            "sentence": _SENTENCE,
        },
        "What each preference adds to the score, the greatest first",
        "Ce que chaque préférence ajoute au score, la plus grande d'abord",
    ),
    "conditions": _several(
        {
            **_OF_A_RULE,
            "state": _field(
                {"type": "string", "enum": list(get_args(State))},
                "What was found; unknown where a value is missing",
                "Ce qui a été trouvé ; unknown s'il manque une valeur",
            ),
            "holds": _field({"type": "boolean"}, "Whether it passes", "Remplie ou non"),
            "sentence": _SENTENCE,
        },
        "The requirements and what was found",
        "Les exigences et ce qui a été trouvé",
    ),
}
_ERROR = {
    "message": _field(_TEXT, "All of it, to be shown to people", "Le tout, à montrer tel quel"),
    "problems": _several(
        {
            "where": _field(_TEXT, "The field, or the file and line", "Le champ, ou le fichier et la ligne"),
            "found": _field(_TEXT, "What was found, as it was written", "Ce qui a été trouvé, tel qu'écrit"),
            "expected": _field(_TEXT, "What would have been right", "Ce qui aurait convenu"),
        },
        "Each thing that is wrong in an input; empty where the message says it all",
        "Chaque défaut d'une entrée ; vide si le message dit tout",
    ),
    "suggestions": _field(
        {"type": "array", "items": _TEXT},
        "Known values that look like the one asked for, the nearest first",
        "Valeurs connues qui ressemblent à celle demandée, la plus proche d'abord",
    ),
}
_TRAINER = _field(_ID, "Trainer", "Intervenant")
_JOINED = {
    EXPERTISE.name: {"trainer": _TRAINER},
    TRAINER_DAYS.name: {
        "trainer": _TRAINER,
        "start": _field(_DAY, "First day", "Premier jour"),
        "end": _field(_DAY, "Last day, included", "Dernier jour, inclus"),
        "free": _field({"type": "boolean"}, "Free, else taken", "Libre, sinon pris"),
    },
}


def schemas() -> dict[str, Schema]:
    """The schemas by name, in the order of the index."""
    results = {
        "recommendation": _RECOMMENDATION,
        "offer": _OFFER,
        "alternative": _ALTERNATIVE,
        "why": _WHY,
        "error": _ERROR,
    }
    return {table.name: _table(table) for table in TABLES} | {
        name: _object(name, fields, list(fields)) for name, fields in results.items()
    }


def _table(table: Table) -> Schema:
    row = _MODELS.get(table.name)
    described = row.model_json_schema(mode="serialization") if row else {"properties": {}}
    joined = _JOINED.get(table.name, {})
    known = {**joined, **described["properties"]}
    required = {*joined, *described.get("required", ())}
    fields = {column.name: _untitled(known[column.name]) for column in table.columns}
    for field in fields.values():
        if "$ref" in (item := field.get("items", {})):
            # Inside, so that the schema of a row can stand inside another one.
            field["items"] = _record(described["$defs"][item["$ref"].rpartition("/")[2]])
    for column in table.columns:
        if column.kind is AMOUNT:
            said = fields[column.name]
            fields[column.name] = {**said, "anyOf": [_EUROS, {"type": "null"}]}
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
