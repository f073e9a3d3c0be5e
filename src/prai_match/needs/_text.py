"""Words: cutting a text into words, and the symbol of a word regardless of case, accents and endings."""

import gzip
import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import import_module, resources, util
from types import ModuleType
from typing import Any, Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from prai_match.text import without_accents

# The mark of a list ("1) … 2) …"), an acronym with its dots (S.I.G.), a word (@CTES too), or a sign that ends a clause
# or separates a list. A line that continues in lower case was only wrapped.
END, _NOTHING = "\uffff", "\ufffe"  # no characters; the former ends a text
# Plain words come first, to be quick; those of one or two letters may be marks or acronyms.
_PLAIN = "[0-9A-Za-zÀ-ÖØ-öø-ÿ]"
_TOKEN = re.compile(
    rf"[ '’]?+({_PLAIN}{{3,}}+(?!\w)|{_PLAIN}{{1,2}}+(?![\w.)°/])|[;,:/()&+•{END}]"
    rf"|(?<![^\s{END}])(?:\d{{1,2}}|[a-h])[.)°/](?=[^\S\n]+[^\s{END}])"
    r"|\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|@?[^\W_]+"
    rf"|[.!?…](?=[\s\"»){END}])|\n(?=[ \t\r]{{0,8}}[^ \t\ra-zà-öø-ÿ{END}])|(?<=\s)[-–—*](?=\s))"
)
HIDDEN = "\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_UNSEEN = re.compile(f"[{HIDDEN}]")
_LETTER = re.compile(f"[^{HIDDEN}]?[{HIDDEN}]*", re.DOTALL)  # with the accents after it
_SIGNS = {**dict.fromkeys(".!…;\n", "."), **dict.fromkeys(",/)•-–—*", ","), **dict.fromkeys("&+", "et")}
_RANKS = (*map(str, range(100)), *(f"0{digit}" for digit in range(10)), *"abcdefgh")
_SIGNS |= {f"{rank}{mark}": "." for rank in _RANKS for mark in ".)°/"} | {"?": "?", ":": ":", "(": ":"}
_LIST_MARK = "1)"
SIGNS = (*".!…;?&+:\n,/)(-", _LIST_MARK)  # told apart where the words around them are read
_NUMBER_OF = {sign: number - len(SIGNS) for number, sign in enumerate(SIGNS)}
_NUMBER_OF = {sign: _NUMBER_OF.get(sign, _NUMBER_OF["-" if len(sign) == 1 else _LIST_MARK]) for sign in _SIGNS}

# The symbol of all numbers.
NUMBER = "#"
SHORTEST_TYPO = 6  # with fewer letters, many place names are one letter away from a term
_TWO_TYPOS = 9
_STEMMED, _SHORTEST_STEM = 5, 4
_HEAD, _TAIL, _PLURAL = 4, 4, 3
_FEW_LETTERS = 2
_LONGEST = 40  # longer ones aren't words
_OWN = frozenset({"son", "sa", "ses", "leur", "leurs"})
_PLURAL_ENDS = "sS"  # "installations", "équipements" are things, not actions


def cut(text: str) -> list[str]:
    """Cut a text into words and signs, always in linear time."""
    return cut_all([text])[:-1]


def cut_all(texts: Iterable[str]) -> list[str]:
    """Cut texts into words and signs, with `END` after each text."""
    return _TOKEN.findall("".join(f"{_seen(text)[0]}{END}" for text in texts))


def places(text: str) -> list[tuple[int, int]]:
    """Return where each word and sign of `cut` begins and ends in a text."""
    seen, starts = _seen(text)
    return [(starts[match.start(1)], starts[match.end(1)]) for match in [*_TOKEN.finditer(seen + END)][:-1]]


def _seen(text: str) -> tuple[str, Sequence[int]]:
    """Return a text as it is cut, and where each letter (and the end) was."""
    text = text.replace(END, _NOTHING)
    return _composed(text) if _UNSEEN.search(text) else (text, range(len(text) + 1))


def _composed(text: str) -> tuple[str, list[int]]:
    """Return a text with composed letters and without what can't be seen, and where each letter (and the end) was."""
    letters = [
        (_UNSEEN.sub("", unicodedata.normalize("NFC", match[0])), match.start()) for match in _LETTER.finditer(text)
    ]
    return "".join(each for each, _ in letters), [*(start for each, start in letters for _ in each), len(text)]


def sign_number(token: str) -> int | None:
    """Return the place of a sign in `SIGNS`, from the end (below 0); None for a word."""
    return _NUMBER_OF.get(token)


def fold(word: str) -> str:
    """Return a word in lower case, without accents, ligatures or dots."""
    low = word.lower().replace(".", "")
    return low if low.isascii() else without_accents(low.replace("œ", "oe").replace("æ", "ae")).lower()


def form(token: str) -> str:
    """Return the form of a token that the second reader learns from; that of a sign is empty."""
    if token in _SIGNS:
        return ""
    return NUMBER if token.isdigit() else fold(token).removeprefix("@")


