"""Comparison of names, and the words around names, compiled from `data/wording.toml`.

Case, accents, ligatures, punctuation, "St" and leading articles don't count.
"""

import re
import unicodedata
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar

import polars as pl

from prai_match import _arguments as given
from prai_match._words import catalogue

_LETTERS = {"œ": "oe", "æ": "ae", "ß": "ss", "s/": "sur ", "&": " et "}
# What links two words of a name; "lez" may end one.
_INSIDE = {r"lez\b": "les", "s ": "sur ", "ss ": "sous "}
_UNDER = (r"\bs/s\b", "sous ")
_FOREIGN = (r"[^\t\n\r -~’–—]", "¤")
_OPENED = re.compile("|".join(_LETTERS))
Text = TypeVar("Text", str, pl.Expr)  # one text or a column of them: the rules are the same


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern as polars reads it: ``$`` only matches the end of the text."""
    return re.compile(pattern.replace("$", r"\Z"))


def replaced(texts: Text, pattern: str, by: str, *, every: bool = False) -> Text:
    """Return texts in which the first match of a pattern, or every one, is replaced; ``$1`` is its first group."""
    if isinstance(texts, str):
        found = compiled(pattern)
        return found.sub(by.replace("$", "\\"), texts, 0 if every else 1) if found.search(texts) else texts
    return texts.str.replace_all(pattern, by) if every else texts.str.replace(pattern, by)


def may_hold(texts: Text, pattern: str) -> bool:
    """Return whether a pattern may be found; always true for a column."""
    return not isinstance(texts, str) or compiled(pattern).search(texts) is not None


def plain_letters(texts: Text) -> Text:
    """Lower-case letters without accents, ligatures opened, "s/" and "&" written out; punctuation stays.

    Of what isn't ASCII, only the apostrophe and the dashes keep their meaning.
    """
    if isinstance(texts, str):
        if not texts.isascii():
            letters = unicodedata.normalize("NFKD", texts)
            texts = "".join(letter for letter in letters if unicodedata.category(letter)[0] != "M")
        texts = texts.lower()
        if may_hold(texts, "[/&œæß]"):
            texts = _OPENED.sub(lambda found: _LETTERS[found[0]], replaced(texts, *_UNDER, every=True))
        return replaced(texts, *_FOREIGN, every=True)
    plain = texts.str.normalize("NFKD").str.replace_all(r"\p{M}+", "").str.to_lowercase()
    under = replaced(plain, *_UNDER, every=True).str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    return replaced(under, *_FOREIGN, every=True)


_SHORT = {r"\bst(e?s?)\b": "saint$1", r"\bg(de?s?)\b": "gran$1", r"\bmt(s?)\b": "mont$1"}
_SHORTENED = r"\b(?:st|gd|mt|lez\b|ss?\b)"


def words(texts: Text) -> Text:
    """The words of folded texts parted by one space, abbreviations written out, an article set behind put in front."""
    tokens = texts
    if may_hold(texts, "[(,.]"):
        tokens = replaced(texts, r"^(.*?)\s*[(,]\s*(les?|la|l)\s*['’]?\s*\)?\s*$", "$2 $1")
        tokens = replaced(tokens, r"\b([a-z])\.", "$1", every=True)
    tokens = replaced(replaced(tokens, "[^a-z0-9]+", " ", every=True), "^ | $", "", every=True)
    if not may_hold(tokens, _SHORTENED):
        return tokens
    for short, full in _SHORT.items():
        tokens = replaced(tokens, short, full, every=True)
    for short, full in _INSIDE.items():
        tokens = replaced(tokens, rf"([a-z0-9]{{2}}) {short}", f"$1 {full}")
    return tokens


def normalised(names: Text) -> Text:
    """A name, or the names of a column, in the form in which they are compared; null stays null.

    Lower-case ASCII letters and digits, words parted by one space; ligatures opened; "St", "Ste", "Gd", "Mt", "s/",
    "lez" and "&" written out; a leading article, or one set behind as directories do ("Mans (Le)"), dropped.
    Applying it twice changes nothing more.
    """
    return without_article(words(plain_letters(names)))


def without_article(names: Text) -> Text:
    return replaced(names, r"^(?:(?:les?|la|l) )+", "")


def tight(names: Text) -> Text:
    return names.replace(" ", "") if isinstance(names, str) else names.str.replace_all(" ", "", literal=True)


@given.takes()
def normalise(name: str) -> str:
    """One name in the form in which names are compared (see ``normalised``, which does the work).

    Example:
        >>> normalise("L'Île-St-Denis"), normalise("Œuilly"), normalise("Mans (Le)")
        ('ile saint denis', 'oeuilly', 'mans')
    """
    return normalised(name)


class Wording(NamedTuple):
    """Words before or after a name that tell which kind of entity it names.

    ``id`` is `service`, `other`, `CC`, `CA`, `CU`, `METRO`, `EPCI`, `region`, `departement` or `commune`; ``start`` the
    words before the name, with what links them to it (what must be kept is group 1), ``end`` those after it.
    """

    id: str
    start: str
    end: str


wording = partial(catalogue, "prai_match.register", "wording")


@cache
def readings() -> tuple[Wording, ...]:
    """The readings, in the order in which they are tried."""
    return tuple(_reading(row) for row in wording()["reading"])


def _reading(row: dict[str, Any]) -> Wording:
    plain = "|".join([*row["start"], *map(" ?".join, row["acronyms"])])
    starts = [rf"(?:{plain})\b ?(?:de |d )?"] if plain else []
    if row["linked"]:
        starts.append(rf"(?:{'|'.join(row['linked'])}) (?:de |d |(du |des ))")
    start = "|".join(starts)
    after, kept = "|".join(row["end"]), "" if row["linked"] else "()"
    return Wording(row["id"], f"^(?:{start}){kept}", rf" (?:{after})$" if after else r"$^")


@cache
def listed(table: str, name: str) -> frozenset[str]:
    """The words of a list of `data/wording.toml`."""
    return frozenset(wording()[table][name])


def core(name: str) -> str:
    """Return the words that identify an intercommunality, without kind, links and generic ones."""
    numbers, common = wording()["numbers"], listed("linking", "words") | listed("linking", "generic")
    return " ".join(numbers.get(word, word) for word in name.split(" ") if word not in common)


@cache
def _before() -> str:
    words = "|".join(wording()["places"]["before"])
    return rf"^(?:(?:{words}) (?:(?:de|du|des|d|la|le|les|l) )*)+"


def distinctive(name: str) -> str:
    """Return the words that identify a name, without "grand", "pays", "canton"… before and "environs" after them."""
    return replaced(replaced(name, _before(), ""), r" (?:et )?(?:ses )?environs$", "")
