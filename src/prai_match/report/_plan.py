"""The section of the page on a plan: what it comes to, its calendar and map, its sessions, what it leaves unserved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match import charts
from prai_match.report._figures import Figure, drawn
from prai_match.text import Document, Section, Table, counted, number, price, short_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.plan import Plan
    from prai_match.report._case import Case


@dataclass(frozen=True, slots=True)
class Season:
    """What the page shows of a plan.

    Attributes:
        document: What the plan comes to, its sessions with who is invited, and what it leaves unserved.
        figures: Its calendar and its map.
    """

    document: Document
    figures: tuple[Figure, ...]


def season(case: Case, plan: Plan) -> Season:
    """Tell a plan."""
    said, lang = case.said["plan"], case.lang
    title, *lead = plan.summary(lang)
    sections = [Section(said["sessions"]["title"], (_sessions(case, plan) or said["sessions"]["none"],))]
    unserved = plan.unserved(lang)
    if unserved.height:
        sections.append(Section(said["unserved"]["title"], (said["unserved"]["lead"], _unserved(case, unserved))))
    shown = {"plan-calendar": charts.plan_calendar(plan, lang), "plan-map": charts.plan_map(plan, lang)}
    figures = tuple(drawn(case, name, chart) for name, chart in shown.items()) if plan.sessions.height else ()
    return Season(Document(lang, title, tuple(lead), tuple(sections)), figures)


def _sessions(case: Case, plan: Plan) -> Table | None:
    """Return the sessions by date, with those who are invited."""
    said, lang = case.said["plan"]["sessions"], case.lang
    invited = plan.invitations(lang).with_columns(
        said=pl.format("{} ({})", "name", pl.col("elected") + pl.col("technicians"))
    )
    names = dict(invited.group_by("id", maintain_order=True).agg(pl.col("said").str.join(", ")).iter_rows())
    rows = tuple(
        (
            short_day(row["date"], lang) if row["date"] else "",
            row["session"] + (f" ({row['axis']})" if row["axis"] else "") + (said["booked"] if row["booked"] else ""),
            row["host"] or "",
            row["partner"] or "",
            row["trainer"] or "",
            names.get(row["id"], ""),
            number(row["elected"] + row["technicians"], 0, lang),
            price(row["cost"], lang),
        )
        for row in plan.to_polars(lang).iter_rows(named=True)
    )
    return Table(said["caption"], tuple(said["header"]), rows) if rows else None


def _unserved(case: Case, unserved: pl.DataFrame) -> Table:
    """Return how many demands wait for what, the most frequent first, with some of the territories."""
    said, lang = case.said["plan"]["unserved"], case.lang
    named: Mapping[str, str] = {territory.id: territory.name for territory in case.programme.territories}
    held = unserved.with_columns(
        pl.col("territory").replace(named).alias("name"), pl.col("session").replace(case.sessions).alias("said")
    )
    groups = (
        held.group_by("sentence")
        .agg(pl.len().alias("count"), pl.format("{} ({})", "name", "said").sort().alias("which"))
        .sort("count", "sentence", descending=[True, False])
    )
    rows = tuple(
        (sentence, number(count, 0, lang), _some(which, said["more"], case))
        for sentence, count, which in groups.iter_rows()
    )
    return Table(said["caption"], tuple(said["header"]), rows)


def _some(which: list[str], more: Mapping[str, str], case: Case) -> str:
    rest = len(which) - _SHOWN
    return ", ".join(which[:_SHOWN]) + (f" {counted(rest, more, case.lang)}" if rest > 0 else "")


_SHOWN = 5
"""Demands named for each thing that they wait for; the rest is in `Plan.unserved`."""
