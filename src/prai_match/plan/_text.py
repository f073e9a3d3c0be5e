"""A plan as people read it: a table with names, and its sessions by month as lines of text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.plan._sentences import names
from prai_match.text import counted, day, euros, messages, number, plain, price, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.model import Lang
    from prai_match.plan._book import Book


def table(plan: Book, lang: Lang) -> pl.DataFrame:
    """Return one row a session with names in ``lang`` (see `Plan.to_polars`)."""
    known = names(plan.inputs.programme, lang)
    axes = {
        (session.id, axis.id): plain(axis.name.get(lang))
        for session in plan.inputs.programme.catalogue.sessions
        for axis in session.axes
    }
    axis = pl.Series(
        "axis", [axes.get(pair) for pair in plan.sessions.select("session", "axis").iter_rows()], dtype=pl.String
    )
    came = plan.seats.group_by(id="session").agg(
        territories=pl.len().cast(pl.Int64), elected=pl.col("elected").sum(), technicians=pl.col("technicians").sum()
    )
    counts = ("territories", "elected", "technicians")
    return (
        plan.sessions.with_columns(axis)
        .join(came, on="id", how="left", maintain_order="left")
        .with_columns(
            pl.col(*counts).fill_null(0),
            *(pl.col(name).replace(known).alias(name) for name in ("session", "host", "partner", "trainer")),
        )
        .select("id", "date", "session", "axis", "host", "partner", "trainer", *counts, "cost", "booked")
    )


def text(plan: Book, lang: Lang) -> str:
    """Return what a plan comes to, and its sessions by month."""
    return "\n".join([*summary(plan, lang), *_lines(plan, messages("prai_match.plan", "plan", lang), lang)])


def summary(plan: Book, lang: Lang) -> tuple[str, ...]:
    """Return a heading and what a plan comes to (see `Plan.summary`)."""
    words = messages("prai_match.plan", "plan", lang)
    heading = words["title"].format(start=day(plan.start, lang), end=day(plan.end, lang))
    status = words["status"][plan.status].format(gap=number(100 * plan.gap, 1, lang))
    assumed = list(_assumed(plan, words["summary"], lang))
    advice = [words["advice"]] if plan.status == "at_once" else []
    return heading, *(
        f"{line[0].upper()}{line[1:]}." for line in (_counts(plan, words["summary"], lang), *assumed, status, *advice)
    )


def _counts(plan: Book, said: dict[str, Any], lang: Lang) -> str:
    new = plan.sessions.filter(~pl.col("booked"))
    people = int(plan.seats.select((pl.col("elected") + pl.col("technicians")).sum()).item())
    served = counted(plan.seats.height, said["demands"], lang)
    of = said["of"].format(served=served, demands=number(plan.inputs.demands.height, 0, lang))
    cost = total(new["cost"], lang)
    budget = plan.inputs.budget
    left = "" if budget is None else euros(Decimal(str(budget)).quantize(Decimal("0.01")), lang)
    spent = said["cost" if budget is None else "left"].format(cost=cost, budget=left)
    booked = counted(plan.sessions.height - new.height, said["booked"], lang)
    parts = [counted(new.height, said["sessions"], lang), booked, of, counted(people, said["people"], lang), spent]
    return str(said["between"]).join(parts)


def _assumed(plan: Book, said: dict[str, Any], lang: Lang) -> Iterator[str]:
    """Tell what is assumed of costs that are unknown, and what the money left doesn't count."""
    inputs, fee = plan.inputs, plan.inputs.programme.assume_fee
    costs = plan.numbered.costs
    assumed = costs.filter(pl.col("cost").is_null(), pl.col("counted").is_not_null())
    if assumed.height and fee is not None:
        counts = Decimal(str(assumed["counted"].sum())).quantize(Decimal("0.01"))
        told = counted(assumed.height, said["assumed"], lang)
        yield told.format(fee=euros(fee, lang), counted=euros(counts, lang))
    if inputs.budget is not None and inputs.unknown:
        yield counted(inputs.unknown, said["unknown"], lang)


def _lines(plan: Book, words: dict[str, Any], lang: Lang) -> Iterator[str]:
    said = words["line"]
    month = None
    for row in table(plan, lang).iter_rows(named=True):
        if row["date"] is not None and row["date"].replace(day=1) != month:
            month = row["date"].replace(day=1)
            yield f"\n{day(month, lang).split(maxsplit=1)[1].capitalize()}"
        axis = "" if row["axis"] is None else f" ({row['axis']})"
        date = "-" if row["date"] is None else day(row["date"], lang)
        line = said["session"].format(day=date, session=row["session"], axis=axis, host=row["host"])
        yield f"- {line}{said['booked'] if row['booked'] else ''}"
        counts = {name: counted(row[name], words[name], lang) for name in ("territories", "elected", "technicians")}
        actors = [row[name] for name in ("partner", "trainer") if row[name] is not None]
        yield "    " + " – ".join([said["who"].format(**counts), *actors, price(row["cost"], lang)])
