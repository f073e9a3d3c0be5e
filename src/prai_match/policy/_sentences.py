"""Sentences with the values of columns in braces, filled in as French or English readers write numbers.

``{people}`` stands for the value of a column, ``{people:person|people}`` for the value and the word that goes with it:
``1 person``, ``12 people``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prai_match._words import hint
from prai_match.errors import Problem, nearest
from prai_match.policy._tokens import PACKAGE
from prai_match.text import messages, number, singular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match.model import Lang
    from prai_match.policy._vocabulary import Column

_FIELD = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_IN_EUROS = re.compile(rf"(€?){_FIELD.pattern}((?:\s?€)?)")


def fields(sentence: str) -> frozenset[str]:
    """Return the names in the braces of ``sentence``."""
    return frozenset(name for name, _ in _FIELD.findall(sentence))


def faults(sentence: str, columns: Mapping[str, Column], where: str) -> Iterator[Problem]:
    """Find the braces of ``sentence`` that name no column, or whose forms aren't two for a number."""
    for field in _FIELD.finditer(sentence):
        name, forms = field.groups()
        if name not in columns:
            yield Problem.of(PACKAGE, "unknown_brace", where, name=name, near=hint(nearest(name, columns)))
        elif forms is not None and (forms.count("|") != 1 or columns[name].type != "number"):
            yield Problem.of(PACKAGE, "forms", where, brace=field[0])


def fill(sentence: str, values: Mapping[str, object], columns: Mapping[str, Column], lang: Lang) -> str:
    """Put the values in place of the braces; a value is never read as a format, and an unknown one has no euro sign."""

    def filled(field: re.Match[str]) -> str:
        before, name, forms, after = field.groups()
        value, column = values[name], columns[name]
        words = (shown(value, column, lang), "" if forms is None else _form(forms, value, column.decimals, lang))
        text = " ".join(filter(None, words))
        return text if value is None else f"{before}{text}{after}"

    return _IN_EUROS.sub(filled, sentence)


def general(sentence: str) -> str:
    """Return the sentence as the rule states it: names stay in their braces, words are those of many."""
    return _FIELD.sub(
        lambda field: field[0] if field[2] is None else f"{{{field[1]}}} {field[2].rpartition('|')[2]}", sentence
    )


def unfilled(sentence: str) -> str:
    """Return the sentence for many candidates, whose values differ: dots stand for them, words are those of many."""
    return _FIELD.sub(lambda field: "…" if field[2] is None else f"… {field[2].rpartition('|')[2]}", sentence)


def shown(value: object, column: Column, lang: Lang) -> str:
    """Write one value of ``column``."""
    if value is None or isinstance(value, bool):
        return str(messages(PACKAGE, "describe", lang)["values"][{None: "unknown", True: "yes", False: "no"}[value]])
    if isinstance(value, float):
        return number(value, column.decimals, lang)
    return str(value)


def _form(forms: str, value: object, decimals: int, lang: Lang) -> str:
    """Choose by the value as it is written, 0.97 without decimals being one; an unknown value goes without a word."""
    one, _, many = forms.partition("|")
    return "" if not isinstance(value, float) else one if singular(round(value, decimals), lang) else many
