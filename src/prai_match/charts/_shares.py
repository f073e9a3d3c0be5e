"""The share of the sessions that each département hosted, beside its share of the population."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from prai_match import register
from prai_match.charts._marks import Key, Row, layered, legend, marks, texts
from prai_match.charts._theme import GREY, PALETTE, finished, library, texts_of
from prai_match.text import counted, current_language, day, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.model import ProgrammeData

_WIDE, _ROW = 420.0, 30.0
_SESSIONS, _PEOPLE = _WIDE + 90, _WIDE + 180  # where the figures end


def shares(programme: ProgrammeData, on: dt.date | None = None, lang: Lang | None = None) -> alt.LayerChart:
    """Draw each département's share of the sessions held until a day, with its share of the population as a mark.

    Args:
        programme: The programme; only its territories' départements and population count.
        on: The day; without it, the last of the programme.
        lang: Language of its texts.

    Example:
        >>> from prai_match import Programme, charts
        >>> charts.shares(Programme.example()).to_dict()["title"]["text"]
        'Part des sessions par département'
    """
    lang = current_language(lang)
    words, vega, until = texts_of("shares", lang), library(), on or programme.period.end
    places = {territory.id: territory.departement for territory in programme.territories}
    held = Counter(places[session.host] for session in programme.sessions if session.date <= until)
    people: Counter[str] = Counter()
    for territory in programme.territories:
        people[territory.departement] += territory.population
    ordered = sorted(people, key=lambda code: (-held[code], -people[code], code))
    rows = [_row(code, held, people, words, lang) for code in ordered]
    most = max([10.0, *(row[share] for row in rows for share in ("share", "population"))])
    scale, axis = vega.Scale(domain=[0, most], nice=False), vega.Axis(tickCount=5)
    x = vega.X("share:Q", title=words["axis"], scale=scale, axis=axis)
    y = vega.Y("name:N", sort=None, axis=vega.Axis(title=None))
    keys = [
        Key(words["sessions"], fill=PALETTE[0], stroke=PALETTE[0]),
        Key(words["population"], shape="diamond", fill=PALETTE[1]),
    ]
    heads = [
        texts([{"text": words[name]}], align="right", fontWeight="bold", color=GREY).encode(x=end, y=-12)
        for name, end in (("head_sessions", _SESSIONS), ("head_population", _PEOPLE))
    ]
    drawing = layered(
        marks(rows).mark_bar(size=18, color=PALETTE[0]).encode(x=x, y=y, tooltip="told:N"),
        marks(rows)
        .mark_point(shape="diamond", fill=PALETTE[1], size=110)
        .encode(x="population:Q", y=y, tooltip="told:N"),
        texts(rows, "sessions", align="right").encode(x=_SESSIONS, y=y),
        texts(rows, "people", align="right").encode(x=_PEOPLE, y=y),
        *heads,
        legend({"": keys}, orient="top"),
        width=_WIDE,
        height=_ROW * len(rows),
    )
    count = counted(sum(held.values()), words["count"], lang)
    about = words["on"].format(programme=programme.name.get(lang), count=count, day=day(until, lang))
    return finished(drawing, words["title"], [about, words["source"] if held else words["none"]], lang)


def _row(code: str, held: Mapping[str, int], people: Mapping[str, int], words: Mapping[str, Any], lang: Lang) -> Row:
    share = 100 * held.get(code, 0) / max(sum(held.values()), 1)
    inhabitants = 100 * people[code] / max(sum(people.values()), 1)
    said = {
        "name": register.department(code),
        "share": number(share, 0, lang),
        "count": counted(held.get(code, 0), words["count"], lang),
        "population": number(inhabitants, 0, lang),
    }
    return {
        "name": said["name"],
        "share": share,
        "population": inhabitants,
        "sessions": words["value"].format_map(said | {"count": held.get(code, 0)}),
        "people": words["percent"].format(share=said["population"]),
        "told": words["told"].format_map(said),
    }
