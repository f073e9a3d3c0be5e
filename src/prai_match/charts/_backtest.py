"""Charts of backtests: a measure of every ranker with its interval, and the reliability of probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

from prai_match import _arguments as given
from prai_match.charts._marks import layers, lines, marks, plain, sentence, texts
from prai_match.charts._spread import equality, percents
from prai_match.charts._theme import INK, NAMES, SHADES, TEXT, WHITE, ChartWords, alt, balance, words_of
from prai_match.errors import Lang, UnknownCodeError

if TYPE_CHECKING:
    from prai_match.backtest import Backtest

Measure = Literal["hit_1", "hit_3", "mrr", "ndcg", "coverage"]

_WIDE, _ROW, _AFTER = 380.0, 34.0, 170.0
_SHARES = frozenset({"hit_1", "hit_3", "coverage"})  # measures in per cent


@given.takes()
def performance(found: Backtest, measure: Measure = "hit_1", lang: Lang | None = None) -> alt.LayerChart:
    """Draw ``hit_1``, ``hit_3``, ``mrr``, ``ndcg`` or ``coverage`` of every policy and baseline, with its interval.

    Raises:
        UnknownCodeError: The measure isn't one of these.

    Example:
        >>> from prai_match import Programme, charts
        >>> found = Programme.example().backtest(["2007-05-02", "2007-09-03"], replications=100)
        >>> charts.performance(found, lang="en").to_dict()["title"]["text"]
        'Share of the cases in which the session put first was attended (hit@1)'
    """
    words = words_of("backtest", lang)
    if measure not in get_args(Measure):
        raise UnknownCodeError("measure", measure, get_args(Measure))
    names = found.names(words.lang)
    rows = [
        {name: row[name] for name in ("value", "low", "high")}
        | {"place": place, "fill": SHADES[5] if row["kind"] == "policy" else WHITE, "said": value}
        | {"text": balance(name, NAMES), "told": words("told", name=name, value=value)}
        for place, row in enumerate(found.measures.filter(measure=measure).iter_rows(named=True))
        for name, value in [(names[row["ranker"]], _value(row, words))]
    ]
    y = lines(len(rows))
    ticks, form = [tick / 10 for tick in range(0, 11, 2)], ".0%" if measure in _SHARES else ".1f"
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None, format=form, values=ticks))
    drawing = layers(
        marks(rows).mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q", y=y),
        marks(rows).mark_point(size=110).encode(x=x, y=y, **plain("fill"), tooltip="told:N"),
        texts(rows, align="right", fontSize=TEXT).encode(x=-12, y=y),
        texts(rows, "said", align="right").encode(x=_WIDE + _AFTER, y=y),
        width=_WIDE,
        height=_ROW * len(rows),
    )
    return words.finish(drawing, words["titles"][measure], *_about(found, words))


@given.takes()
def reliability(found: Backtest, lang: Lang | None = None) -> alt.LayerChart:
    """Draw the observed share of follow-ups against the probability that the graph predicted, by bin.

    Example:
        >>> from prai_match import Programme, charts
        >>> found = Programme.example().backtest(["2007-05-02", "2007-09-03"], replications=100)
        >>> charts.reliability(found, lang="en").to_dict()["title"]["text"]
        "Do the follow-up graph's probabilities come true?"
    """
    words = words_of("backtest", lang)
    own, (about, interval) = words.part("reliability"), _about(found, words)
    if found.calibration.is_empty():
        return words.finish(sentence(own["none"]), own["title"], about)
    bins = [
        {name: value if name == "pairs" or value is None else 100 * value for name, value in row.items()}
        for row in found.calibration.iter_rows(named=True)
    ]
    for row in bins:
        row["told"] = own("told", **{name: row[name] for name in ("pairs", "predicted", "observed")})
    x, y = percents("x", "predicted:Q", own["x"]), percents("y", "observed:Q", own["y"])
    areas = alt.Scale(domain=[0, max(row["pairs"] for row in bins)], range=[0, 900])
    drawing = layers(
        *equality(own["equal"], 86),
        marks(bins).mark_rule(strokeWidth=2).encode(x=x, y="observed_low:Q", y2="observed_high:Q"),
        marks(bins)
        .mark_circle(color=SHADES[3], stroke=INK, opacity=0.85)
        .encode(x=x, y=y, size=alt.Size("pairs:Q", scale=areas, legend=None), tooltip="told:N"),
        width=_WIDE,
        height=_WIDE,
    )
    return words.finish(drawing, own["title"], about, own["size"], interval)


def _about(backtest: Backtest, words: ChartWords) -> tuple[str, str]:
    counts, settings = words.part("count"), backtest.asked
    splits = counts.count("splits", len(settings.splits))
    territories = counts.count("territories", backtest.territories)
    about = {"programme": backtest.programme, "days": settings.horizon_days}
    intervals = words("descriptive") if backtest.descriptive else words("interval", level=100 * settings.level)
    return words("on", **about, splits=splits, territories=territories), intervals


def _value(row: Mapping[str, Any], words: ChartWords) -> str:
    shares = row["measure"] in _SHARES
    ends = {
        name: words.number(row[name] * (100 if shares else 1), 0 if shares else 2)
        for name in ("value", "low", "high")
        if row[name] is not None
    }
    value = words("percent", **ends) if shares else ends["value"]
    return value if row["low"] is None else words("value", **ends | {"value": value})
