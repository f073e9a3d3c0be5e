"""Terms with which texts that are read wrongly would be read right: each is tried on all texts whose label is known."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import polars as pl

from prai_match.errors import LexiconError
from prai_match.model import TermTable
from prai_match.needs._classification import wanted as asked
from prai_match.needs._labels import Label, by_text, examples_of
from prai_match.needs._lexicon import Compiled, Lexicon, with_term
from prai_match.needs._requests import READ, request_of
from prai_match.needs._text import cut, fold, form, stem
from prai_match.needs._trie import Kind

_TRIED: Final = 12  # terms: trying one compiles the lexicon again
_ALIKE: Final = 2  # of those that are in the same texts: a word and a pair of words
_SHORTEST: Final = 3  # letters
_SUBJECTS: Final = frozenset({Kind.TERM, Kind.CONTEXT})
_FUNCTION: Final = frozenset({
    "afin", "alors", "après", "assez", "aucun", "aucune", "autre", "autres", "avant", "avec", "bien", "bonjour",
    "car", "ceci", "celle", "celles", "celui", "ceux", "chaque", "chez", "comme", "comment", "contre", "dans",
    "deux", "donc", "dont", "elle", "elles", "entre", "eux", "faire", "fait", "faut", "hors", "ici", "jusque",
    "leur", "lors", "lui", "madame", "mais", "monsieur", "moi", "moins", "non", "nous", "ont", "par", "parce",
    "pas", "peu", "peut", "plus", "pour", "pourquoi", "quand", "que", "quel", "quelle", "quoi", "qui", "rien",
    "sans", "selon", "ses", "sinon", "soit", "sous", "sur", "tant", "trois", "trop", "vers", "voici", "voilà",
    "vos", "votre", "vous",
})  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]+")
_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    **dict.fromkeys(("term", "workshop"), pl.String),
    "mended": pl.Int64,
    **dict.fromkeys(("texts", "worse"), pl.List(pl.String)),
}


class TermTrial(NamedTuple):
    """A term that may mend texts, given by their places, and how many texts with another label have it."""

    term: str
    workshop: str
    wrong: tuple[int, ...]
    others: int


def informative(text: str, lexicon: Compiled) -> list[str | None]:
    """Return the words of a text that tell what it speaks of; None where a sign separates them."""
    words: list[str | None] = []
    for token in cut(request_of(text))[:READ]:
        if not form(token):
            words.append(None)
        elif len(token) >= _SHORTEST and _WORD.fullmatch(token) and not _is_speech(token, lexicon):
            words.append(None if token.lower() in _FUNCTION else token.lower())
    return words


def _is_speech(token: str, lexicon: Compiled) -> bool:
    """Return whether a word is ignored, or speaks of wishes, refusals and the like."""
    symbol = lexicon.speller.read(token)
    payloads = lexicon.payloads[lexicon.runs[symbol]] if symbol in lexicon.runs else ()
    return not symbol or any(kind not in _SUBJECTS for kind, _ in payloads)


def suggest(lexicon: Lexicon, labels: Sequence[Label]) -> pl.DataFrame:
    """Return the terms that mend more than they break; see `Lexicon.suggest`."""
    known = by_text([*labels, *examples_of(lexicon.compiled.table.exemples)])
    texts, wanted = list(known), list(known.values())
    right = _right(texts, wanted, lexicon)
    rows = []
    for each in _candidates(texts, wanted, right, lexicon):
        try:
            term = TermTable(atelier=each.workshop, niveau="fort", mots=(each.term,))
            now = _right(texts, wanted, with_term(lexicon, term))
        except LexiconError:  # it is a term of another workshop
            continue
        mended = [text for text, before, after in zip(texts, right, now, strict=True) if after and not before]
        worse = [text for text, before, after in zip(texts, right, now, strict=True) if before and not after]
        if len(mended) > len(worse):
            rows.append((each.term, each.workshop, len(mended), mended, worse))
    rows.sort(key=lambda row: (len(row[4]) - row[2], -row[2], row[0], row[1]))
    return pl.DataFrame(rows, _COLUMNS, orient="row")


def _right(texts: Sequence[str], wanted: Sequence[set[str | None]], lexicon: Lexicon) -> list[bool]:
    return [workshop in of for ((workshop, *_), *_), of in zip(asked(texts, lexicon), wanted, strict=True)]


def _candidates(
    texts: Sequence[str], wanted: Sequence[set[str | None]], right: Sequence[bool], lexicon: Lexicon
) -> list[TermTrial]:
    """Return the terms that most texts that are read wrongly have, and few others."""
    places: dict[str, list[int]] = defaultdict(list)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for place, text in enumerate(texts):
        for key, typed in dict(_terms(text, lexicon.compiled)).items():
            places[key].append(place)
            forms[key][typed] += 1
    found = []
    for key, where in places.items():
        term = min(forms[key], key=lambda form: (-forms[key][form], form))
        for workshop in sorted({of for place in where if not right[place] for of in wanted[place] if of}):
            wrong = tuple(place for place in where if not right[place] and workshop in wanted[place])
            found.append(TermTrial(term, workshop, wrong, sum(workshop not in wanted[place] for place in where)))
    found.sort(key=lambda each: (each.others - len(each.wrong), -len(each.wrong), len(each.term.split()), each.term))
    alike: Counter[tuple[str, tuple[int, ...]]] = Counter()
    chosen = []
    for each in found:
        alike[each.workshop, each.wrong] += 1
        if alike[each.workshop, each.wrong] <= _ALIKE:
            chosen.append(each)
    return chosen[:_TRIED]


def _terms(text: str, lexicon: Compiled) -> Iterator[tuple[str, str]]:
    """Yield words and pairs of words of a text, each by its stem."""
    words = informative(text, lexicon)
    for word in words:
        if word:
            yield stem(fold(word)), word
    for first, second in pairwise(words):
        if first and second:
            yield f"{stem(fold(first))} {stem(fold(second))}", f"{first} {second}"
