"""Sentences with the values of columns in braces, filled in as French or English readers write numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prai_match.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from prai_match.model import Lang
    from prai_match.policy.vocabulary import Column

_FIELD = re.compile(r"\{([^{}]*)\}")
_UNKNOWN = {"fr": "inconnu", "en": "unknown"}
_YES_NO = {"fr": ("oui", "non"), "en": ("yes", "no")}


def unknown_fields(sentence: str, columns: Mapping[str, Column], where: str) -> Iterator[Problem]:
    """Find the braces of ``sentence`` that name no column."""
    for name in _FIELD.findall(sentence):
        if name not in columns:
            expected = f"a column that this stage sees{did_you_mean(name, columns)}"
            yield Problem(where, f"{{{name}}} in the sentence", expected)


def fill(sentence: str, values: Mapping[str, object], columns: Mapping[str, Column], lang: Lang) -> str:
    """Put the values in place of the braces; a value is never read as a format.

    Example:
        >>> from prai_match.policy import Vocabulary
        >>> columns = {"distance_km": Vocabulary.standard().column("distance_km")}
        >>> fill("{distance_km} km away", {"distance_km": 1234.4}, columns, "en")
        '1,234 km away'
    """
    return _FIELD.sub(lambda field: shown(values[field[1]], columns[field[1]], lang), sentence)


def shown(value: object, column: Column, lang: Lang) -> str:
    """Write one value of ``column``."""
    if value is None:
        return _UNKNOWN[lang]
    if isinstance(value, bool):
        return _YES_NO[lang][not value]
    if isinstance(value, float):
        return number(value, column.decimals, lang)
    return str(value)


def number(value: float | Decimal, decimals: int, lang: Lang) -> str:
    """Write a number, with a no-break space between thousands and a comma in French."""
    written = f"{value:,.{decimals}f}"
    return written.replace(",", "\u202f").replace(".", ",") if lang == "fr" else written
