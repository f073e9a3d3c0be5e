"""The phrases of a lexicon as examples: what each names, alone and in lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Final

from prai_match.needs._reader import NONE
from prai_match.needs._text import cut, form

if TYPE_CHECKING:
    from prai_match.needs._lexicon import Compiled

_PHRASE: Final = 0.5  # weight beside 1 for a text
_LISTS: Final = ("- {}\n- {}", "1) {} 2) {}", "{}, {}", "{} et {}", "{}. {}.", "• {}\n• {}")
_ARTICLES: Final = ("", "le ", "", "la ", "", "un ", "une ")
_GROUP = re.compile(r"\{[^{}]*\}")
Row = tuple[list[str], int, float]  # words, topic, weight


def phrases(compiled: Compiled, classes: Sequence[str]) -> Iterator[Row]:
    """Yield the words of each phrase of a lexicon, with what it names by place in the classes."""
    table = compiled.table
    terms = [(each, each.atelier) for each in table.terme if each.niveau != "faible"]
    every = [(phrase, topic) for each, topic in terms for phrase in (*each.mots, *each.ensembles)]
    every += [(phrase, NONE) for each in table.contexte for phrase in each.mots]
    for phrase, topic in [*every, *((phrase, NONE) for phrase in table.tournures.neutre)]:
        wanted = re.split(r"\s-\s", phrase)[0].replace("+", " ")
        if not _GROUP.search(wanted) and (words := forms(wanted)):
            yield words, classes.index(topic), _PHRASE


def named(compiled: Compiled, classes: Sequence[str]) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return the phrases that name workshops, alone and two in a list: by themselves they ask for them.

    Some have an article, of whatever gender: "le" doesn't tell that a thing is there already.
    """
    found = [
        (article + " ".join(words), (classes[topic], "wanted"))
        for article, (words, topic, _) in zip(cycle(_ARTICLES), phrases(compiled, classes), strict=False)
        if classes[topic] != NONE
    ]
    half = len(found) // 2
    pairs = zip(found, found[half:] + found[:half], cycle(_LISTS), strict=False)
    return [
        *((phrase, (need,)) for phrase, need in found),
        *((mark.format(one[0], other[0]), (one[1], other[1])) for one, other, mark in pairs),
    ]


def forms(text: str) -> list[str]:
    return [*filter(None, map(form, cut(text)))]
