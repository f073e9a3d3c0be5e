"""Sentences with the values of columns in braces, filled in as French or English readers write numbers.

``{people}`` stands for the value of a column, ``{people:person|people}`` for the value and the word that goes with it:
``1 person``, ``12 people``. A third form, ``{people:person|people|nobody}``, stands for 0.
"""

import re
from collections.abc import Iterator, Mapping

from prai_match._words import hint
from prai_match.errors import Problem, nearest
from prai_match.model import Lang
from prai_match.policy._vocabulary import PACKAGE, Column
from prai_match.text import messages, number, singular

_FIELD = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_IN_EUROS = re.compile(rf"(€?){_FIELD.pattern}((?:\s?€)?)")


def fields(sentence: str) -> frozenset[str]:
    return frozenset(name for name, _ in _FIELD.findall(sentence))


def faults(sentence: str, columns: Mapping[str, Column], where: str) -> Iterator[Problem]:
    """Find the braces of ``sentence`` that name no column, or whose forms aren't two or three for a number."""
    for field in _FIELD.finditer(sentence):
        name, forms = field.groups()
        if name not in columns:
            yield Problem.of(PACKAGE, "unknown_brace", where, name=name, near=hint(nearest(name, columns)))
        elif forms is not None and (forms.count("|") not in {1, 2} or columns[name].type != "number"):
            yield Problem.of(PACKAGE, "forms", where, brace=field[0])


def fill(sentence: str, values: Mapping[str, object], columns: Mapping[str, Column], lang: Lang) -> str:
    """Put the values in place of the braces; a value is never read as a format, and an unknown one has no euro sign."""

    def replacement(field: re.Match[str]) -> str:
        before, name, forms, after = field.groups()
        value = values[name]
        if value is None or isinstance(value, bool):
            names = messages(PACKAGE, "describe", lang)["values"]
            text = str(names[{None: "unknown", True: "yes", False: "no"}[value]])
        elif isinstance(value, float):
            decimals = columns[name].decimals
            text = number(value, decimals, lang)
            if forms is not None:
                # Chosen by the value as it is written, 0.97 without decimals being one.
                one, many, *none = forms.split("|")
                word = one if singular(round(value, decimals), lang) else many
                text = none[0] if none and not round(value, decimals) else f"{text} {word}" if word else text
        else:
            names = messages(PACKAGE, "describe", lang)["texts"].get(name, {})
            text = str(names.get(value, value))
        return text if value is None else f"{before}{text}{after}"

    return _IN_EUROS.sub(replacement, sentence)


def general(sentence: str) -> str:
    """Return the sentence as the rule states it: names stay in their braces, words are those of many."""
    return _FIELD.sub(
        lambda field: field[0] if field[2] is None else f"{{{field[1]}}} {field[2].split('|')[1]}".rstrip(), sentence
    )


def unfilled(sentence: str) -> str:
    """Return the sentence for many candidates, whose values differ: dots stand for them, words are those of many."""
    return _FIELD.sub(lambda field: "…" if field[2] is None else f"… {field[2].split('|')[1]}".rstrip(), sentence)


def weight(value: float, lang: Lang) -> str:
    """Write a weight: whole where it is, with the decimals that it has where it isn't."""
    return number(value, next((count for count in range(6) if round(value, count) == value), 6), lang)
