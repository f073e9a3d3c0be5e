"""A small lexicon whose every word has one part to play, and what is said of a text with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from prai_match.needs import Lexicon, classify


@cache
def lexicon() -> Lexicon:
    return Lexicon.load(Path(__file__).parent / "data" / "lexique_jardin.toml")


def said(text: str) -> str:
    """The words that decided, or the reason for which nothing is said."""
    answer = classify([text], lexicon()).row(0, named=True)
    return answer["reason"] or " + ".join(answer["terms"])
