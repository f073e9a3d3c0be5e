"""The section of the page on a plan: what it comes to, its calendar and map, its sessions, what it leaves unserved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match import charts
from prai_match.report._figures import figure
from prai_match.text import Document, Section, Table, counted, number, price, short_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.plan import Plan
    from prai_match.report._case import ReportCase, Row


def season(case: ReportCase, plan: Plan) -> Row:
    """Tell what a plan comes to, its sessions with who is invited and what it leaves unserved; draw it."""
    texts, lang = case.texts["plan"], case.lang
    title, *lead = plan.summary(lang)
    sections = [Section(texts["sessions"]["title"], (_sessions(case, plan) or texts["sessions"]["none"],))]
    demands = plan.unserved(lang)
    if demands.height:
        sections.append(Section(texts["unserved"]["title"], (texts["unserved"]["lead"], _demands(case, demands))))
    drawings = {"plan-calendar": charts.plan_calendar(plan, lang), "plan-map": charts.plan_map(plan, lang)}
    figures = [figure(case, name, chart) for name, chart in drawings.items() if plan.sessions.height]
    return {"document": Document(lang, title, tuple(lead), tuple(sections)), "figures": figures}


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
    names = {territory.id: territory.name for territory in case.programme.territories}
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
