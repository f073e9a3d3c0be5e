"""The Lorenz curve: whether what territories received goes with their population."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from prai_match._spread import gini_of, lorenz_curve
from prai_match.charts._marks import Key, Row, layered, legend, marks, sentence
from prai_match.charts._programme import people_trained, sessions_attended
from prai_match.charts._scenarios import attended, colours, names, subtitle
from prai_match.charts._theme import GREY, PALETTE, finished, library, shown, texts_of
from prai_match.errors import UnknownCodeError
from prai_match.model import ProgrammeData
from prai_match.text import current_language, day, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.simulate import Outcomes

Of = Literal["sessions", "people"]

_SIZE = 440
_COUNTS = {"sessions": sessions_attended, "people": people_trained}


def lorenz(
    received: ProgrammeData | Outcomes, on: dt.date | None = None, *, of: Of = "sessions", lang: Lang | None = None
) -> alt.LayerChart:
    """Draw the Lorenz curve of what territories received against their population, with its Gini index.

    Territories stand from the least served to the most, for their population. Of a programme it is what they received
    until a day; of simulated outcomes a curve a scenario, of the mean attendances, those before the first day too.

    Args:
        received: The programme, or outcomes of simulations.
        on: The day; without it, the last of the programme. Outcomes are counted whole.
        of: ``sessions`` (attended) or ``people`` (who came, counted at each session), of a programme.
        lang: Language of its texts.

    Raises:
        UnknownCodeError: ``of`` is neither of these.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.lorenz(Programme.example()).to_dict()["title"]["subtitle"][0][:21]
        'Indice de Gini : 0,67'
    """
    lang = current_language(lang)
    if of not in _COUNTS:
        raise UnknownCodeError("curve", of, tuple(_COUNTS))
    words = texts_of("shares", lang)["lorenz"]
    if not isinstance(received, ProgrammeData):
        return _simulated(received, words, lang)
    until = on or received.period.end
    curve = _curve(received, _COUNTS[of](received, until), words["told"], lang)
    about = words["on"].format(programme=received.name.get(lang), day=day(until, lang))
    under = [words["gini"].format(gini=_gini(curve, lang)), about, words["source"]] if curve else [about]
    return finished(_drawn([(curve, PALETTE[0])], words[f"y_{of}"], words), words[f"title_{of}"], under, lang)


def _simulated(outcomes: Outcomes, words: Mapping[str, Any], lang: Lang) -> alt.LayerChart:
    """Draw a curve a scenario."""
    own, titles, tones = texts_of("outcomes", lang), names(outcomes, lang), colours(outcomes)
    said, found = own["lorenz"], attended(outcomes).rows()
    curves, keys = [], []
    for name, title in titles.items():
        means = {code: mean for scenario, code, _, mean in found if scenario == name}
        curve = _curve(outcomes.programme, means, said["told"], lang)
        told = [row | {"told": row["told"] and f"{title}{said['of']}{row['told']}"} for row in curve]
        curves.append((told, tones[name]))
        text = said["key" if curve else "nothing"].format(name=title, gini=_gini(curve, lang) if curve else "")
        keys.append(Key(text, "", "circle", tones[name], tones[name]))
    drawing = _drawn(curves, said["y"], words, legend({said["heading"]: keys}))
    under = [*subtitle(outcomes, own, lang), said["note"], said["meaning"]]
    return finished(drawing, said["title"], under, lang)


def _curve(programme: ProgrammeData, received: Mapping[str, float], text: str, lang: Lang) -> list[Row]:
    """Return the points of a curve, from 0 to 100, with what is told of each; none where nothing was received."""
    places = programme.territories
    order, points = lorenz_curve([(float(place.population), float(received.get(place.id, 0))) for place in places])
    if not points:
        return []
    shares = [(100 * x, 100 * y) for x, y in points]
    told = (
        text.format(name=shown(places[at].name), x=number(x, 0, lang), y=number(y, 0, lang))
        for at, (x, y) in zip(order, shares[1:], strict=True)
    )
    return [
        {"order": place, "population": x, "received": y, "told": said}
        for place, ((x, y), said) in enumerate(zip(shares, [None, *told], strict=True))
    ]


def _gini(curve: Sequence[Row], lang: Lang) -> str:
    return number(gini_of([(row["population"] / 100, row["received"] / 100) for row in curve]), 2, lang)


def _drawn(
    curves: Sequence[tuple[Sequence[Row], str]], title: str, words: Mapping[str, Any], *legends: alt.LayerChart
) -> alt.LayerChart:
    """Draw curves, each in its colour, in a square, with the line of equality; one alone is shaded up to it."""
    if not any(curve for curve, _ in curves):
        return sentence(words["none"])
    x, y = percents("x", "population:Q", words["x"]), percents("y", "received:Q", title)
    lines = []
    for curve, tone in curves:
        base = marks(curve).encode(x=x, y=y)
        lines += [base.mark_area(color=PALETTE[4], opacity=0.35).encode(y2="population:Q")] if len(curves) == 1 else []
        lines.append(base.mark_line(color=tone, strokeWidth=2.5).encode(order="order:Q"))
        lines.append(base.mark_circle(color=tone, size=16, opacity=1).encode(tooltip="told:N"))
    return layered(*lines, *equality(words["equal"], 62), *legends, width=_SIZE, height=_SIZE)


def percents(channel: Literal["x", "y"], field: str, title: str) -> Any:  # noqa: ANN401 - of the library
    """Return a channel with an axis from 0 to 100."""
    vega = library()
    axis = vega.Axis(title=title, values=list(range(0, 101, 20)))
    return (vega.X if channel == "x" else vega.Y)(field, scale=vega.Scale(domain=[0, 100], nice=False), axis=axis)


def equality(text: str, at: float) -> list[alt.Chart]:
    """Draw the line on which both axes are equal, from 0 to 100, and name it above a value."""
    same = {"x": "even:Q", "y": "even:Q"}
    line = marks([{"even": 0}, {"even": 100}]).mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(**same)
    name = marks([{"even": at, "text": text}]).mark_text(
        angle=315, align="center", baseline="bottom", dy=-3, color=GREY
    )
    return [line, name.encode(**same, text="text:N")]
