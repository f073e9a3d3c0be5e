"""Which assumptions matter most: a measure with each parameter at both ends of its range, as bars from the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.charts._marks import Key, Row, layered, legend, lines, marks, plain, sentence, texts
from prai_match.charts._scenarios import SIGNED, amount
from prai_match.charts._theme import GREY, PALETTE, SMALL, balanced, finished, library, texts_of
from prai_match.model import descriptions
from prai_match.text import counted, current_language, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.simulate import Measure, Sensitivity

_SHOWN = 15
_NAMES, _BARS, _GIVEN, _ROW, _LANE = 260.0, 380.0, 500.0, 36.0, 8.0  # widths, where sources begin, heights
_ASIDE = 80.0  # from the names to the bars
_FILLS = {"low": PALETTE[1], "high": PALETTE[0]}


def tornado(sensitivity: Sensitivity, lang: Lang | None = None) -> alt.LayerChart:
    """Draw how a measure changes with each parameter at the low and the high end of its range, the strongest first.

    Beside each bar stands the value of the parameter; the black line is the interval of the mean difference.

    Args:
        sensitivity: What `prai_match.simulate.sensitivity` found; its first 15 parameters are shown.
        lang: Language of its texts.

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
    lang = current_language(lang)
    from prai_match.simulate import measures  # noqa: PLC0415 - it needs numpy, as the sensitivity did

    words = texts_of("outcomes", lang)["tornado"]
    measure = measures()[sensitivity.measure]
    moving = sensitivity.frame.filter((pl.col("low") != 0) | (pl.col("high") != 0))
    rows = moving.head(_SHOWN).rows(named=True)
    title = words["title"].format(measure=measure.meaning(lang))
    if not rows:
        return finished(sentence(words["none"]), title, [], lang)
    base = words["base"].format(base=amount(rows[0]["base"], measure, lang))
    hidden = sensitivity.frame.height - len(rows)
    rest = counted(hidden, words["left_out"], lang) if hidden else ""
    return finished(_drawn(rows, measure, words, lang), title, [base, words["reading"], rest], lang)


def _drawn(rows: Sequence[Mapping[str, Any]], measure: Measure, words: Mapping[str, Any], lang: Lang) -> alt.LayerChart:
    """Draw the bars between the names of the parameters and where their values come from."""
    vega, y, aside = library(), lines(len(rows)), plain(yOffset="aside")
    bars = [bar for place, row in enumerate(rows) for bar in _bars(place, row, measure, words, lang)]
    names = [
        {"place": place, "text": balanced(_name(row, lang), _NAMES, SMALL), "given": words["sources"][row["given"]]}
        for place, row in enumerate(rows)
    ]
    title = words["axis"].format(measure=measure.meaning(lang))
    axis = vega.Axis(titleAnchor="start", titleFontSize=SMALL, tickCount=6, format="+,~f", labelExpr=SIGNED)
    x = vega.X("mean:Q", title=title, axis=axis)
    beside = [
        texts([bar for bar in bars if bar["left"] is left], "value", **look).encode(x="beside:Q", y=y, **aside)
        for left, look in ((True, {"align": "right", "dx": -6}), (False, {"dx": 6}))
    ]
    given = texts([{"text": words["given"]}], fontWeight="bold", color=GREY)
    keys = [Key(words[end], fill=fill, stroke=fill) for end, fill in _FILLS.items()]
    return layered(
        marks(bars).mark_bar(cornerRadius=1).encode(x=x, y=y, **aside, **plain("fill", "size"), tooltip="told:N"),
        marks([{"mean": 0}]).mark_rule().encode(x=x),
        marks(bars).mark_rule(strokeWidth=1.4).encode(x="low:Q", x2="high:Q", y=y, **aside),
        *beside,
        texts(names, align="right").encode(x=-_ASIDE, y=y),
        texts(names, "given", color=GREY).encode(x=_GIVEN, y=y),
        given.encode(x=_GIVEN, y=-12),
        legend({"": keys}, orient="top"),
        width=_BARS,
        height=_ROW * len(rows),
    )


def _name(row: Mapping[str, Any], lang: Lang) -> str:
    from prai_match.simulate import Behaviour  # noqa: PLC0415 - it needs numpy, as the sensitivity did

    return descriptions(Behaviour)[row["parameter"]][lang]


def _bars(place: int, row: Mapping[str, Any], measure: Measure, words: Mapping[str, Any], lang: Lang) -> Iterator[Row]:
    """Give the bars of a parameter, below each other where both go the same way."""
    from prai_match.simulate import parameters  # noqa: PLC0415 - as above

    source, together = parameters()[row["parameter"]].source(lang), (row["low"] or 0.0) * (row["high"] or 0.0) > 0
    for end, other, aside in (("low", "high", -_LANE), ("high", "low", _LANE)):
        low, mean, high = _ends(row, end)
        left = mean < 0 or (mean == 0 and (row[other] or 0.0) > 0)
        value = _value(row[f"{end}_value"], lang)
        written = [amount(each, measure, lang, difference=True) for each in (low, mean, high)]
        said = dict(zip(("low", "change", "high"), written, strict=True))
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
            "value": words["at"].format(value=value, change=said["change"]),
            "told": words["told"].format(parameter=_name(row, lang), value=value, source=source, **said),
        }


def _ends(row: Mapping[str, Any], end: str) -> tuple[float, float, float]:
    """Return the mean difference at an end of a parameter's range between the ends of its interval."""
    mean, error = row[end] or 0.0, row[f"{end}_error"] or 0.0
    return mean - error, mean, mean + error


def _value(value: float, lang: Lang) -> str:
    r"""Write the value of a parameter with the digits that it has, three at most."""
    return number(value, next((digits for digits in (0, 1, 2) if round(value, digits) == value), 3), lang)
