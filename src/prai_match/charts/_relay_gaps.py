"""The map of relay gaps: départements where sessions lack a relay, with the cause, and who is waiting."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from prai_match import _arguments as given, register
from prai_match.charts._map import AT, Drawing, View, attribution, maps, outlines, views
from prai_match.charts._marks import Key, Row, legend, marks, plain
from prai_match.charts._theme import GREY, WHITE, alt, words_of
from prai_match.errors import Lang

if TYPE_CHECKING:
    from prai_match.gaps import RelayGaps

# By cause; dashes distinguish causes without colours.
_CAUSES = {
    cause: Key("", "", "square", f"{colour}40", colour, dash)
    for cause, colour, dash in (
        ("covers", "#76869a", (1, 0)),
        ("carries", "#8a63d2", (7, 3)),
        ("room", "#8a7a00", (2, 2)),
    )
}
_WAITS: Row = {"fill": GREY, "stroke": WHITE, "size": 60.0}
_SERVED: Row = {"fill": WHITE, "stroke": GREY, "size": 26.0}


@given.takes(gaps=given.a("RelayGaps"))
def relay_gaps(gaps: RelayGaps, lang: Lang | None = None) -> alt.HConcatChart:
    """Draw where relays are missing: départements with gaps, outlined by cause, and who is waiting.

    If a département has several causes, that of its first gap is shown.

    Example:
        >>> from prai_match import Programme, charts
        >>> gaps = Programme.example().relay_gaps("2007-09-03", top=1)
        >>> charts.relay_gaps(gaps).to_dict()["title"]["text"]
        'Relais manquants'
    """
    words, programme, name_of = words_of("relay_gaps", lang), gaps.answers.programme, register.department
    first = gaps.gaps.unique("departement", keep="first", maintain_order=True).sort("departement")
    counts, sessions = Counter(gaps.gaps["departement"]), len(programme.catalogue.sessions)
    told: dict[str, dict[str, Row]] = {cause: {} for cause in _CAUSES}
    for code, cause in first.select("departement", "cause").iter_rows():
        hint = words("lacks", name=name_of(code), count=counts[code], all=sessions, cause=words["causes"][cause])
        told[cause][code] = {"told": hint}
    left = gaps.waiting.filter(~pl.col("seated")).join(gaps.gaps, on=["departement", "session"], how="semi")
    waits = Counter(left["territory"])

    def draw(view: View) -> Drawing:
        here = {place.departement for place in view.places}
        areas = [
            outlines({code: row for code, row in told[cause].items() if code in here})
            .mark_geoshape(fill=key.fill, stroke=key.stroke, strokeWidth=3, strokeDash=[*key.dash])
            .encode(tooltip="told:N")
            for cause, key in _CAUSES.items()
            if here & told[cause].keys()
        ]
        rows = [
            {"longitude": place.longitude, "latitude": place.latitude, **(_WAITS if place.id in waits else _SERVED)}
            | {"told": words("waits" if place.id in waits else "served", name=place.name, count=waits[place.id])}
            for place in view.places
        ]
        circles = marks(rows).mark_point(shape="circle", strokeWidth=1)
        return areas, [circles.encode(**AT, **plain("fill", "stroke", "size"), tooltip="told:N")], rows

    groups = {
        words["missing"]: [
            replace(key, text=words("departements", cause=words["causes"][cause], count=len(told[cause])))
            for cause, key in _CAUSES.items()
            if told[cause]
        ],
        words["territories"]: [
            Key(words(name, count=count), "", "circle", look["fill"], look["stroke"])
            for name, look, count in (
                ("waiting", _WAITS, len(waits)),
                ("others", _SERVED, len(programme.territories) - len(waits)),
            )
            if count
        ],
    }
    drawing = maps(views(programme.territories), words["empty"], draw, legend(groups))
    on = words("on", programme=programme.name, day=gaps.answers.on)
    source = words("source", attribution=attribution())
    return words.finish(drawing, words["title"], on, words["none"] if not gaps else "", source)
