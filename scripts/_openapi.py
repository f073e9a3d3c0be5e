"""The OpenAPI description of the services of examples/, from the models and the schemas of results."""

from __future__ import annotations

from typing import Any, get_args

import prai_match
from _changes_schemas import changes_schemas
from _schemas import schemas
from prai_match.explain._sides import Change

Node = dict[str, Any]

_RESULTS = {"Recommendation": "recommendation", "Alternative": "alternative", "Why": "why", "Error": "error"}
_REF = "#/components/schemas/{model}"


def openapi() -> Node:
    """Return the description, as OpenAPI 3.1."""
    one = "/recommendations/{territory}"
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "prai_match",
            "version": prai_match.__version__,
            "description": "Which session each territory should be offered next, with which relay partner and trainer, "
            "and why. Answered by the services of examples/services; written from the models by scripts/build_docs.py.",
            "x-description-fr": "Quelle session proposer à chaque territoire, avec quel partenaire-relais et quel "
            "intervenant, et pourquoi. C’est ce que répondent les services de examples/services ; écrit à partir des "
            "modèles par scripts/build_docs.py.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            "/recommendations": {
                "get": _operation(
                    "recommendations",
                    ("The recommendation of each territory", "La recommandation de chaque territoire"),
                    "Recommendations",
                )
            },
            one: {
                "get": _operation(
                    "recommendation",
                    (
                        "The recommendation of one territory, its alternatives and why",
                        "La recommandation d’un territoire, ses alternatives et pourquoi",
                    ),
                    "Answer",
                    place=True,
                )
            },
            f"{one}/what-if": {
                "post": _operation(
                    "what_if",
                    (
                        "The recommendation of one territory before and after changes, which are not stored",
                        "La recommandation d’un territoire avant et après des changements, qui ne sont pas conservés",
                    ),
                    "WhatIf",
                    place=True,
                )
                | {
                    "requestBody": {
                        "description": "At most 64 KiB",
                        "x-description-fr": "64 Kio au plus",
                        "required": True,
                        "content": _json("Changes"),
                    }
                }
            },
        },
        "components": {"schemas": _components(), "parameters": _PARAMETERS, "responses": _RESPONSES},
    }


def _operation(name: str, said: tuple[str, str], answer: str, *, place: bool = False) -> Node:
    """Return an operation; those on a territory may answer that it isn't found."""
    en, fr = said
    parameters = ["territory", "on", "lang", "accept_language"] if place else ["on", "lang", "accept_language"]
    failures = ["404", "413", "422"] if name == "what_if" else ["404", "422"] if place else ["422"]
    return {
        "operationId": name,
        "summary": en,
        "x-summary-fr": fr,
        "parameters": [{"$ref": f"#/components/parameters/{each}"} for each in parameters],
        "responses": {
            "200": {"description": en, "x-description-fr": fr, "content": _json(answer), "headers": _HEADERS},
            **{status: {"$ref": f"#/components/responses/{_NAMES[status]}"} for status in failures},
        },
    }


def _json(name: str) -> Node:
    return {"application/json": {"schema": _ref(name)}}


def _ref(name: str) -> Node:
    return {"$ref": _REF.format(model=name)}


def _refusal(en: str, fr: str) -> Node:
    return {"description": en, "x-description-fr": fr, "content": _json("Error"), "headers": _HEADERS}


def _text(kind: Node, en: str, fr: str) -> Node:
    return {"schema": kind, "description": en, "x-description-fr": fr}


_LANGUAGE = {"type": "string", "enum": ["fr", "en"]}
_HEADERS = {
    "Content-Language": _text(_LANGUAGE, "Language of the sentences", "Langue des phrases"),
}
_PARAMETERS = {
    "territory": {
        "name": "territory",
        "in": "path",
        "required": True,
        **_text({"type": "string"}, "Identifier of the territory", "Identifiant du territoire"),
    },
    "on": {
        "name": "on",
        "in": "query",
        **_text(
            {"type": "string", "format": "date"},
            "The day; no later data is used. By default, today in France",
            "Le jour ; aucune donnée postérieure n’est utilisée. Par défaut, aujourd’hui en France",
        ),
    },
    "lang": {
        "name": "lang",
        "in": "query",
        **_text(
            _LANGUAGE,
            "Language of the sentences; by default that of Accept-Language, or French",
            "Langue des phrases ; par défaut, celle d’Accept-Language, ou le français",
        ),
    },
    "accept_language": {
        "name": "Accept-Language",
        "in": "header",
        **_text({"type": "string"}, "Languages, the preferred first", "Langues, la préférée d’abord"),
    },
}
_NAMES = {"404": "NotFound", "413": "TooLarge", "422": "Refused"}
_RESPONSES = {
    "NotFound": _refusal("There is no such territory", "Ce territoire n’existe pas"),
    "TooLarge": _refusal("The body is larger than 64 KiB", "Le corps de la demande dépasse 64 Kio"),
    "Refused": _refusal("All the faults of the request", "Toutes les erreurs de la demande"),
}


def _components() -> dict[str, Node]:
    known = schemas()
    results = {
        name: {key: value for key, value in known[file].items() if key not in {"$schema", "title"}}
        for name, file in _RESULTS.items()
    }
    return {
        **results,
        "Recommendations": _object(
            {
                "on": {"type": "string", "format": "date"},
                "recommendations": {"type": "array", "items": _ref("Recommendation")},
            },
            "The recommendations of a day, in the order of the identifiers",
            "Les recommandations d’un jour, dans l’ordre des identifiants",
        ),
        "Answer": _object(
            {
                "recommendation": _ref("Recommendation"),
                "alternatives": {"type": "array", "items": _ref("Alternative")},
                "why": _ref("Why"),
            },
            "The answer for one territory; the alternatives are the next best sessions, the best first",
            "La réponse pour un territoire ; les alternatives sont les sessions suivantes, la meilleure d’abord",
        ),
        "WhatIf": _object(
            {
                "change": {"anyOf": [{"type": "string", "enum": list(get_args(Change))}, {"type": "null"}]},
                "before": _ref("Answer"),
                "after": _ref("Answer"),
            },
            "The answer for one territory before and after changes, and the difference; null: nothing changes",
            "La réponse pour un territoire avant et après des changements, et l’écart ; null : rien ne change",
        ),
        **changes_schemas(_REF),
    }


def _object(properties: dict[str, Node], en: str, fr: str) -> Node:
    return {
        "type": "object",
        "description": en,
        "description_fr": fr,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
