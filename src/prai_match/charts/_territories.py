"""The map of the territories: what is recommended to each, or what each attended so far."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from prai_match import register
from prai_match.charts import _looks
from prai_match.charts._canvas import Row, canvas, points, texts
from prai_match.charts._legend import Key, legend
from prai_match.charts._map import View, attribution, background, outlines, zone
from prai_match.charts._theme import finished, library, shown, texts_of
from prai_match.errors import UnknownCodeError
from prai_match.text import counted, day, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import altair as alt

    from prai_match.charts._looks import Look, Looks
    from prai_match.errors import Lang
    from prai_match.model import Territory
    from prai_match.recommend import Answered

By = Literal["session", "coverage", "people"]

_MAIN, _INSET, _LEGEND = (600.0, 680.0), (190.0, 190.0), 260.0  # widest and highest
_LETTERED, _SMALLEST = 7.0, 2.5  # radius: of symbols that hold a letter, and of the smallest
_APART, _FEW = 36.0, 6  # pixels between territories: so far apart, all hold letters; fewer are never too close
_LOOKS = {"session": _looks.by_session, "coverage": _looks.by_coverage, "people": _looks.by_people}


def territories(recs: Answered, *, by: By = "session", lang: Lang = "fr") -> alt.HConcatChart:
    """Draw the map of the territories: each at its centre, with an area after its population.

    Territories overseas have maps of their own, below.

    Args:
        recs: Answered; their territories are shown, as of their day.
        by: What colours tell: ``session`` (the one recommended or, where there is none, the reason), ``coverage``
            (number of sessions attended so far) or ``people`` (attendances per 1,000 inhabitants so far).
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: ``by`` is none of these, or the language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
        >>> charts.territories(recs, by="coverage").to_dict()["title"]["text"]
        'Sessions suivies par chaque territoire'
    """
    words, answers = texts_of("territories", lang), recs.answers
    if by not in _LOOKS:
        raise UnknownCodeError("map", by, tuple(_LOOKS))
    codes = set(answers.chosen["territory"])
    places = [territory for territory in answers.programme.territories if territory.id in codes]
    drawing = mapped(places, _LOOKS[by](answers, words, lang), words, lang)
    on = words["on"].format(programme=answers.programme.name.get(lang), day=day(answers.on, lang))
    source = words["source"].format(attribution=attribution())
    return finished(drawing, words[f"{by}_title"], [on, source], lang)


def mapped(places: Iterable[Territory], found: Looks, words: Mapping[str, Any], lang: Lang) -> alt.HConcatChart:
    """Draw territories as they look, each at its centre, with the legend.

    Args:
        places: Territories.
        found: How each looks.
        words: Texts of the map of the territories.
        lang: Language of its texts.
    """
    # The largest first: small ones are drawn above them.
    ordered = sorted(places, key=lambda territory: (-territory.population, territory.id))
    sizes = _Sizes(ordered)
    maps = _Drawn(found.looks, sizes, words, lang).maps(ordered)
    drawing: alt.HConcatChart = library().hconcat(
        maps, legend([*found.keys, *sizes.keys(words, lang)], _LEGEND), spacing=18
    )
    return drawing


class _Sizes:
    """How large each territory is drawn: smaller where they stand closer together."""

    def __init__(self, places: Sequence[Territory]) -> None:
        self._most = max([1, *(territory.population for territory in places)])
        apart = min((_apart(found, _view(found, size)) for found, size in _zones(places)), default=_APART)
        self._least = min(_LETTERED, max(_SMALLEST, _LETTERED * apart / _APART))
        self._largest = max(4 * self._least, 14.0)

    def radius(self, population: float) -> float:
        """Return a radius in pixels: the area goes with the population, down to the smallest that shows."""
        return float(max(self._least, self._largest * math.sqrt(population / self._most)))

    def keys(self, words: Mapping[str, Any], lang: Lang) -> list[Key]:
        """Return some populations for the legend."""
        smallest = max(1.0, self._most * (self._least / self._largest) ** 2)
        large, middle, small = _round(self._most), _round((self._most * smallest) ** 0.5), _round(smallest)
        said = {small: words["smaller"].format(count=number(small, 0, lang))}
        for value in (middle, large):
            said.setdefault(value, counted(value, words["inhabitants"], lang))
        return [
            Key(words["population"]),
            *(Key(text, shape="circle", size=4 * self.radius(value) ** 2) for value, text in said.items()),
        ]


def _zones(places: Sequence[Territory]) -> list[tuple[list[Territory], tuple[float, float]]]:
    """Return the territories of each map and how wide and high it can be: the mainland's first, where there is one."""
    zones: dict[str, list[Territory]] = {}
    for territory in places:
        zones.setdefault(zone(territory.departement), []).append(territory)
    return [(zones[code], _INSET if number else _MAIN) for number, code in enumerate(sorted(zones))]


