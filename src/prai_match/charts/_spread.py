"""Charts of how sessions are spread over the population: the Lorenz curve, and shares by département."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from prai_match import _arguments as given, _spread, register
from prai_match.charts import _programme
from prai_match.charts._marks import Key, Row, layers, legend, marks, sentence, texts
from prai_match.charts._theme import GREY, INK, SHADES, WHITE, ChartWords, alt, lined, room, words_of
from prai_match.errors import Lang, UnknownCodeError
from prai_match.model import ProgrammeData

if TYPE_CHECKING:
    from prai_match.simulate import Outcomes

Of = Literal["sessions", "people"]

_SIZE, _WIDE, _ROW = 440, 420.0, 30.0
_SMALL_SIZE, _SMALL_WIDE = 280, 70.0  # on a phone
_COUNTS = {"sessions": _programme.sessions_by_territory, "people": _programme.people_by_territory}


@given.takes(received=given.a(ProgrammeData, "Outcomes"))
def lorenz(
    received: ProgrammeData | Outcomes, on: dt.date | None = None, *, of: Of = "sessions", lang: Lang | None = None
) -> alt.LayerChart:
    """Draw the Lorenz curve of what territories received against their population, with its Gini index.

    Territories are sorted from the least to the most served, relative to population. For a programme, the curve shows
    what they received until a day; for simulated outcomes, there is one curve per scenario, of mean attendances
    including those before the first day.

    Args:
        received: The programme, or outcomes of simulations.
        on: The day; by default, the last of the programme. Outcomes are counted over the whole period.
        of: For a programme, ``sessions`` (attended) or ``people`` (attending, counted at each session).
        lang: Language of its texts.

    Raises:
        UnknownCodeError: ``of`` is neither of these.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.lorenz(Programme.example()).to_dict()["title"]["subtitle"][0][:21]
        'Indice de Gini : 0,67'
    """
    if of not in _COUNTS:
        raise UnknownCodeError("curve", of, tuple(_COUNTS))
    words = words_of("shares", lang).part("lorenz")
    if not isinstance(received, ProgrammeData):
        return _simulated_lorenz(received, words)
    until = on or received.period.end
    curve = _curve(received, _COUNTS[of](received, until), words)
    about = words("on", programme=received.name, day=until)
    under = [words("gini", gini=_gini(curve, words)), about, words["source"]] if curve else [about]
    return words.finish(_curves([(curve, INK)], words[f"y_{of}"], words), words[f"title_{of}"], *under)


def _simulated_lorenz(outcomes: Outcomes, words: ChartWords) -> alt.LayerChart:
    own, tones = words_of("outcomes", words.lang), _programme.colours(outcomes)
    texts, attendances = own.part("lorenz"), _programme.attendance_shares(outcomes).rows()
    curves, keys = [], []
    for name, title in _programme.names(outcomes, words.lang).items():
        means = {code: mean for scenario, code, _, mean in attendances if scenario == name}
        curve = _curve(outcomes.programme, means, texts)
        curves.append(
            ([row | {"told": row["told"] and f"{title}{texts['of']}{row['told']}"} for row in curve], tones[name])
        )
        text = texts("key" if curve else "nothing", name=title, gini=_gini(curve, texts) if curve else "")
        keys.append(Key.of(text, tones[name], "circle"))
    drawing = _curves(curves, texts["y"], words, legend({texts["heading"]: keys}))
    return own.finish(drawing, texts["title"], *_programme.subtitle(outcomes, own), texts["note"], texts["meaning"])


def _curve(programme: ProgrammeData, received: Mapping[str, float], words: ChartWords) -> list[Row]:
    """Return the points of a curve, from 0 to 100, with their hover texts; empty if nothing was received."""
    places = programme.territories
    order, points = _spread.lorenz_curve(
        [(float(place.population), float(received.get(place.id, 0))) for place in places]
    )
    rows: list[Row] = [
        {"order": place, "population": 100 * x, "received": 100 * y, "told": None}
        for place, (x, y) in enumerate(points)
    ]
    for at, row in zip(order, rows[1:], strict=True):
        row["told"] = words("told", name=places[at].name, x=row["population"], y=row["received"])
    return rows


def _gini(curve: Sequence[Row], words: ChartWords) -> str:
    return words.number(_spread.gini_of([(row["population"] / 100, row["received"] / 100) for row in curve]), 2)


def _curves(
    curves: Sequence[tuple[Sequence[Row], str]], title: str, words: ChartWords, *legends: alt.LayerChart
) -> alt.LayerChart:
    """Draw coloured curves in a square, with the line of equality; a single curve is shaded up to it."""
    if not any(curve for curve, _ in curves):
        return sentence(words["none"])
    x, y = percents("x", "population:Q", words["x"]), percents("y", "received:Q", title)
    lines = []
    for curve, tone in curves:
        base = marks(curve).encode(x=x, y=y)
        lines += [base.mark_area(color=SHADES[3], opacity=0.35).encode(y2="population:Q")] if len(curves) == 1 else []
        line = base.mark_line(color=tone, strokeWidth=2.5).encode(order="order:Q")
        lines += [line, base.mark_circle(color=tone, size=16, opacity=1).encode(tooltip="told:N")]
    return layers(
        *lines, *equality(words["equal"], 62), *legends, width=room(_SIZE, _SMALL_SIZE), height=room(_SIZE, _SMALL_SIZE)
    )


def percents(channel: Literal["x", "y"], field: str, title: str) -> Any:  # noqa: ANN401 - of the library
    axis = alt.Axis(title=lined(title, room(999, _SMALL_SIZE)), values=list(range(0, 101, 20)))
    return (alt.X if channel == "x" else alt.Y)(field, scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)


def equality(text: str, at: float) -> list[alt.Chart]:
    """Draw the line on which both axes are equal, from 0 to 100, and name it above a value."""
    same = {"x": "even:Q", "y": "even:Q"}
    line = marks([{"even": 0}, {"even": 100}]).mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(**same)
    name = marks([{"even": at, "text": text}]).mark_text(
        angle=315, align="center", baseline="bottom", dy=-3, color=GREY
    )
    return [line, name.encode(**same, text="text:N")]


@given.takes()
def shares(programme: ProgrammeData, on: dt.date | None = None, lang: Lang | None = None) -> alt.LayerChart:
    """Draw each département's share of the sessions held until a day, with its share of the population as a mark.

    Only the département and the population of territories count. The day is by default the last of the programme.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.shares(Programme.example()).to_dict()["title"]["text"]
        'Part des sessions par département'
    """
    words, until = words_of("shares", lang), on or programme.period.end
    places = {territory.id: territory.departement for territory in programme.territories}
    sessions = Counter(places[session.host] for session in programme.sessions if session.date <= until)
    people: Counter[str] = Counter()
    for territory in programme.territories:
        people[territory.departement] += territory.population
    codes = sorted(people, key=lambda code: (-sessions[code], -people[code], code))
    rows = [_share(code, sessions, people, words) for code in codes]
    most = max([10.0, *(row[share] for row in rows for share in ("share", "population"))])
    scale, axis = alt.Scale(domain=[0, most], nice=False), alt.Axis(tickCount=room(5, 3))
    x = alt.X("share:Q", title=words["axis"], scale=scale, axis=axis)
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None))
    wide = room(_WIDE, _SMALL_WIDE)
    ends = {"sessions": wide + room(90, 72), "population": wide + room(180, 140)}
    diamond: Row = {"shape": "diamond", "fill": WHITE}
    keys = [Key(words["sessions"], fill=SHADES[3], stroke=GREY), Key(words["population"], **diamond)]
    drawing = layers(
        marks(rows).mark_bar(size=18, color=SHADES[3]).encode(x=x, y=y, tooltip="told:N"),
        marks(rows).mark_point(**diamond, size=110).encode(x="population:Q", y=y, tooltip="told:N"),
        texts(rows, "sessions", align="right").encode(x=ends["sessions"], y=y),
        texts(rows, "people", align="right").encode(x=ends["population"], y=y),
        *(
            texts([{"text": words[f"head_{name}"]}], align="right", fontWeight="bold", color=GREY).encode(x=end, y=-12)
            for name, end in ends.items()
        ),
        legend({"": keys}, orient="top"),
        width=wide,
        height=_ROW * len(rows),
    )
    about = words("on", programme=programme.name, count=words.count("count", sessions.total()), day=until)
    return words.finish(drawing, words["title"], about, words["source" if sessions else "none"])


def _share(code: str, sessions: Counter[str], people: Counter[str], words: ChartWords) -> Row:
    share, inhabitants = 100 * sessions[code] / max(sessions.total(), 1), 100 * people[code] / max(people.total(), 1)
    about = {"name": register.department(code), "share": share, "population": inhabitants}
    return about | {
        "sessions": words("value", share=share, count=str(sessions[code])),
        "people": words("percent", share=inhabitants),
        "told": words("told", **about, count=words.count("count", sessions[code])),
    }
