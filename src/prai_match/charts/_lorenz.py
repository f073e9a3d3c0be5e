"""The Lorenz curve: whether what territories received goes with their population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from prai_match._spread import gini_of, lorenz_curve
from prai_match.charts._canvas import canvas, rows, texts
from prai_match.charts._counts import people_trained, sessions_attended
from prai_match.charts._theme import GREY, PALETTE, SMALL, finished, library, shown, texts_of
from prai_match.errors import UnknownCodeError
from prai_match.text import day, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.model import ProgrammeData

Of = Literal["sessions", "people"]

_SIZE = 440
_COUNTS = {"sessions": sessions_attended, "people": people_trained}


def lorenz(
    programme: ProgrammeData, on: dt.date | None = None, *, of: Of = "sessions", lang: Lang = "fr"
) -> alt.LayerChart:
    """Draw the Lorenz curve of what territories received until a day against their population, with its Gini index.

    Territories stand from the least served to the most, for their population.

    Args:
        programme: The programme.
        on: The day; without it, the last of the programme.
        of: ``sessions`` (attended) or ``people`` (who came, counted at each session).
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: ``of`` is neither of these, or the language is neither ``fr`` nor ``en``.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.lorenz(Programme.example()).to_dict()["title"]["subtitle"][0][:21]
        'Indice de Gini : 0,67'
    """
    words, until = texts_of("shares", lang)["lorenz"], on or programme.period.end
    if of not in _COUNTS:
        raise UnknownCodeError("curve", of, tuple(_COUNTS))
    found = _COUNTS[of](programme, until)
    amounts = [(float(place.population), float(found.get(place.id, 0))) for place in programme.territories]
    order, curve = lorenz_curve(amounts)
    title, last = words[f"title_{of}"], words["on"].format(programme=programme.name.get(lang), day=day(until, lang))
    if not curve:
        empty = canvas(_SIZE, 40, texts([{"x": 0, "y": 20, "text": words["none"]}]))
        return finished(empty, title, [last], lang)
    names = [programme.territories[place].name for place in order]
    drawing = drawn([Curve(curve, list(told(curve, names, words["told"], lang)), PALETTE[0])], words[f"y_{of}"], words)
    gini = words["gini"].format(gini=number(gini_of(curve), 2, lang))
    return finished(drawing, title, [gini, last, words["source"]], lang)


@dataclass(frozen=True, slots=True)
class Curve:
    """A Lorenz curve as it is drawn.

    Attributes:
        points: From (0, 0) to (1, 1).
        told: What is told of each point but the first.
        colour: Of the line.
    """

    points: Sequence[tuple[float, float]]
    told: Sequence[str]
    colour: str


def told(points: Sequence[tuple[float, float]], names: Sequence[str], text: str, lang: Lang) -> Iterator[str]:
    """Return what is told of each point but the first, by the names of the territories in the order of the curve."""
    for name, (x, y) in zip(names, points[1:], strict=True):
        yield text.format(name=shown(name), x=number(100 * x, 0, lang), y=number(100 * y, 0, lang))


def drawn(curves: Sequence[Curve], up_title: str, words: Mapping[str, Any]) -> alt.LayerChart:
    """Draw curves in a square, with the line of equality; one alone is shaded up to it."""
    vega = library()
    ticks = vega.Axis(values=list(range(0, 101, 20)), labelFlush=False)
    scale = vega.Scale(domain=[0, 100], nice=False)
    across = vega.X("population:Q", title=words["x"], scale=scale, axis=ticks)
    up = vega.Y("received:Q", title=up_title, scale=scale, axis=ticks)
    bases = [vega.Chart(rows(_steps(curve))) for curve in curves]
    on_line = {"population": 62, "received": 62, "text": words["equal"]}
    areas = [base.mark_area(color=PALETTE[4], opacity=0.35).encode(across, up, vega.Y2("even:Q")) for base in bases]
    equal = bases[0].mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.5)
    lines = [
        mark
        for base, curve in zip(bases, curves, strict=True)
        for mark in (
            base.mark_line(color=curve.colour, strokeWidth=2.5).encode(across, up, vega.Order("order:Q")),
            base.mark_point(color=curve.colour, filled=True, size=16, opacity=1).encode(across, up, tooltip="told:N"),
        )
    ]
    drawing: alt.LayerChart = vega.layer(
        *(areas if len(curves) == 1 else []),
        equal.encode(across, vega.Y("even:Q", scale=scale)),
        *lines,
        vega.Chart(rows([on_line]))
        .mark_text(angle=315, baseline="bottom", fontSize=SMALL, color=GREY, dy=-3)
        .encode(across, up, vega.Text("text:N")),
        width=_SIZE,
        height=_SIZE,
    )
    return drawing


def _steps(curve: Curve) -> Iterator[dict[str, Any]]:
    for place, (said, (x, y)) in enumerate(zip([None, *curve.told], curve.points, strict=True)):
        yield {"order": place, "population": 100 * x, "received": 100 * y, "even": 100 * x, "told": said}
