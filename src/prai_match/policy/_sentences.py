"""Sentences with columns in braces, filled in with values in French or English number format.

``{people}`` stands for the value of a column, ``{people:person|people}`` for the value with the right word: ``1
person``, ``12 people``. A third form, ``{people:person|people|nobody}``, is used for 0.
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
    """Yield problems of braces in ``sentence``: unknown columns, or a number of forms other than two or three."""
    for field in _FIELD.finditer(sentence):
        name, forms = field.groups()
        if name not in columns:
            yield Problem.of(PACKAGE, "unknown_brace", where, name=name, near=hint(nearest(name, columns)))
        elif forms is not None and (forms.count("|") not in {1, 2} or columns[name].type != "number"):
            yield Problem.of(PACKAGE, "forms", where, brace=field[0])


def fill(sentence: str, values: Mapping[str, object], columns: Mapping[str, Column], lang: Lang) -> str:
    """Replace braces by values; values are never interpreted as formats, and unknown ones get no euro sign."""

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
                # Chosen by the written value: 0.97 without decimals is 1, a singular.
                one, many, *none = forms.split("|")
                word = one if singular(round(value, decimals), lang) else many
                text = none[0] if none and not round(value, decimals) else f"{text} {word}" if word else text
        else:
            names = messages(PACKAGE, "describe", lang)["texts"].get(name, {})
            text = str(names.get(value, value))
        return text if value is None else f"{before}{text}{after}"

    return _IN_EUROS.sub(replacement, sentence)


def general(sentence: str) -> str:
    """Return the sentence as the rule states it: names stay in braces, words are in the plural."""
    return _FIELD.sub(
        lambda field: field[0] if field[2] is None else f"{{{field[1]}}} {field[2].split('|')[1]}".rstrip(), sentence
    )


def unfilled(sentence: str) -> str:
    """Return the sentence for many candidates: dots stand for differing values, words are in the plural."""
    return _FIELD.sub(lambda field: "…" if field[2] is None else f"… {field[2].split('|')[1]}".rstrip(), sentence)


def weight(value: float, lang: Lang) -> str:
    """Write a weight, with decimals only if it has any."""
    return number(value, next((count for count in range(6) if round(value, count) == value), 6), lang)
