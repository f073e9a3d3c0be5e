"""Which assumptions matter most: a measure with each parameter at both ends of its range, as bars from the middle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.charts._axis import Axis
from prai_match.charts._canvas import Row, canvas, points, rects, rules, texts
from prai_match.charts._scenarios import amount
from prai_match.charts._theme import GREY, INK, PALE, PALETTE, SMALL, balanced, finished, texts_of
from prai_match.text import counted, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.simulate import Measure, Sensitivity

_SHOWN = 15
_LABELS, _LEFT, _BARS, _GIVEN, _SOURCE = 260.0, 340.0, 380.0, 800.0, 140.0  # where they end or begin, and widths
_TOP, _ROW, _BAR, _LANE, _KEY = 38.0, 36.0, 18.0, 8.0, 250.0
_FILLS = {"low": PALETTE[1], "high": PALETTE[0]}


def tornado(sensitivity: Sensitivity, lang: Lang = "fr") -> alt.LayerChart:
    """Draw how a measure changes with each parameter at the low and the high end of its range, the strongest first.

    Beside each bar stands the value of the parameter; the black line is the interval of the mean difference.

    Args:
        sensitivity: What `prai_match.simulate.sensitivity` found; its first 15 parameters are shown.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario, sensitivity
        >>> found = sensitivity(
        ...     Programme.example(), Scenario(name="now"), dt.date(2008, 1, 1), dt.date(2008, 1, 31),
        ...     measure="needs", only=["asks_a_year"], replications=2,
        ... )
        >>> charts.tornado(found).to_dict()["title"]["text"]
        'Les hypothèses qui comptent le plus pour « Besoins exprimés »'
    """
    from prai_match.simulate import measures  # noqa: PLC0415 - it needs numpy, as the sensitivity did

    words = texts_of("outcomes", lang)["tornado"]
    measure = measures()[sensitivity.measure]
    moving = sensitivity.frame.filter((pl.col("low") != 0) | (pl.col("high") != 0))
    lines = moving.head(_SHOWN).rows(named=True)
    title = words["title"].format(measure=measure.meaning(lang))
    if not lines:
        return finished(canvas(_BARS, 40, texts([{"x": 0, "y": 20, "text": words["none"]}])), title, [], lang)
    base = words["base"].format(base=amount(lines[0]["base"], measure, lang))
    hidden = sensitivity.frame.height - len(lines)
    rest = counted(hidden, words["left_out"], lang) if hidden else ""
    return finished(_Drawn(lines, measure, words, lang).chart(), title, [base, words["reading"], rest], lang)


@dataclass(frozen=True)
class _Drawn:
    """The bars of some rows of a sensitivity."""

    rows: Sequence[Mapping[str, Any]]
    measure: Measure
    words: Mapping[str, Any]
    lang: Lang

    @cached_property
    def axis(self) -> Axis:
        """Differences, with 0 among them."""
        ends = (end for row in self.rows for low, _, high in map(_ends, (row, row), _FILLS) for end in (low, high))
        return Axis.fitted([0.0, *ends], _LEFT, _LEFT + _BARS, 6)

    def chart(self) -> alt.LayerChart:
        """Draw the bars between the names of the parameters and where their values come from."""
        axis, height = self.axis, _TOP + len(self.rows) * _ROW
        ticks: list[Row] = [
            {"x": axis.place(tick), "x2": axis.place(tick), "y": _TOP, "y2": height, "text": text}
            for tick in axis.ticks()
            for text in [axis.written(tick, self.lang, difference=True)]
        ]
        bars = [bar for place in range(len(self.rows)) for bar in self._bars(place)]
        beside = [bar | {"x": bar["beside"], "y": bar["middle"], "text": bar["value"]} for bar in bars]
        return canvas(
            _GIVEN + _SOURCE,
            height + 40,
            rules(ticks, color=PALE),
            rects(bars, cornerRadius=1),
            rules([{"x": axis.place(0), "x2": axis.place(0), "y": _TOP - 4, "y2": height}], color=INK),
            rules([bar["error"] for bar in bars], color=INK, strokeWidth=1.4),
            texts([row for row in beside if row["left"]], align="right", fontSize=SMALL, told=True),
            texts([row for row in beside if not row["left"]], fontSize=SMALL, told=True),
            texts(list(self._names()), align="right", fontSize=SMALL),
            texts(list(self._sources()), fontSize=SMALL),
            texts([tick | {"y": height + 12} for tick in ticks], align="center", fontSize=SMALL),
            texts([{"x": _LEFT, "y": height + 32, "text": self._title(), "tone": GREY}], fontSize=SMALL),
            *self._legend(),
        )

    def _title(self) -> str:
        return str(self.words["axis"].format(measure=self.measure.meaning(self.lang)))

    def _legend(self) -> Iterator[alt.Chart]:
        keys: list[Row] = [
            {"x": _LABELS + place * _KEY, "y": 8, "shape": "square", "fill": fill, "stroke": fill, "size": 150}
            | {"text": self.words[end]}
            for place, (end, fill) in enumerate(_FILLS.items())
        ]
        yield points(keys, told=False)
        yield texts([key | {"x": key["x"] + 14} for key in keys], fontSize=SMALL)
        yield texts(
            [{"x": _GIVEN, "y": 8, "text": self.words["given"], "tone": GREY}], fontSize=SMALL, fontWeight="bold"
        )

    def _names(self) -> Iterator[Row]:
        for place, row in enumerate(self.rows):
            yield {"x": _LABELS, "y": _middle(place), "text": balanced(self._name(row), _LABELS, SMALL)}

    def _name(self, row: Mapping[str, Any]) -> str:
        from prai_match.simulate import Behaviour  # noqa: PLC0415 - it needs numpy, as the sensitivity did

        field = Behaviour.model_fields[row["parameter"]]
        french: Any = field.json_schema_extra
        return str(french["description_fr"] if self.lang == "fr" else field.description)

    def _sources(self) -> Iterator[Row]:
        for place, row in enumerate(self.rows):
            yield {"x": _GIVEN, "y": _middle(place), "text": self.words["sources"][row["given"]], "tone": GREY}

    def _bars(self, place: int) -> Iterator[Row]:
        """Give the bars of a parameter, below each other where both go the same way."""
        row, axis = self.rows[place], self.axis
        together = (row["low"] or 0.0) * (row["high"] or 0.0) > 0
        for end, aside in zip(_FILLS, (-_LANE, _LANE), strict=True):
            middle = _middle(place) + (aside if together else 0.0)
            half = _LANE - 2 if together else _BAR / 2
            low, mean, high = _ends(row, end)
            other = _ends(row, "low" if end == "high" else "high")[1]
            left = mean < 0 or (mean == 0 and other > 0)
            edges = sorted([axis.place(0), axis.place(mean)])
            error = {"x": axis.place(low), "x2": axis.place(high), "y": middle, "y2": middle}
            yield {
                "x": edges[0],
                "x2": edges[1],
                "y": middle - half,
                "y2": middle + half,
                "fill": _FILLS[end],
                "middle": middle,
                "error": error,
                "beside": min(edges[0], error["x"]) - 6 if left else max(edges[1], error["x2"]) + 6,
                "left": left,
                **self._said(row, end),
            }

    def _said(self, row: Mapping[str, Any], end: str) -> Row:
        """Return what is written beside a bar, and what is told of it."""
        from prai_match.simulate import parameters  # noqa: PLC0415 - as above

        low, mean, high = (amount(value, self.measure, self.lang, difference=True) for value in _ends(row, end))
        value = _value(row[f"{end}_value"], self.lang)
        source = parameters()[row["parameter"]].source(self.lang)
        told = {"parameter": self._name(row), "value": value, "change": mean, "low": low, "high": high}
        return {
            "value": self.words["at"].format(value=value, change=mean),
            "told": self.words["told"].format(**told, source=source),
        }


def _middle(place: int) -> float:
    return _TOP + (place + 0.5) * _ROW


def _ends(row: Mapping[str, Any], end: str) -> tuple[float, float, float]:
    """Return the mean difference at an end of a parameter's range between the ends of its interval."""
    mean, error = row[end] or 0.0, row[f"{end}_error"] or 0.0
    return mean - error, mean, mean + error


def _value(value: float, lang: Lang) -> str:
    r"""Write the value of a parameter with the digits that it has, three at most."""
    return number(value, next((digits for digits in (0, 1, 2) if round(value, digits) == value), 3), lang)
