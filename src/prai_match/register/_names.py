"""The one way names are compared: case, accents, ligatures, punctuation, "St" and leading articles don't count."""

from __future__ import annotations

import polars as pl

__all__ = ["normalise", "normalised"]


def normalised(names: pl.Expr) -> pl.Expr:
    """The names of a column in the form in which they are compared.

    Lower-case ASCII letters and digits, words parted by one space; ligatures opened; "St", "Ste", "s/" and "&"
    written out; a leading article, or one set behind as directories do ("Mans (Le)"), dropped. Applying it twice
    changes nothing more.

    Args:
        names: A text expression; null stays null.

    Returns:
        The expression of the normalised names.
    """
    return (
        names.str.normalize("NFKD")
        .str.replace_all(r"\p{M}+", "")
        .str.to_lowercase()
        .str.replace_many(["œ", "æ", "ß", "s/", "&"], ["oe", "ae", "ss", "sur ", " et "])
        .str.replace(r"[(,]\s*(?:les?|la|l)\s*['’]?\s*\)?\s*$", "")
        .str.replace_all(r"[^a-z0-9]+", " ")
        .str.strip_chars()
        .str.replace_all(r"\bst(e?s?)\b", "saint$1")
        .str.replace(r"^(?:(?:les?|la|l) )+", "")
    )


def normalise(name: str) -> str:
    """One name in the form in which names are compared (see ``normalised``, which does the work).

    Example:
        >>> normalise("L'Île-St-Denis"), normalise("Œuilly"), normalise("Mans (Le)")
        ('ile saint denis', 'oeuilly', 'mans')
    """
    result: str = pl.select(normalised(pl.lit(name))).item()
    return result
