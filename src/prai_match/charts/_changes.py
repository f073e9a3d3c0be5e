"""Charts of changes in simulations: by scenario, with one panel per measure, and by assumption, as bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import _arguments as given
from prai_match.charts._marks import Key, Row, layers, legend, lines, marks, plain, sentence, texts
from prai_match.charts._programme import SIGNED, amount, colours, names, subtitle
from prai_match.charts._theme import GREY, RULE, SHADES, SMALL, ChartWords, alt, balance, words_of, wrap
from prai_match.model import Lang, descriptions

if TYPE_CHECKING:
    from prai_match.simulate import Measure, Outcomes, Sensitivity

_MEASURES = ("workshops", "served", "reached", "elected", "unmet", "spent")
_SCENARIOS, _WIDE, _VALUE, _ACROSS, _LINE = 178.0, 190.0, 64.0, 3, 26.0  # of a panel
_SHOWN = 15
_NAMES, _BARS, _SOURCES, _ROW, _LANE = 260.0, 380.0, 500.0, 36.0, 8.0  # widths, where sources begin, heights
_ASIDE = 80.0  # from the names to the bars
_FILLS = {"low": SHADES[2], "high": SHADES[4]}


@given.takes(measures=given.keys)
def differences(
    outcomes: Outcomes, lang: Lang | None = None, *, measures: Iterable[str] = _MEASURES
) -> alt.ConcatChart:
    """Draw what each scenario changes: its mean difference from the first, with its interval, one panel per measure.

    ``measures`` are names of measures of the whole programme (see `prai_match.simulate.measures`).

    Raises:
        UnknownCodeError: The measure doesn't exist, or is only counted for parts of the programme.

    Example:
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(
        ...     [Scenario(name="baseline"), Scenario.of("cut", budget_times=0.5)],
        ...     "2007-01-01", "2007-02-28", replications=2,
        ... )
        >>> charts.differences(outcomes, measures=["served"]).to_dict()["title"]["text"]
        'Ce que chaque scénario change'
    """
    words = words_of("outcomes", lang)
    own, titles, tones = words.part("differences"), names(outcomes, words.lang), colours(outcomes)
    whole = outcomes.differences().filter(pl.col("of").is_null())
    codes = outcomes.summary().filter(pl.col("of").is_null())["measure"].unique().sort().to_list()
    panels = []
    for place, name in enumerate(measures):
        given.known_among("measure", name, codes)
        measure, rows = outcomes.measures[name], whole.filter(measure=name).iter_rows(named=True)
        scenarios = [
            _scenario(row, measure, titles[row["scenario"]], own) | {"place": at, "fill": tones[row["scenario"]]}
            for at, row in enumerate(rows)
        ]
        panels.append(_panel(scenarios, measure, own, has_names=place % _ACROSS == 0))
    first, *others = titles.values()
    under = [own("compared", baseline=first), own["reading"]] if others and panels else []
    parts = panels if under else [sentence(words["alone"])]
    drawing = alt.concat(*parts, columns=_ACROSS, spacing=24)
    return words.finish(drawing, own["title"], *under, *subtitle(outcomes, words))


def _scenario(row: Mapping[str, Any], measure: Measure, title: str, words: ChartWords) -> Row:
    """Return a scenario of a panel: its mean difference with its interval, and the range of most replications."""
    low, mean, high = _ends(row["mean"], row["error"])
    ends = {"low": low, "high": high, "least": row["low"] or 0.0, "most": row["high"] or 0.0}
    amounts = {
        name: amount(value, measure, words.lang, difference=True) for name, value in {"mean": mean, **ends}.items()
    }
    return {
        "mean": row["mean"],
        **ends,
        "text": wrap(title, _SCENARIOS, SMALL),
        "value": "–" if row["mean"] is None else amounts["mean"],
        "told": words("told", scenario=title, measure=measure.meaning(words.lang), **amounts),
    }


def _panel(rows: Sequence[Row], measure: Measure, words: ChartWords, *, has_names: bool) -> alt.LayerChart:
    meaning, y = measure.meaning(words.lang), lines(len(rows))
    title = words("unit", measure=meaning, unit=measure.unit) if measure.unit else meaning
    axis = alt.Axis(title=None, tickCount=4, format="+,~f", labelExpr=SIGNED, labelFontSize=10, labelOverlap=True)
    means = [row for row in rows if row["mean"] is not None]
    return layers(
        marks([{"zero": 0}]).mark_rule().encode(x="zero:Q"),
        marks(rows).mark_rule(color=RULE, strokeWidth=2).encode(x=alt.X("least:Q", axis=axis), x2="most:Q", y=y),
        marks(rows).mark_rule(color=GREY, strokeWidth=5).encode(x="low:Q", x2="high:Q", y=y),
        marks(means).mark_point(size=40).encode(x="mean:Q", y=y, **plain("fill"), tooltip="told:N"),
        texts(rows, "value", align="right").encode(x=_WIDE + _VALUE, y=y),
        *([texts(rows, align="right").encode(x=-12, y=y)] if has_names else []),
        title=alt.TitleParams(wrap(title, _WIDE + _VALUE).split("\n"), frame="group"),
        width=_WIDE,
        height=_LINE * len(rows),
    )


@given.takes()
def tornado(sensitivity: Sensitivity, lang: Lang | None = None) -> alt.LayerChart:
    """Draw how a measure changes with each parameter at the low and the high end of its range, the strongest first.

    The value of the parameter is written next to each bar; the black line is the interval of the mean difference. Only
    the first 15 parameters of `prai_match.simulate.sensitivity` are shown.

    Example:
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario, sensitivity
        >>> found = sensitivity(
        ...     Programme.example(), Scenario(name="now"), "2008-01-01", "2008-01-31",
        ...     measure="needs", only=["asks_a_year"], replications=2,
        ... )
        >>> charts.tornado(found).to_dict()["title"]["text"]
        'Les hypothèses qui comptent le plus pour « Besoins exprimés »'
    """
    from prai_match.simulate import measures  # noqa: PLC0415 - it needs numpy, as the sensitivity did

    words, measure = words_of("outcomes", lang).part("tornado"), measures()[sensitivity.measure]
    rows = sensitivity.frame.filter((pl.col("low") != 0) | (pl.col("high") != 0)).head(_SHOWN).rows(named=True)
    title = words("title", measure=measure.meaning(words.lang))
    if not rows:
        return words.finish(sentence(words["none"]), title)
    base = words("base", base=amount(rows[0]["base"], measure, words.lang))
    hidden = sensitivity.frame.height - len(rows)
    rest = words.count("left_out", hidden) if hidden else ""
    return words.finish(_tornado(rows, measure, words), title, base, words["reading"], rest, names=_NAMES)


def _tornado(rows: Sequence[Mapping[str, Any]], measure: Measure, words: ChartWords) -> alt.LayerChart:
    lang, y, aside = words.lang, lines(len(rows)), plain(yOffset="aside")
    bars = [bar for place, row in enumerate(rows) for bar in _bars(place, row, measure, words)]
    names = [
        {"place": place, "text": balance(_name(row, lang), _NAMES, SMALL), "given": words["sources"][row["given"]]}
        for place, row in enumerate(rows)
    ]
    title = words("axis", measure=measure.meaning(lang))
    axis = alt.Axis(titleAnchor="start", titleFontSize=SMALL, tickCount=6, format="+,~f", labelExpr=SIGNED)
    x = alt.X("mean:Q", title=title, axis=axis)
    return layers(
        marks(bars).mark_bar(cornerRadius=1).encode(x=x, y=y, **aside, **plain("fill", "size"), tooltip="told:N"),
        marks([{"mean": 0}]).mark_rule().encode(x=x),
        marks(bars).mark_rule(strokeWidth=1.4).encode(x="low:Q", x2="high:Q", y=y, **aside),
        *(
            texts([bar for bar in bars if bar["left"] is left], "value", **look).encode(x="beside:Q", y=y, **aside)
            for left, look in ((True, {"align": "right", "dx": -6}), (False, {"dx": 6}))
        ),
        texts(names, align="right").encode(x=-_ASIDE, y=y),
        texts(names, "given", color=GREY).encode(x=_SOURCES, y=y),
        texts([{"text": words["given"]}], fontWeight="bold", color=GREY).encode(x=_SOURCES, y=-12),
        legend({"": [Key(words[end], fill=fill, stroke=GREY) for end, fill in _FILLS.items()]}, orient="top"),
        width=_BARS,
        height=_ROW * len(rows),
    )


def _name(row: Mapping[str, Any], lang: Lang) -> str:
    from prai_match.simulate import Behaviour  # noqa: PLC0415 - it needs numpy, as the sensitivity did

    return descriptions(Behaviour)[row["parameter"]][lang]


def _bars(place: int, row: Mapping[str, Any], measure: Measure, words: ChartWords) -> Iterator[Row]:
    """Yield the bars of a parameter, below each other if both point the same way."""
    from prai_match.simulate import parameters  # noqa: PLC0415 - as above

    source = parameters()[row["parameter"]].source(words.lang)
    together = (row["low"] or 0.0) * (row["high"] or 0.0) > 0
    for end, other, aside in (("low", "high", -_LANE), ("high", "low", _LANE)):
        low, mean, high = _ends(row[end], row[f"{end}_error"])
        left = mean < 0 or (mean == 0 and (row[other] or 0.0) > 0)
        parameter = row[f"{end}_value"]
        value = words.number(parameter, next((few for few in (0, 1, 2) if round(parameter, few) == parameter), 3))
        amounts = [amount(each, measure, words.lang, difference=True) for each in (low, mean, high)]
        changes = dict(zip(("low", "change", "high"), amounts, strict=True))
        yield {
            "place": place,
            "aside": _ROW / 2 + (aside if together else 0.0),
            "size": 12 if together else 18,
            "fill": _FILLS[end],
            "low": low,
            "mean": mean,
            "high": high,
            "left": left,
            "beside": min(0, low) if left else max(0, high),
            "value": words("at", value=value, change=changes["change"]),
            "told": words("told", parameter=_name(row, words.lang), value=value, source=source, **changes),
        }


def _ends(mean: float | None, error: float | None) -> tuple[float, float, float]:
    middle, half = mean or 0.0, error or 0.0
    return middle - half, middle, middle + half
