"""The money that simulations spend, added up over the months, beside the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.charts._over_time import Limit, Moment, OverTime, Panel, last_day
from prai_match.charts._scenarios import amount, colours, names, subtitle
from prai_match.charts._theme import finished, texts_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.model import ProgrammeData
    from prai_match.simulate import Outcomes


def spend(outcomes: Outcomes, lang: Lang = "fr") -> alt.HConcatChart:
    """Draw what simulations spend, added up over the months, a panel a scenario, beside its budget.

    What was spent or committed before the first day is in it: sessions known by then, and the other spending of the
    months before. A line is the total of the budget, another the total less the other spending that is still to come.

    Args:
        outcomes: Outcomes of simulations.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(
        ...     Scenario(name="baseline"), dt.date(2007, 1, 1), dt.date(2007, 2, 28), replications=2
        ... )
        >>> charts.spend(outcomes).to_dict()["title"]["text"]
        'Dépenses cumulées et budget'
    """
    words, measure = texts_of("outcomes", lang), outcomes.measures["spent"]
    titles, tones = names(outcomes, lang), colours(outcomes)
    programmes = {each.name: each.programme(outcomes.programme) for each in outcomes.scenarios}
    before = {name: _before(programme, outcomes.start) for name, programme in programmes.items()}
    moments = _moments(outcomes, before)
    panels = [
        Panel(
            titles[name],
            tones[name],
            moments[name],
            programme.calendar,
            list(_limits(programme, outcomes, words["spend"])),
        )
        for name, programme in programmes.items()
    ]
    drawing = OverTime(outcomes, measure, panels, zero=True, words=words, lang=lang).drawn()
    first = next(iter(before.values()))
    said = words["spend"]["before"].format(amount=amount(first, measure, lang)) if first else ""
    unlimited = "" if any(panel.limits for panel in panels) else words["spend"]["unlimited"]
    return finished(drawing, words["spend"]["title"], [*subtitle(outcomes, words, lang), said, unlimited], lang)


def _moments(outcomes: Outcomes, before: Mapping[str, float]) -> dict[str, list[Moment | None]]:
    """Return by scenario how what is spent is spread at the end of each month."""
    from prai_match.simulate import spread  # noqa: PLC0415 - it needs numpy, as the outcomes did

    keys = ["scenario", "month"]
    spent = outcomes.scan().filter(pl.col("measure") == "spent").sort("scenario", "replication", "month").collect()
    start = pl.col("scenario").replace_strict(before, return_dtype=pl.Float64)
    added = spent.with_columns(value=pl.col("value").cum_sum().over("scenario", "replication") + start)
    halves = spread(added, keys, 0.5).select(*keys, lower="low", upper="high")
    rows = spread(added, keys, 0.9).join(halves, on=keys, maintain_order="left")
    found: dict[str, list[Moment | None]] = {name: [] for name in before}
    columns = ("scenario", "month", "median", "low", "high", "lower", "upper")
    for name, month, median, low, high, lower, upper in rows.select(columns).iter_rows():
        on = min(last_day(month), outcomes.end)
        found[name].append(Moment(on, month, median, (low, high), (lower, upper)))
    return found


def _before(programme: ProgrammeData, start: dt.date) -> float:
    """Return what is spent or committed before a day, in euros."""
    known = pl.coalesce("booked_on", "date") < start
    sessions = programme.sessions.to_polars().filter(known)["cost"].cast(pl.Float64).sum()
    other = 0.0 if programme.budget is None else float(programme.budget.other_spending)
    return float(sessions) + other * _elapsed(programme, start)


def _limits(programme: ProgrammeData, outcomes: Outcomes, words: Mapping[str, Any]) -> Iterator[Limit]:
    if programme.budget is not None:
        total, other = float(programme.budget.total), float(programme.budget.other_spending)
        left = [other * (1 - _elapsed(programme, on)) for on in (outcomes.start, outcomes.end)]
        yield Limit(words["total"], total, total, dashed=False)
        yield Limit(words["available"], total - left[0], total - left[1], dashed=True)


def _elapsed(programme: ProgrammeData, on: dt.date) -> float:
    """Return the share of the period of a programme that lies before a day, from 0 to 1."""
    first, last = programme.period.start, programme.period.end
    return min(1.0, max(0.0, (on - first).days / max((last - first).days, 1)))
