"""What each scenario changes: mean differences to the first, with their intervals, a panel a measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.charts._axis import Axis
from prai_match.charts._canvas import Row, canvas, points, rules, texts
from prai_match.charts._scenarios import amount, colours, names, subtitle
from prai_match.charts._theme import GREY, INK, PALE, RULE, SMALL, finished, texts_of, width_of, wrapped
from prai_match.errors import UnknownCodeError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.simulate import Measure, Outcomes

_MEASURES = ("workshops", "served", "reached", "elected", "unmet", "spent")
_LEFT, _WIDE, _VALUE, _APART, _ACROSS = 190.0, 190.0, 64.0, 26.0, 3
_HEAD, _ROW, _FOOT = 40.0, 26.0, 32.0


def differences(outcomes: Outcomes, lang: Lang = "fr", *, measures: Iterable[str] = _MEASURES) -> alt.LayerChart:
    """Draw what each scenario changes: its mean difference to the first and the interval of it, a panel a measure.

    Args:
        outcomes: Outcomes of simulations, of several scenarios.
        lang: Language of its texts.
        measures: Names of measures of the whole programme (see `prai_match.simulate.measures`).

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: There is no such measure, or it is only counted for parts of the programme, or the language
            is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(
        ...     [Scenario(name="baseline"), Scenario.of("cut", budget_times=0.5)],
        ...     dt.date(2007, 1, 1), dt.date(2007, 2, 28), replications=2,
        ... )
        >>> charts.differences(outcomes, measures=["served"]).to_dict()["title"]["text"]
        'Ce que chaque scénario change'
    """
    words, titles = texts_of("outcomes", lang), names(outcomes, lang)
    said, (first, *others) = words["differences"], titles.values()
    whole = outcomes.differences().filter(pl.col("of").is_null())
    whole_measures = outcomes.summary().filter(pl.col("of").is_null())["measure"].unique().to_list()
    chosen = list(measures)
    for name in chosen:
        if name not in whole_measures:
            raise UnknownCodeError("measure", name, nearest(name, sorted(whole_measures)))
    under = [said["compared"].format(baseline=first), said["reading"], *subtitle(outcomes, words, lang)]
    if not others or not chosen:
        empty = canvas(_LEFT + _WIDE, 40, texts([{"x": 0, "y": 20, "text": words["alone"]}]))
        return finished(empty, said["title"], list(subtitle(outcomes, words, lang)), lang)
    tones = colours(outcomes)
    panels = [
        _Panel(
            outcomes.measures[name],
            [_Line(row, titles[row["scenario"]], tones[row["scenario"]]) for row in rows.iter_rows(named=True)],
            said,
            lang,
        )
        for name in chosen
        for rows in [whole.filter(measure=name)]
    ]
    return finished(_drawn(panels, others), said["title"], under, lang)


@dataclass(frozen=True, slots=True)
class _Line:
    """A scenario in a panel: its row of the differences, what it is called and its colour."""

    row: Mapping[str, Any]
    title: str
    colour: str


@dataclass(frozen=True, slots=True)
class _Panel:
    """A measure."""

    measure: Measure
    lines: Sequence[_Line]
    words: Mapping[str, Any]
    lang: Lang

    def axis(self, left: float) -> Axis:
        """Return the axis, with 0 in it."""
        ends = [end for line in self.lines for low, high in (_outer(line.row), _inner(line.row)) for end in (low, high)]
        return Axis.fitted([0.0, *ends], left, left + _WIDE, 4)

    def title(self) -> str:
        """Return the measure and its unit."""
        meaning, unit = self.measure.meaning(self.lang), self.measure.unit
        return self.words["unit"].format(measure=meaning, unit=unit) if unit else meaning

    def told(self, line: _Line) -> str:
        """Return what is told of a scenario."""
        (least, most), (low, high) = _outer(line.row), _inner(line.row)
        values = {"mean": line.row["mean"] or 0.0, "low": low, "high": high, "least": least, "most": most}
        written = {name: self.written(value) for name, value in values.items()}
        return str(self.words["told"].format(scenario=line.title, measure=self.measure.meaning(self.lang), **written))

    def written(self, value: float) -> str:
        """Write a difference."""
        return amount(value, self.measure, self.lang, difference=True)


def _outer(row: Mapping[str, Any]) -> tuple[float, float]:
    return row["low"] or 0.0, row["high"] or 0.0


def _inner(row: Mapping[str, Any]) -> tuple[float, float]:
    mean, error = row["mean"] or 0.0, row["error"] or 0.0
    return mean - error, mean + error


def _drawn(panels: Sequence[_Panel], others: Sequence[str]) -> alt.LayerChart:
    """Draw panels side by side, with the scenarios at the left of each line of them."""
    high = _HEAD + len(others) * _ROW + _FOOT
    labels, back, thin, thick, dots, values = (list[Row]() for _ in range(6))
    zero: list[Row] = []
    heads: list[Row] = []
    ticks: list[Row] = []
    lines = -(-len(panels) // _ACROSS)
    for down in range(lines):
        for at, title in enumerate(others):
            y = down * high + _HEAD + (at + 0.5) * _ROW
            labels.append({"x": _LEFT - 12, "y": y, "text": wrapped(title, _LEFT - 12, SMALL)})
    for place, panel in enumerate(panels):
        down, across = divmod(place, _ACROSS)
        left, top = _LEFT + across * (_WIDE + _VALUE + _APART), down * high + _HEAD
        axis, bottom = panel.axis(left), top + len(others) * _ROW
        title = wrapped(panel.title(), _WIDE + _VALUE, lines=2)
        heads.append({"x": left, "y": top - 20, "text": title})
        back += [{"x": axis.place(tick), "x2": axis.place(tick), "y": top, "y2": bottom} for tick in axis.ticks()]
        zero.append({"x": axis.place(0), "x2": axis.place(0), "y": top, "y2": bottom})
        ticks += list(_ticks(axis, bottom + 11, panel.lang))
        for at, line in enumerate(panel.lines):
            y, told = top + (at + 0.5) * _ROW, panel.told(line)
            for bars, (low, far) in ((thin, _outer(line.row)), (thick, _inner(line.row))):
                bars.append({"x": axis.place(low), "x2": axis.place(far), "y": y, "y2": y})
            mean = line.row["mean"]
            text = "–" if mean is None else panel.written(mean)
            values.append({"x": left + _WIDE + _VALUE, "y": y, "text": text, "told": told})
            if mean is not None:
                look = {"shape": "circle", "fill": line.colour, "stroke": INK, "size": 40}
                dots.append(look | {"x": axis.place(mean), "y": y, "told": told})
    width = _LEFT + min(len(panels), _ACROSS) * (_WIDE + _VALUE + _APART)
    return canvas(
        width,
        lines * high,
        rules(back, color=PALE),
        rules(zero, color=INK, strokeWidth=1),
        rules(thin, color=RULE, strokeWidth=2),
        rules(thick, color=GREY, strokeWidth=5),
        points(dots),
        texts(labels, align="right", fontSize=SMALL),
        texts(heads, fontWeight="bold"),
        texts(ticks, align="center", fontSize=10),
        texts(values, align="right", fontSize=SMALL, told=True),
    )


def _ticks(axis: Axis, y: float, lang: Lang) -> Iterator[Row]:
    """Label ticks, every second one from 0 on where labels would touch."""
    labels = {tick: axis.written(tick, lang, difference=True) for tick in axis.ticks()}
    room = axis.place(axis.step) - axis.place(0)
    every = 1 if max(map(width_of, labels.values())) < room else 2
    for tick, text in labels.items():
        if round(tick / axis.step) % every == 0:
            yield {"x": axis.place(tick), "y": y, "text": text, "tone": GREY}
