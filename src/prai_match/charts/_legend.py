"""A legend drawn beside a chart: symbols with letters, texts on several lines, and headings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match.charts._canvas import LINE, Row, canvas, points, texts
from prai_match.charts._theme import GREY, INK, SMALL, balanced

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt


@dataclass(frozen=True, slots=True)
class Key:
    """One line of a legend.

    Attributes:
        text: What it means.
        letter: What stands in the symbol.
        shape: Of the symbol; empty: a heading or a note, without a symbol.
        fill: Colour in the symbol.
        stroke: Colour around it.
        ink: Colour of the letter.
        size: Area of the symbol, square pixels.
        heading: Whether a text without a symbol is a heading.
    """

    text: str
    letter: str = ""
    shape: str = ""
    fill: str = "#ffffff"
    stroke: str = INK
    ink: str = INK
    size: float = 230
    heading: bool = True


def legend(keys: Sequence[Key], width: float = 240, height: float = 0) -> alt.LayerChart:
    """Return a legend as a chart; it is as high as its lines, and at least ``height``."""
    top = 4.0
    symbols: list[Row] = []
    letters: list[Row] = []
    entries: list[Row] = []
    headings: list[Row] = []
    for number, key in enumerate(keys):
        largest = _largest(keys, number)
        left = largest + 8 if key.shape else 0
        text = balanced(key.text, width - left, SMALL, lines=6)
        top += 10 if number and key.heading and not key.shape else 0
        block = max(key.size**0.5 * 1.15 if key.shape else 0, LINE * (text.count("\n") + 1)) + 6
        middle: Row = {"x": largest / 2, "y": top + block / 2}
        if key.shape:
            look = {"shape": key.shape, "fill": key.fill, "stroke": key.stroke, "size": key.size}
            symbols.append(middle | look)
            letters.append(middle | {"text": key.letter, "tone": key.ink})
            entries.append(middle | {"x": left, "text": text})
        else:
            (headings if key.heading else entries).append(middle | {"x": 0, "text": text, "tone": GREY})
        top += block
    return canvas(
        width,
        max(top, height),
        points(symbols, told=False),
        texts(letters, align="center", fontSize=9, fontWeight="bold", dy=1),
        texts(entries, fontSize=SMALL),
        texts(headings, fontSize=SMALL, fontWeight="bold"),
    )


def _largest(keys: Sequence[Key], number: int) -> float:
    """Return how wide the largest symbol is under the heading of a line of the legend."""
    starts = [place for place, key in enumerate(keys) if key.heading and not key.shape]
    start = max((place for place in starts if place <= number), default=0)
    end = min((place for place in starts if place > number), default=len(keys))
    return max([18.0, *(1.1 * math.sqrt(key.size) for key in keys[start:end] if key.shape)])
