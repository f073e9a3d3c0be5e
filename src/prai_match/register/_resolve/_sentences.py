"""Reasons and notes in sentences, in French and English."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from prai_match.text import messages

if TYPE_CHECKING:
    from prai_match.model import Lang

__all__ = ["because", "note"]

_WORDS = partial(messages, "prai_match.register", "resolve")


def because(lang: Lang) -> pl.Expr:
    """The sentence of the reason."""
    return pl.col("reason").replace_strict(_WORDS(lang)["reasons"], return_dtype=pl.String)


def note(lang: Lang) -> pl.Expr:
    """What must be known besides, or null."""
    said = _WORDS(lang)["notes"]
    parts = [
        pl.when(pl.col("part").is_not_null()).then(_filled(said["part"], "part", "name")),
        pl.when(pl.col("earlier").is_not_null()).then(_filled(said["earlier"], "earlier", "name")),
        pl.when("service").then(pl.lit(said["service"])),
        pl.when(pl.col("status") == "unknown").then(
            pl.col("candidate_kinds")
            .list.first()
            .replace_strict({"epci": said["area"], "region": said["merged"]}, default=None, return_dtype=pl.String)
        ),
        pl.when(pl.col("unread").is_not_null()).then(_filled(said["unread"], "unread")),
    ]
    text = pl.concat_str(parts, separator=" ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _filled(sentence: str, *names: str) -> pl.Expr:
    for name in names:
        sentence = sentence.replace(f"{{{name}}}", "{}")
    return pl.format(sentence, *names)
