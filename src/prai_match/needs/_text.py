"""Words: cutting a text into words, and the symbol of a word regardless of case, accents and endings."""

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

# An acronym with its dots (S.I.G.), a word (@CTES too), or a sign that ends a clause or separates a list. A line that
# continues in lower case was only wrapped.
_TOKEN = re.compile(
    r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|@?[^\W_]+"
    r"|[.!?…](?=[\s\"»)]|$)|\n(?=[ \t\r]{0,8}[^ \t\ra-zà-öø-ÿ])"
    r"|[;,:/()&+•]|(?<=\s)[-–—*](?=\s)"
)
_UNSEEN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SIGNS = dict.fromkeys(".!…;", ".") | {"?": "?", "&": "et", "+": "et", ":": ":", "\n": "."}
_SIGNS |= dict.fromkeys(",/)•-–—*", ",") | {"(": ":"}

# The symbol of all numbers.
NUMBER = "#"
SHORTEST_TYPO = 6  # with fewer letters, many place names are one letter away from a term
_TWO_TYPOS = 9
_STEMMED, _SHORTEST_STEM = 5, 4
_HEAD, _TAIL, _PLURAL = 4, 4, 3
_LONGEST = 40  # longer ones aren't words


def cut(text: str) -> list[str]:
    """Cut a text into words and signs, always in linear time."""
    if _UNSEEN.search(text):
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return _TOKEN.findall(text)


def fold(word: str) -> str:
    """Return a word in lower case, without accents, ligatures or dots."""
    return without_accents(word.lower().replace("œ", "oe").replace("æ", "ae").replace(".", "")).lower()


def singular(word: str) -> str:
    """Drop the plural ending of a folded word, the first step to its symbol; "plus" isn't the plural of PLU."""
    if len(word) > _PLURAL and word != "plus" and word.endswith(("s", "aux", "eux", "oux")) and not word.endswith("ss"):
        return word[:-1]
    return word


@cache
def _stemmer() -> Any:  # noqa: ANN401 - it has no types
    """Return the French stemmer, loaded directly, since its package imports those of all languages."""
    folder = ModuleType(f"{__name__}_snowball")
    folder.__path__ = [*util.find_spec("snowballstemmer").submodule_search_locations]  # type: ignore[union-attr,misc]
    sys.modules[folder.__name__] = folder
    return import_module(f"{folder.__name__}.french_stemmer").FrenchStemmer()


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the stem of a folded word; words of up to four letters are their own stem."""
    if word.isdigit():
        return NUMBER
    word = singular(word)
    if len(word) < _STEMMED or not word.isalpha():
        return word
    short = str(_stemmer().stemWord(word)).rstrip("e")
    return short if len(short) >= _SHORTEST_STEM else word  # "logement" must not be "log"


@cache
def french_stems() -> bytes:
    """Return sorted stems of French, one per line: a word with one of these stems isn't a misspelt term."""
    return gzip.decompress(resources.files("prai_match.needs").joinpath("data/mots_francais.txt.gz").read_bytes())


def is_french(word: str) -> bool:
    stems, own = french_stems(), f"{stem(word)}\n".encode()
    at = bisect_left(range(len(stems)), own, key=lambda at: stems[stems.rfind(b"\n", 0, at) + 1 : at + len(own)])
    return stems.startswith(own, at)


@dataclass
class Speller:
    """Finds the symbol of a word as typed: that of the lexicon's word that it equals or misspells.

    All its words are folded. Invariable words are never stemmed, because their stem has another meaning; words without
    meaning have an empty symbol; exact words (names, acronyms) are never matched by misspellings.
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
        """Return the symbol of a correctly spelt folded word."""
        if word in self.empty:
            return ""
        return short if (short := singular(word)) in self.invariable else stem(word)

    def read(self, token: str) -> str:
        """Return the symbol of a token as typed, or one that no lexicon word has."""
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
        """Find the lexicon word that an unknown word misspells: the nearest, ties in alphabetical order."""
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
            # Two typos are only accepted in long words with the same beginning.
            if distance <= 1 or (len(candidate) >= _TWO_TYPOS and candidate[0] == short[0])
        ]
        return self._right[min(near)[1]] if near and not is_french(word) else None
