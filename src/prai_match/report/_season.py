"""What can be held together, or a plan, for two sheets of paper: figures and sessions; and the demands not served."""

import textwrap
from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from prai_match.plan import registered
from prai_match.report._case import ReportCase, Row
from prai_match.text import number, price, short_day, total

_LETTERS = (10, 33, 23, 22, 38, 8, 9, 9)  # that a line of each column takes on paper
_LINE, _AROUND, _ROOM, _WIDE = 2.72, 0.6, 233.0, 125  # millimetres of a line, around a row, of all rows; letters
_SHOWN = 5  # demands named for each thing that they wait for; the rest is in `Plan.unserved`


def together(case: ReportCase) -> Row:
    """Tell what a plan comes to, and its sessions, those first that have room on a sheet of paper."""
    rows, (title, _, *more) = [*_sessions(case)], case.plan.summary(case.lang)
    room = _ROOM - _LINE * sum(_lines(text, _WIDE) for text in (case.service, title, *more))
    high = [_AROUND + _LINE * max(map(_lines, row["cells"], _LETTERS)) for row in rows]
    is_tight = sum(high) > room  # then those that nobody more is invited to make room
    for row, height in zip(rows, high, strict=True):
        row["is_on_sheet"] = bool(row["names"] or not is_tight) and (room := room - height) >= 0
    rest = sum(not row["is_on_sheet"] for row in rows)
    told = case.count(rest, case.texts["plan"]["rest"]) if rest else ""
    return {"sentences": [title, *more], "figures": _figures(case), "rows": rows, "rest": told}


def _lines(text: str, letters: int) -> int:
    return len(textwrap.wrap(text, letters)) or 1


def _figures(case: ReportCase) -> list[tuple[str, str]]:
    texts, lang, plan, budget = case.texts["plan"]["figures"], case.lang, case.plan, case.plan.inputs.budget
    new = plan.sessions.filter(~pl.col("booked"))
    people = int(plan.seats.select(pl.sum("elected") + pl.sum("technicians")).item())
    values = {
        "new": number(new.height, 0, lang),
        "cost": total(new["cost"], lang),
        "booked": number(plan.sessions.height - new.height, 0, lang),
        "territories": number(plan.seats["territory"].n_unique(), 0, lang),
        "people": number(people, 0, lang),
        "left": "" if budget is None else total([Decimal(str(budget))], lang),
    }
    return [(texts[name], value) for name, value in values.items() if value]


def _sessions(case: ReportCase) -> Iterable[Row]:
    """Give the sessions by date; who is invited with how many people, besides those who are registered."""
    lang, plan = case.lang, case.plan
    guests = pl.format("{} ({})", "name", pl.col("elected") + pl.col("technicians")).str.join(", ")
    names = dict(plan.invitations(lang).group_by("id", maintain_order=True).agg(guests).iter_rows())
    known, codes = registered(plan, lang), plan.sessions["session"]
    for code, row in zip(codes, plan.to_polars(lang).iter_rows(named=True), strict=True):
        came = row["territories"]
        yield {
            "id": code,
            "names": names.get(row["id"], ""),
            "registered": known[row["id"]] if row["booked"] else "",
            "cells": (
                short_day(row["date"], lang) if row["date"] else "",
                row["session"] + (f" ({row['axis']})" if row["axis"] else ""),
                *(row[name] or "" for name in ("host", "partner", "trainer")),
                number(came, 0, lang) if came else "",
                number(row["elected"] + row["technicians"], 0, lang) if came else "",
                price(row["cost"], lang, cents=False),
            ),
        }


def unserved(case: ReportCase) -> Row | None:
    """Tell how many demands wait for what, the most frequent first, with some of the territories."""
    texts, lang = case.texts["plan"]["unserved"], case.lang
    if not (demands := case.plan.unserved(lang)).height:
        return None
    names = {territory.id: territory.name for territory in case.answers.programme.territories}
    named = pl.format("{} ({})", pl.col("territory").replace(names), pl.col("session").replace(case.sessions))
    groups = demands.group_by("sentence").agg(pl.len().alias("count"), named.sort().alias("which"))
    rows = []
    for sentence, count, which in groups.sort("count", "sentence", descending=[True, False]).iter_rows():
        more = f" {case.count(count - _SHOWN, texts['more'])}" if count > _SHOWN else ""
        rows.append((sentence, ", ".join(which[:_SHOWN]) + more, number(count, 0, lang)))
    own = {"title": texts["caption"], "header": texts["header"], "texts": 2, "rows": rows, "total": ()}
    return own | {"served": case.plan.summary(lang)[1]}
