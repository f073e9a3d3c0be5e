"""What differences say, in French and in English: the sentences of ``data/difference.toml``, filled in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from prai_match.text import counted, day, euros, messages, number

if TYPE_CHECKING:
    from prai_match.model import Lang


def said(part: str, key: str, lang: Lang, **values: object) -> str:
    """Fill in the sentence ``key`` of a part of the file; a value is never read as a format."""
    return str(messages("prai_match.explain", "difference", lang)[part][key]).format_map(values)


def several(part: str, key: str, count: int, lang: Lang) -> str:
    """Write a count in the form that it asks for."""
    return counted(count, messages("prai_match.explain", "difference", lang)[part][key], lang)


def quoted(value: str, lang: Lang) -> str:
    """Put in quotation marks."""
    return said("inside", "quoted", lang, value=value)


def headed(name: str, sentence: str, lang: Lang) -> str:
    """Write what a sentence is about before it."""
    return said("inside", "headed", lang, name=name, sentence=sentence)


def moved(points: float, lang: Lang) -> str:
    """Write points with their sign."""
    return ("+" if points > 0 else "\N{MINUS SIGN}") + number(abs(points), 1, lang)


def detail(value: dt.date | float | Decimal | None, lang: Lang) -> str:
    """Write a detail of an offer: a day, a score or a cost."""
    match value:
        case None:
            return "–"
        case dt.date():
            return day(value, lang)
        case Decimal():
            return euros(value, lang)
        case _:
            return number(value, 1, lang)
