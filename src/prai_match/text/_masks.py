"""Masking of personal data in texts for others: e-mail addresses, telephone numbers, names after titles (Mme)."""

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial, reduce
from typing import Any, TypeVar, cast

import polars as pl

from prai_match._words import catalogue
from prai_match.errors import Lang
from prai_match.text._document import Code
from prai_match.text._language import messages, without_accents

_T = TypeVar("_T")


def masked(value: _T, lang: Lang) -> _T:
    """Return a text without e-mail addresses, French telephone numbers and names after titles such as "Mme".

    A word in brackets replaces each. In objects with texts, such as columns or documents, all are masked, except
    `Code`.
    """
    after: Any = value
    match after:
        case str() if not isinstance(after, Code):
            for kind, mask in messages("prai_match.text", "display", lang)["masks"].items():
                after = _pattern(kind).sub(partial(_put, mask), after)
        case list() | tuple():
            after = type(after)(masked(item, lang) for item in after)
        case dict():
            after = {key: masked(item, lang) for key, item in after.items()}
        case pl.Series():
            after = pl.Series(after.name, masked(after.to_list(), lang), after.dtype)
        case _ if is_dataclass(after) and not isinstance(after, type):
            after = replace(after, **{part.name: masked(getattr(after, part.name), lang) for part in fields(after)})
    return cast("_T", after)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    patterns = catalogue("prai_match.text", "masks")["patterns"]
    whole = reduce(lambda text, name: text.replace(f"<{name}>", patterns[name]), patterns, f"<{kind}>")
    return re.compile(whole, re.VERBOSE)


def _put(mask: str, found: re.Match[str]) -> str:
    """Return the mask, with title and function before it; decimal numbers and words that aren't names stay."""
    parts, end = found.groupdict(""), 0
    if "name" not in parts:
        return parts.get("decimal") or mask
    is_title = all(_is_one_of("functions", word) for word in parts["function"].split())
    title, name = (parts["title"], parts["name"]) if is_title else ("", parts["title"] + parts["name"])
    for place, word in enumerate(_pattern("word").finditer(name)):
        is_all_in_capitals = place > 1 and not parts["many"] and name[: word.end()].isupper()
        if is_all_in_capitals or _is_one_of("functions", word[1]) or _is_one_of("others", word[1]):
            break
        end = word.end()
    return f"{parts['civility']}{title}{mask if end else ''}{name[end:]}"


def _is_one_of(kind: str, word: str) -> bool:
    """Return whether a word, its feminine or its plural is in the list of words that aren't names, or a verb."""
    plain = without_accents(word).casefold()
    forms = {plain, plain.removesuffix("s"), plain.removesuffix("s").removesuffix("e")}
    words = catalogue("prai_match.text", "masks")["words"][kind]
    return (word.islower() and plain.endswith(("ait", "aient"))) or not forms.isdisjoint(words)
