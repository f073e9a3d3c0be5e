"""Lexicons as notebooks show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.needs._lexicon import Lexicon
from prai_match.text import Frame, display, messages, shown

if TYPE_CHECKING:
    from prai_match.errors import Lang

_EXAMPLES = 5


@shown.register(Lexicon)
def lexicon(found: Lexicon, lang: Lang) -> str:
    """Show each workshop that the lexicon can find, its axes, and how many phrases lead to it."""
    said = messages("prai_match.needs", "display", lang)
    phrases = {
        workshop: [
            phrase
            for term in found.compiled.terms
            if term.atelier == workshop
            for phrase in (*term.mots, *term.ensembles)
        ]
        for workshop in found.workshops
    }
    frame = pl.DataFrame(
        [(name, list(axes), len(phrases[name]), phrases[name][:_EXAMPLES]) for name, axes in found.workshops.items()],
        schema={"workshop": pl.String, "axes": pl.List(pl.String), "words": pl.Int64, "example": pl.List(pl.String)},
        orient="row",
    )
    table = Frame(said["caption"], frame, said["columns"], frame.height)
    return display(said["title"].format(name=found.name), table, lang=lang)
