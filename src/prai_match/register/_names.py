"""The one way names are compared, and the words around them, as `data/wording.toml` lists them, compiled.

Case, accents, ligatures, punctuation, "St" and leading articles don't count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import polars as pl

from prai_match import _arguments as given
from prai_match._words import catalogue

_LETTERS = {"œ": "oe", "æ": "ae", "ß": "ss", "s/": "sur ", "&": " et "}

# What links two words of a name; "lez" may end one.
_INSIDE = {r"lez\b": "les", "s ": "sur ", "ss ": "sous "}


def plain_letters(texts: pl.Expr) -> pl.Expr:
    """Lower-case letters without accents, ligatures opened, "s/" and "&" written out; punctuation stays."""
    return (
        texts.str.normalize("NFKD")
        .str.replace_all(r"\p{M}+", "")
        .str.to_lowercase()
        .str.replace_all(r"\bs/s\b", "sous ")
        .str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    )


def words(texts: pl.Expr) -> pl.Expr:
    """The words of folded texts parted by one space, abbreviations written out, an article set behind put in front."""
    tokens = (
        texts.str.replace(r"^(.*?)\s*[(,]\s*(les?|la|l)\s*['’]?\s*\)?\s*$", "$2 $1")
        .str.replace_all(r"\b([a-z])\.", "$1")
        .str.replace_all(r"[^a-z0-9]+", " ")
        .str.strip_chars()
        .str.replace_all(r"\bst(e?s?)\b", "saint$1")
        .str.replace_all(r"\bg(de?s?)\b", "gran$1")
        .str.replace_all(r"\bmt(s?)\b", "mont$1")
    )
    for short, full in _INSIDE.items():
        tokens = tokens.str.replace(rf"([a-z0-9]{{2}}) {short}", f"$1 {full}")
    return tokens


def normalised(names: pl.Expr) -> pl.Expr:
    """The names of a column in the form in which they are compared; null stays null.

    Lower-case ASCII letters and digits, words parted by one space; ligatures opened; "St", "Ste", "Gd", "Mt", "s/",
    "lez" and "&" written out; a leading article, or one set behind as directories do ("Mans (Le)"), dropped.
    Applying it twice changes nothing more.
    """
    return without_article(words(plain_letters(names)))


def without_article(names: pl.Expr) -> pl.Expr:
    return names.str.replace(r"^(?:(?:les?|la|l) )+", "")


def words_from(tokens: pl.Expr, start: pl.Expr | int, size: pl.Expr | None = None) -> pl.Expr:
    """So many words of lists, or all, from a place on, parted by one space.

    Polars 2.0 takes what a column cuts out of no lists at all for lists of nulls, and joins texts only.
    """
    return tokens.list.slice(start, size).cast(pl.List(pl.String), strict=False).list.join(" ")


_NORMALISED = normalised(pl.col("name"))


@given.takes()
def normalise(name: str) -> str:
    """One name in the form in which names are compared (see ``normalised``, which does the work).

    Example:
        >>> normalise("L'Île-St-Denis"), normalise("Œuilly"), normalise("Mans (Le)")
        ('ile saint denis', 'oeuilly', 'mans')
    """
    result: str = pl.DataFrame({"name": [name]}).select(_NORMALISED).item()
    return result


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words before or after a name say about whose name it is.

    ``id`` is `service`, `other`, `CC`, `CA`, `CU`, `METRO`, `EPCI`, `region`, `departement` or `commune`; ``start`` the
    words before the name, with what links them to it (what must be kept is group 1), ``end`` those after it.
    """

    id: str
    start: str
    end: str


_tables = partial(catalogue, "prai_match.register", "wording")


@cache
def readings() -> tuple[Wording, ...]:
    """The readings, in the order in which they are tried."""
    return tuple(_reading(row) for row in _tables()["reading"])


def _reading(row: dict[str, Any]) -> Wording:
    acronyms = [" ?".join(acronym) for acronym in row["acronyms"]]
    plain = "|".join([*row["start"], *acronyms])
    starts = [rf"(?:{plain})\b ?(?:de |d )?"] if plain else []
    if row["linked"]:
        starts.append(rf"(?:{'|'.join(row['linked'])}) (?:de |d |(du |des ))")
    start = "|".join(starts)
    after = "|".join(row["end"])
    return Wording(row["id"], f"^(?:{start})", rf" (?:{after})$" if after else r"$^")


@cache
def former_regions() -> dict[str, str]:
    """The present région of each that was merged, by name in the form in which names are compared."""
    return dict(_tables()["former_regions"])


def linking() -> list[str]:
    """Words that link others."""
    return list(_tables()["linking"]["words"])


def generic() -> list[str]:
    """Words that say the kind of an intercommunality."""
    return [*_tables()["linking"]["generic"], "cc", "ca", "cu"]


def core(names: pl.Expr) -> pl.Expr:
    """What tells one intercommunality from another: its words without kind, links and generic ones."""
    numbers = _tables()["numbers"]
    common = "|".join([*linking(), *generic()])
    own = pl.element().filter(~pl.element().str.contains(rf"^(?:{common})$")).replace(numbers)
    return names.str.split(" ").list.eval(own).list.join(" ")


def without_surroundings(names: pl.Expr) -> pl.Expr:
    """The words of an intercommunality's core without "pays", "canton", "vallée"… that stand around a place's name."""
    around = "|".join(_tables()["places"]["around"])
    return names.str.replace_all(rf"\b(?:{around})\b", "").str.replace_all(r"\s+", " ").str.strip_chars()


def distinctive(names: pl.Expr) -> pl.Expr:
    """The words that tell a name from others, without "grand", "pays", "canton"… before them and "environs" behind."""
    before = "|".join(_tables()["places"]["before"])
    links = "(?:(?:de|du|des|d|la|le|les|l) )*"
    return names.str.replace(rf"^(?:(?:{before}) {links})+", "").str.replace(r" (?:et )?(?:ses )?environs$", "")


def common_nouns() -> list[str]:
    """Names of places that before "de" are common nouns."""
    return list(_tables()["places"]["nouns"])
