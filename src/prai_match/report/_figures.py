"""The charts of the page, each with what it shows in words, and the section on a plan, with its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from prai_match import charts
from prai_match.charts import svg_of
from prai_match.text import Document, Section, Table, counted, masked, number, price, short_day

if TYPE_CHECKING:
    import altair as alt

    from prai_match.plan import Plan
    from prai_match.report._case import ReportCase, Row

_IN_THE_TABLE = frozenset({"map", "lorenz"})  # charts whose marks are the territories


def figures(case: ReportCase) -> list[Row]:
    answers, programme, lang = case.answers, case.answers.programme, case.lang
    drawings: dict[str, alt.TopLevelMixin] = {
        "map": charts.territory_map(answers, by="session", lang=lang),
        "shares": charts.shares(programme, answers.on, lang=lang),
        "lorenz": charts.lorenz(programme, answers.on, lang=lang),
        "needs": charts.need_counts(programme, answers.on, lang=lang),
        "follow_ups": charts.follow_ups(answers, lang=lang),
        "calendar": charts.calendar(programme, lang=lang),
    }
    return [figure(case, name, chart) for name, chart in drawings.items()]


def figure(case: ReportCase, name: str, chart: alt.TopLevelMixin) -> Row:
    """Draw one chart, with what it shows in words and, where the page's table doesn't tell it, what its marks say."""
    spec = masked(chart.to_dict(validate=False), case.lang)
    hints = () if name in _IN_THE_TABLE else tuple(dict.fromkeys(_hints(spec)))
    return {"id": f"chart-{name}", "text": case.texts["charts"][name], "hints": hints, "svg": svg_of(spec, case.lang)}


def _hints(spec: object) -> Iterable[str]:
    """Return what the marks of a chart say on hovering, wherever its data stand."""
    if isinstance(spec, list):
        for part in spec:
            yield from _hints(part)
    elif isinstance(spec, dict):
        if isinstance(hint := spec.get("told"), str):
            yield hint
        yield from _hints(list(spec.values()))


def season(case: ReportCase, plan: Plan) -> Row:
    texts, lang = case.texts["plan"], case.lang
    title, *lead = plan.summary(lang)
    sections = [Section(texts["sessions"]["title"], (_sessions(case, plan) or texts["sessions"]["none"],))]
    if (demands := plan.unserved(lang)).height:
        sections.append(Section(texts["unserved"]["title"], (texts["unserved"]["lead"], _demands(case, demands))))
    drawings = {"plan-calendar": charts.plan_calendar(plan, lang), "plan-map": charts.plan_map(plan, lang)}
    figures = [figure(case, name, chart) for name, chart in drawings.items() if plan.sessions.height]
    return {"document": masked(Document(lang, title, tuple(lead), tuple(sections)), lang), "figures": figures}


def _sessions(case: ReportCase, plan: Plan) -> Table | None:
    texts, lang = case.texts["plan"]["sessions"], case.lang
    guests = pl.format("{} ({})", "name", pl.col("elected") + pl.col("technicians")).str.join(", ")
    names = dict(plan.invitations(lang).group_by("id", maintain_order=True).agg(guests).iter_rows())
    rows = tuple(
        (
            short_day(row["date"], lang) if row["date"] else "",
            row["session"] + (f" ({row['axis']})" if row["axis"] else "") + (texts["booked"] if row["booked"] else ""),
            row["host"] or "",
            row["partner"] or "",
            row["trainer"] or "",
            names.get(row["id"], ""),
            number(row["elected"] + row["technicians"], 0, lang),
            price(row["cost"], lang),
        )
        for row in plan.to_polars(lang).iter_rows(named=True)
    )
    return Table(texts["caption"], tuple(texts["header"]), rows) if rows else None


def _demands(case: ReportCase, demands: pl.DataFrame) -> Table:
    """Return how many demands wait for what, the most frequent first, with some of the territories."""
    texts, lang = case.texts["plan"]["unserved"], case.lang
    names = {territory.id: territory.name for territory in case.answers.programme.territories}
    which = pl.format("{} ({})", pl.col("territory").replace(names), pl.col("session").replace(case.sessions))
    groups = demands.group_by("sentence").agg(pl.len().alias("count"), which.sort().alias("which"))
    rows = tuple(
        (sentence, number(count, 0, lang), _some(which, texts["more"], case))
        for sentence, count, which in groups.sort("count", "sentence", descending=[True, False]).iter_rows()
    )
    return Table(texts["caption"], tuple(texts["header"]), rows)


def _some(which: list[str], more: Mapping[str, str], case: ReportCase) -> str:
    rest = len(which) - _SHOWN
    return ", ".join(which[:_SHOWN]) + (f" {counted(rest, more, case.lang)}" if rest > 0 else "")


_SHOWN = 5  # demands named for each thing that they wait for; the rest is in `Plan.unserved`
