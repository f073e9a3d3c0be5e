"""The apostrophe before a text that a spreadsheet would compute: put by writing a CSV, taken away by reading it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# A spreadsheet computes a cell that begins with a sign, full-width ones too; LibreOffice passes over spaces before it.
_COMPUTED = r"[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]"
COMPUTED = f"^(?:{_COMPUTED}|'+(?:{_COMPUTED}|'))"
"""Begins a text that gets an apostrophe: it would be computed, or be read as having had one put."""
NEUTRALISED = f"^'('*(?:{_COMPUTED}|'))"
"""Begins a text that had one put; the group is what comes after it."""


def neutralised(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before the texts that a spreadsheet would compute; ``restored`` takes it away.

    Example:
        >>> import polars as pl
        >>> frame = pl.DataFrame({"text": ["=cmd()", "l'Isle", "'-", "-1"]})
        >>> frame.select(neutralised(pl.col("text")))["text"].to_list()
        ["'=cmd()", "l'Isle", "''-", "'-1"]
        >>> frame.select(restored(neutralised(pl.col("text")))).equals(frame)
        True
    """
    return text.str.replace(COMPUTED, "'${0}")


def restored(text: pl.Expr) -> pl.Expr:
    """Take away the apostrophe that ``neutralised`` put; an apostrophe that a person wrote stays."""
    return text.str.replace(NEUTRALISED, "${1}")
