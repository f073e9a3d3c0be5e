"""Differences as notebooks show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import polars as pl

from prai_match.explain._difference import _words as words
from prai_match.explain._difference._difference import Difference, TerritoryDifference
from prai_match.explain._difference._frames import Change
from prai_match.explain._difference._text import first_causes, head
from prai_match.text import Details, Frame, Items, display, messages, shown

if TYPE_CHECKING:
    from prai_match.model import Lang
    from prai_match.text import Block

_FACT = "•  "
"""What the text marks facts with, as the list does."""

_FIRST = pl.Enum(get_args(Change))
"""Kinds of change, those that matter most first."""

_CHANGED = ("name", "said", "session_before", "session_after", "score_before", "score_after", "because")


@shown.register(Difference)
def difference(found: Difference[Any], lang: Lang) -> str:
    """Show what changed: how many territories, what differs, then the territories."""
    title, *counts = head(found.sides, found.changes(), lang).split("\n")
    said = {
        "facts": [cause.sentence(lang) for cause in found.facts],
        "causes": first_causes(found.by_territory.values(), lang),
    }
    blocks: list[Block] = [Items(tuple(counts))] if counts else []
    blocks += [
        Details(words.said("texts", part, lang).rstrip(" :"), (Items(tuple(s)),)) for part, s in said.items() if s
    ]
    if found:
        named = [
            pl.col(f"session_{end}").replace(side.names[lang])
            for end, side in zip(("before", "after"), found.sides, strict=True)
        ]
        frame = found.to_polars(lang).sort(pl.col("change").cast(_FIRST), maintain_order=True).with_columns(named)
        labels = {name: words.said("columns", name, lang) for name in _CHANGED}
        blocks.append(
            Frame(
                messages("prai_match.explain", "display", lang)["difference"]["caption"],
                frame,
                labels,
                rest=".to_polars()",
            )
        )
    return display(title, *blocks, lang=lang)


@shown.register(TerritoryDifference)
def territory_difference(found: TerritoryDifference, lang: Lang) -> str:
    """Show what changed for one territory, and why."""
    title, *lines = found.text(lang).split("\n")
    return display(
        title, *([Items(tuple(line.strip().removeprefix(_FACT) for line in lines))] if lines else []), lang=lang
    )