def singular(word: str) -> str:
    """Drop the plural ending of a folded word, the first step to its symbol; "plus" isn't the plural of PLU."""
    if len(word) > _PLURAL and word != "plus" and word.endswith(("s", "aux", "eux", "oux")) and not word.endswith("ss"):
        return word[:-1]
    return word


@cache
def _stemmer() -> Any:  # noqa: ANN401 - it has no types
    """Return the French stemmer, loaded directly, since its package imports those of all languages.

    It finds endings in a table, by their length, not letter by letter.
    """
    folder = ModuleType(f"{__name__}_snowball")
    folder.__path__ = [*util.find_spec("snowballstemmer").submodule_search_locations]  # type: ignore[union-attr,misc]
    sys.modules[folder.__name__] = folder
    base: Any = import_module(f"{folder.__name__}.french_stemmer").FrenchStemmer
    tables: dict[int, dict[int, dict[str, int]]] = {}

    class Stemmer(base):  # type: ignore[misc]
        cursor: int

        def find_among_b(self, among: Any) -> int:  # noqa: ANN401 - it has no types
            return self.find_among(among, -1)

        def find_among(self, among: Any, way: int = 1) -> int:  # noqa: ANN401
            if id(among) not in tables:
                sizes = sorted({len(each.s) for each in among}, reverse=True)
                tables[id(among)] = {
                    size: {each.s: each.result for each in among if len(each.s) == size} for size in sizes
                }
            for size, results in tables[id(among)].items():
                low, high = sorted((self.cursor, self.cursor + way * size))
                if self.limit_backward <= low and high <= self.limit and self.current[low:high] in results:
                    self.cursor += way * size
                    return results[self.current[low:high]]
            return 0

    return Stemmer()


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
    first, last = _beginning(own[:_FEW_LETTERS])
    return stems.startswith(own, first) or stems.find(b"\n" + own, first, last) >= 0


@cache
def _beginning(letters: bytes) -> tuple[int, int]:
    """Return where the stems that begin with letters are."""
    stems = french_stems()

    def place(limit: bytes) -> int:
        whole = bisect_left(
            range(len(stems)), limit, key=lambda at: stems[stems.rfind(b"\n", 0, at) + 1 : at + len(limit)]
        )
        return stems.rfind(b"\n", 0, whole) + 1

    return place(letters), place(letters + b"\xff")


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
        self._number = NUMBER if NUMBER in self._symbols else f"~{NUMBER}"
        self._heads = frozenset(symbol[:_HEAD] for symbol in self._symbols)
        self._right = {symbol: symbol for symbol in self._symbols}
        self._right |= {singular(word): symbol for word, symbol in self.symbol_of.items()}
        self._alike: dict[str, list[str]] = {}
        self._near: dict[tuple[str, int, int], list[str]] = {}  # by key, length and reach
        self._numbered = self._number, NUMBER, False, False
        self._known = lru_cache(maxsize=1 << 16)(self._look)
        for word in sorted(self._right.keys() - self.exact):
            if len(word) >= SHORTEST_TYPO and word.isalpha():
                for key in (word[0], word[-_TAIL:]):
                    self._alike.setdefault(key, []).append(word)

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Leave what it made of its words, and remembers, out of a pickle."""
        return type(self), (self.invariable, self.empty, self.exact, self.symbol_of)

    def symbol(self, word: str) -> str:
        """Return the symbol of a correctly spelt folded word."""
        if word in self.empty:
            return ""
        return short if (short := singular(word)) in self.invariable else stem(word)

    def seen(self, token: str) -> tuple[str, str, bool, bool]:
        """Return the symbol and form of a token, and whether it ends as a plural or says whose something is."""
        is_number = token.isdecimal() and token.isascii() and token not in self.symbol_of and token not in self.empty
        return self._numbered if is_number else self._known(token)

    def _look(self, token: str) -> tuple[str, str, bool, bool]:
        return self.read(token), form(token), token[-1] in _PLURAL_ENDS, token.lower() in _OWN

    def read(self, token: str) -> str:
        """Return the symbol of a token as typed, or one that no lexicon word has."""
        if token in _SIGNS:
            return _SIGNS[token]
        word = fold(token)
        if word in self.empty or word in self.symbol_of:
            return "" if word in self.empty else self.symbol_of[word]
        if word.isdigit():
            return self._number
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
            for key, reach in ((short[0], limit), (short[-_TAIL:], 1))
            for candidate, distance, _ in process.extract(
                short,
                self._candidates(key, len(short), reach),
                scorer=OSA.distance,
                score_cutoff=limit,
                limit=3,
            )
            # Two typos are only accepted in long words with the same beginning.
            if distance <= 1 or (len(candidate) >= _TWO_TYPOS and candidate[0] == short[0])
        ]
        return self._right[min(near)[1]] if near and not is_french(word) else None

    def _candidates(self, key: str, size: int, reach: int) -> list[str]:
        """Return the words with a key that are about as long as a word of so many letters."""
        if (found := self._near.get((key, size, reach))) is None:
            found = [each for each in self._alike.get(key, ()) if abs(len(each) - size) <= reach]
            self._near[key, size, reach] = found
        return found
