"""Words: how a text is cut, and the symbol under which a word is known whatever its case, accents and endings."""

import gzip
import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import import_module, resources, util
from types import ModuleType
from typing import Any, Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from prai_match.text import without_accents

# An acronym with its dots (S.I.G.), a word (@CTES too), or a sign that ends a clause or parts a list. A line
# that goes on in lower case was only wrapped.
_TOKEN = re.compile(
    r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|@?[^\W_]+"
    r"|[.!?…](?=[\s\"»)]|$)|\n(?=[ \t\r]{0,8}[^ \t\ra-zà-öø-ÿ])"
    r"|[;,:/()&+•]|(?<=\s)[-–—*](?=\s)"
)
_UNSEEN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SIGNS = dict.fromkeys(".!…;", ".") | {"?": "?", "&": "et", "+": "et", ":": ":", "\n": "."}
_SIGNS |= dict.fromkeys(",/)•-–—*", ",") | {"(": ":"}

# The symbol of every number.
NUMBER = "#"
SHORTEST_TYPO = 6  # below six letters every other name of a place is one letter away from a term
_TWO_TYPOS = 9
_STEMMED, _SHORTEST_STEM = 5, 4
_HEAD, _TAIL, _PLURAL = 4, 4, 3
_LONGEST = 40  # longer is no word


def cut(text: str) -> list[str]:
    """Cut a text into words and signs, in linear time whatever the text."""
    if _UNSEEN.search(text):
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return _TOKEN.findall(text)


def fold(word: str) -> str:
    """Lower case, without accents, ligatures or dots."""
    return without_accents(word.lower().replace("œ", "oe").replace("æ", "ae").replace(".", "")).lower()


def singular(word: str) -> str:
    """Drop the mark of the plural from a folded word, first step of every symbol; "plus" isn't several PLU."""
    if len(word) > _PLURAL and word != "plus" and word.endswith(("s", "aux", "eux", "oux")) and not word.endswith("ss"):
        return word[:-1]
    return word


@cache
def _stemmer() -> Any:  # noqa: ANN401 - it has no types
    """The stemmer of French, from the folder of a package that imports those of every language."""
    folder = ModuleType(f"{__name__}_snowball")
    folder.__path__ = [*util.find_spec("snowballstemmer").submodule_search_locations]  # type: ignore[union-attr,misc]
    sys.modules[folder.__name__] = folder
    return import_module(f"{folder.__name__}.french_stemmer").FrenchStemmer()


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Give the stem of a folded word; words of four letters are their own stem."""
    if word.isdigit():
        return NUMBER
    word = singular(word)
    if len(word) < _STEMMED or not word.isalpha():
        return word
    short = str(_stemmer().stemWord(word)).rstrip("e")
    return short if len(short) >= _SHORTEST_STEM else word  # "logement" must not be "log"


@cache
def french_stems() -> bytes:
    """Stems of the French language, a line each, in order: a word that has one of these is no misspelt term."""
    return gzip.decompress(resources.files("prai_match.needs").joinpath("data/mots_francais.txt.gz").read_bytes())


def is_french(word: str) -> bool:
    stems, own = french_stems(), f"{stem(word)}\n".encode()
    at = bisect_left(range(len(stems)), own, key=lambda at: stems[stems.rfind(b"\n", 0, at) + 1 : at + len(own)])
    return stems.startswith(own, at)


@dataclass
class Speller:
    """Gives the symbol of a word as typed: of the lexicon's word that it is, or that it misspells.

    All its words are folded. Invariable ones are never stemmed, because their stem has another meaning; empty ones have
    none, and their symbol is empty; nothing misspells an exact one (names, acronyms).
    """

    invariable: frozenset[str]
    empty: frozenset[str]
    exact: frozenset[str] = frozenset()
    symbol_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, words: Collection[str], invariable: Iterable[str], empty: Iterable[str], exact: Collection[str]
    ) -> Self:
        speller = cls(frozenset(map(singular, invariable)), frozenset(empty))
        forms = {form for word in exact for form in (singular(word), speller.symbol(word))}
        symbol_of = {word: speller.symbol(word) for word in sorted(words) if word not in speller.empty}
        return replace(speller, exact=frozenset(forms), symbol_of=symbol_of)

    def __post_init__(self) -> None:
        self._symbols = frozenset(self.symbol_of.values())
        self._heads = frozenset(symbol[:_HEAD] for symbol in self._symbols)
        self._right = {symbol: symbol for symbol in self._symbols}
        self._right |= {singular(word): symbol for word, symbol in self.symbol_of.items()}
        self._alike: dict[str, list[str]] = {}
        for word in sorted(self._right.keys() - self.exact):
            if len(word) >= SHORTEST_TYPO and word.isalpha():
                for key in (word[0], word[-_TAIL:]):
                    self._alike.setdefault(key, []).append(word)

    def symbol(self, word: str) -> str:
        """Give the symbol of a well spelt folded word."""
        if word in self.empty:
            return ""
        return short if (short := singular(word)) in self.invariable else stem(word)

    def read(self, token: str) -> str:
        """Give the symbol of a token as typed, or one that no lexicon word has."""
        if token in _SIGNS:
            return _SIGNS[token]
        word = fold(token)
        if word in self.empty or word in self.symbol_of:
            return "" if word in self.empty else self.symbol_of[word]
        if word.isdigit():
            return NUMBER if NUMBER in self._symbols else f"~{NUMBER}"
        symbol = self.symbol(word) if singular(word)[:_HEAD] in self._heads else word
        return symbol if symbol in self._symbols else self._mend(word) or f"~{symbol}"

    def _mend(self, word: str) -> str | None:
        """Find the lexicon word that an unknown word misspells: nearest, then first in the alphabet."""
        short = singular(word)
        if not SHORTEST_TYPO <= len(short) <= _LONGEST or not short.isalpha():
            return None
        limit = 2 if len(short) >= _TWO_TYPOS else 1
        near = [
            (distance, candidate)
            for key, reach in ((short[0], 2), (short[-_TAIL:], 1))
            for candidate, distance, _ in process.extract(
                short,
                [each for each in self._alike.get(key, ()) if abs(len(each) - len(short)) <= reach],
                scorer=OSA.distance,
                score_cutoff=limit,
                limit=3,
            )
            # Two slips need a long word on both sides and a good beginning.
            if distance <= 1 or (len(candidate) >= _TWO_TYPOS and candidate[0] == short[0])
        ]
        return self._right[min(near)[1]] if near and not is_french(word) else None
