"""The one way names are compared: case, accents, ligatures, punctuation, "St" and leading articles don't count."""

from __future__ import annotations

import polars as pl

from prai_match import _arguments as given

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
