"""What pydantic finds wrong, as problems in French and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from prai_match._words import catalogue, filled
from prai_match.errors import Problem
from prai_match.model import _columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from prai_match.model._base import Model

_LONGEST = 80
"""Characters shown of what was found, and of a field's name: it may be anybody's."""


def row_problems(frame: pl.DataFrame, row: type[Model], where: str = "rows") -> list[Problem]:
    """Return what is wrong with each row of a frame by itself, as building a programme with it would.

    Args:
        frame: Columns named like the fields of the row; a column that isn't there has the field's default.
        row: The model of the rows: ``Need``, ``HeldSession`` or ``Attendance``.
        where: What the rows are called: the beginning of each place, as in ``needs[3].date``.

    Returns:
        The problems, row by row; those of a whole column first, without a number (``needs.date``).
    """
    faults = _columns.checked(row, frame).faults
    error = ValidationError.from_exception_data(
        row.__name__, [{**fault, "loc": (where, *fault["loc"])} for fault in faults]
    )
    return [problem(details) for details in error.errors(include_url=False)]


def problem(details: Mapping[str, Any]) -> Problem:
    """Turn an error of pydantic, 'Input should be a valid date', into a problem that expects 'a valid date'."""
    where = ""
    for part in details["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f".{part[:_LONGEST]}" if where else part[:_LONGEST]
    kind, value = details["type"], details["input"]
    words = catalogue("prai_match.model", "fields")
    value_text, nothing = _excerpt(value), words["nothing"]
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


def _excerpt(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
