"""Answers of the register as notebooks show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.register._about import About, facts
from prai_match.register._resolve._results import Resolution, Resolutions
from prai_match.text import Facts, Frame, counted, display, messages, number, shown

if TYPE_CHECKING:
    from prai_match.errors import Lang

_SHOWN = 10


@shown.register(About)
def about(found: About, lang: Lang) -> str:
    """Show where the register comes from and what it holds."""
    title, *others = facts(found, lang)
    return display(title[1], Facts(tuple(others)), lang=lang)


@shown.register(Resolutions)
def resolutions(found: Resolutions, lang: Lang) -> str:
    """Show how many names have each status, and the first answers."""
    said = _said(lang)
    counts = tuple((said["statuses"][status], number(n, 0, lang)) for status, n in found.counts().items() if n)
    frame = (
        found[:_SHOWN]
        .to_polars(lang)
        .with_columns(
            pl.col("status").replace(said["statuses"]),
            pl.col("kind").replace(said["kinds"]),
            score=pl.when(pl.col("code").is_not_null()).then("score"),
        )
    )
    return display(
        counted(len(found), said["title"], lang),
        *([Facts(counts)] if counts else []),
        *([Frame(said["caption"], frame, said["columns"], _SHOWN, ".to_polars()", len(found))] if counts else []),
        lang=lang,
    )


@shown.register(Resolution)
def resolution(found: Resolution, lang: Lang) -> str:
    """Show what one text stands for, or the candidates."""
    said = _said(lang)
    values = {
        "status": said["statuses"][found.status],
        "name": found.name,
        "code": found.code,
        "kind": said["kinds"].get(found.kind),
        "departement": found.departement,
        "score": number(found.score, 1, lang) if found.code else None,
        "because": found.because(lang),
        "note": found.note(lang),
        "candidate_names": ", ".join(found.candidate_names),
    }
    facts = tuple((said["columns"][name], value or "") for name, value in values.items())
    return display(said["nothing"] if found.text is None else found.text, Facts(facts), lang=lang)


def _said(lang: Lang) -> dict[str, Any]:
    return messages("prai_match.register", "display", lang)
