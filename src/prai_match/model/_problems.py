"""What pydantic finds wrong, as problems in French and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prai_match._words import catalogue, filled
from prai_match.errors import Problem, excerpt

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 80
"""Characters shown of what was found, and of a field's name: it may be anybody's."""


def problem(details: Mapping[str, Any]) -> Problem:
    """Turn an error of pydantic, 'Input should be a valid date', into a problem that expects 'a valid date'."""
    where = ""
    for part in details["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f".{part[:_LONGEST]}" if where else part[:_LONGEST]
    kind, value = details["type"], details["input"]
    words = catalogue("prai_match.model", "fields")
    value_text, nothing = excerpt(value), words["nothing"]
    message = str(details["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    limits = {
        name: f"{limit:g}" if isinstance(limit, float) else limit for name, limit in details.get("ctx", {}).items()
    }
    expectation = filled(words.get(kind, words["other"]), {**limits, "message": message})
    if kind == "missing":
        value_text = nothing["en"]
    return Problem(
        where or "programme",
        value_text,
        expectation["en"],
        expectation["fr"].replace(" or ", " ou ") if kind == "literal_error" else expectation["fr"],
        nothing["fr"] if value is None or kind == "missing" else "",
    )