def _view(places: Sequence[Territory], size: tuple[float, float]) -> View:
    """Return the view of some territories and of the départements that they are in."""
    centres = [(territory.longitude, territory.latitude) for territory in places]
    return View.fitted([*outlines(territory.departement for territory in places), *centres], *size)


def _apart(places: Sequence[Territory], view: View) -> float:
    """Return about how far apart territories are drawn, in pixels, in the département where they stand closest."""
    apart = [_APART]
    for code, count in Counter(territory.departement for territory in places).items():
        if ring := outlines([code]):
            across, down = zip(*(view.place(*point) for point in ring), strict=True)
            apart.append(math.sqrt((max(across) - min(across)) * (max(down) - min(down)) / max(count, _FEW)))
    return min(apart)


def _round(value: float) -> int:
    """Return a number with one significant digit."""
    return int(float(f"{value:.0e}"))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What all maps of a chart have in common."""

    looks: Mapping[str, Look]
    sizes: _Sizes
    words: Mapping[str, Any]
    lang: Lang

    def maps(self, places: Sequence[Territory]) -> alt.LayerChart | alt.VConcatChart:
        """Draw the mainland, and what is overseas below it."""
        if not places:
            return canvas(_MAIN[0], 40, texts([{"x": 0, "y": 20, "text": self.words["empty"]}]))
        main, *others = [self.map(found, size) for found, size in _zones(places)]
        if not others:
            return main
        vega = library()
        drawn: alt.VConcatChart = vega.vconcat(main, vega.concat(*others, columns=3, spacing=12), spacing=12)
        return drawn

    def map(self, places: Sequence[Territory], size: tuple[float, float]) -> alt.LayerChart:
        """Draw the territories of a zone on its départements."""
        view, own = _view(places, size), {territory.departement for territory in places}
        symbols = [self.symbol(territory, view) for territory in places]
        letters = [
            one | {"text": one["letter"], "tone": one["ink"]} for one in symbols if one["size"] >= 4 * _LETTERED**2
        ]
        return canvas(
            view.width,
            view.height,
            *background(view, own, symbols),
            points(symbols, strokeWidth=1.4),
            texts(letters, align="center", fontSize=9, fontWeight="bold", dy=0.5, told=True),
        )

    def symbol(self, territory: Territory, view: View) -> Row:
        """Return the symbol of a territory, and what is told of it."""
        look = self.looks[territory.id]
        x, y = view.place(territory.longitude, territory.latitude)
        place = self.words["place"].format(
            name=shown(territory.name),
            departement=register.department(territory.departement),
            population=counted(territory.population, self.words["inhabitants"], self.lang),
        )
        return {
            "x": x,
            "y": y,
            "shape": look.key.shape,
            "fill": look.key.fill,
            "stroke": look.key.stroke,
            "ink": look.key.ink,
            "size": 4 * self.sizes.radius(territory.population) ** 2,
            "letter": look.letter,
            "told": self.words["told"].format(place=place, said=look.said),
        }
