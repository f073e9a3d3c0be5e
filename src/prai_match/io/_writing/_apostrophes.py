"""The apostrophe before a text that a spreadsheet would compute: put by writing a CSV, taken away by reading it.

A spreadsheet that takes another character than the file's for the separator of cells splits a text in the middle, and
one that takes no notice of quotes splits it at the file's own and at its line ends. So each part of a text that may
become a cell is looked at, not only the beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

# What a spreadsheet passes over before a sign; it may pass over a quote, which opens a cell.
_BEFORE: Final = r"[[\s\p{Cc}\p{Cf}\"]--[\t\r\n]]*"
_SIGNS: Final = r"=+\-@＝＋－＠"
# After what a cell may begin, and how one begins that would be computed. A line end ends a row, but for some: they see
# a cell that begins with a carriage return. Two apostrophes at the beginning are taken for one that was put.
_FORMULAS: Final = (
    ("^", rf"''|'*{_BEFORE}[{_SIGNS}\t\r\n]"),
    (r"[;,|\t\r\n]", f"'*{_BEFORE}[{_SIGNS}]"),
    (r"[;,|\r\n]", r"'*\"*\t"),
    (r"[;,|\t\n]", r"'*\"*\r"),
)


def neutralised(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before whatever in a text a spreadsheet would compute; ``restored`` takes it away."""
    for before, formula in _FORMULAS:
        text = text.str.replace_all(f"({before})({formula})", "${1}'${2}")
    return text


def restored(text: pl.Expr) -> pl.Expr:
    """Take away the apostrophes that ``neutralised`` put; those that a person wrote stay."""
    for before, formula in _FORMULAS:
        text = text.str.replace_all(f"({before})'({formula})", "${1}${2}")
    return text
