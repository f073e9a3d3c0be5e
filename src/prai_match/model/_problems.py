"""What pydantic finds wrong, as problems in French and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from prai_match.errors import Problem
from prai_match.model import _columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from prai_match.model._base import Model

_LONGEST = 80
"""Characters shown of what was found, and of a field's name: it may be anybody's."""

_ENGLISH = {
    "missing": "a value: the field is required",
    "extra_forbidden": "no field of that name",
    "string_pattern_mismatch": "a code: letters without accents, digits, '_', '.' and '-' (a département: 09, 2A, 971)",
}
"""What is said otherwise than pydantic says it."""

_CODE = "un code : lettres sans accent, chiffres, '_', '.' et '-' (un département : 09, 2A, 971)"
_DATE = "une date valide, par exemple 2007-03-31"
_WHOLE = "un nombre entier valide"
_NUMBER = "un nombre valide"
_FLAG = "une valeur vrai ou faux"
_TEXT = "un texte valide"
_LIST = "une liste valide"
_FIELDS = "un ensemble de champs"

_FRENCH = {
    "missing": "une valeur : le champ est obligatoire",
    "extra_forbidden": "aucun champ de ce nom",
    "string_pattern_mismatch": _CODE,
    "greater_than_equal": "une valeur supérieure ou égale à {ge}",
    "greater_than": "une valeur supérieure à {gt}",
    "less_than_equal": "une valeur inférieure ou égale à {le}",
    "less_than": "une valeur inférieure à {lt}",
    "finite_number": "un nombre fini",
    "literal_error": "{expected}",
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_long": "un texte de {max_length} caractères au plus",
    "string_too_short": "un texte qui ne soit pas vide",
    "too_short": "une liste qui ne soit pas vide",
    "too_long": "une liste de {max_length} éléments au plus",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _FIELDS,
    "is_instance_of": "une valeur de type {class}",
    "model_attributes_type": "un ensemble de champs valide ({class_name})",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": "une date sans heure",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "un nombre entier moins grand",
    "int_from_float": "un nombre entier, sans décimales",
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_max_digits": "un nombre de {max_digits} chiffres au plus",
    "decimal_max_places": "un nombre de {decimal_places} décimales au plus",
    "decimal_whole_digits": "un nombre de {whole_digits} chiffres au plus avant la virgule",
    "bool_type": _FLAG,
    "bool_parsing": _FLAG,
    "model_type": "un ensemble de champs valide ({class_name})",
    "seats": "un effectif minimal qui ne dépasse pas l'effectif maximal",
}
"""What is expected, by pydantic's kind of error; braces name what pydantic says of it."""


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
    found, found_fr = ("nothing", "rien") if kind == "missing" else (_shortened(value), "rien" if value is None else "")
    message = str(details["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    limits = {
        name: f"{limit:g}" if isinstance(limit, float) else limit for name, limit in details.get("ctx", {}).items()
    }
    french = _FRENCH.get(kind, "").format_map(limits)
    if kind == "literal_error":
        french = french.replace(" or ", " ou ")
    return Problem(where or "programme", found, _ENGLISH.get(kind, message), french, found_fr)


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
