"""What only one of the two sides knows of the history: attendances, needs, sessions held, and what they taught."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import polars as pl

from prai_match.explain._difference._cause import cited, count_of, dated, fact, sentence_of, text_of
from prai_match.followups import territory_of
from prai_match.offers import people_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match.explain._difference._cause import Cause
    from prai_match.model import Lang
    from prai_match.recommend import Answers

_TABLES = ("attendances", "needs", "sessions")
_SHORT = 80
"""Characters shown of a need."""


def history_facts(before: Answers, after: Answers) -> Iterator[Cause]:
    """Give how many rows, known on the day, only one side has, and how many follow-ups they moved."""
    for table in _TABLES:
        times = _between(before, after, table)["times"]
        for way, count in (
            ("added", int(times.clip(lower_bound=0).sum())),
            ("removed", -int(times.clip(upper_bound=0).sum())),
        ):
            if count:
                code = f"{table}_{way}"
                yield fact(code, None, count_of("facts", code, count), 0.0, float(count))
    old, new = (side.snapshot.follow_ups.edges().select("source", "target", "probability") for side in (before, after))
    edges = _moved(old, new).select("source", "target").unique().height
    if edges:
        yield fact("follow_ups", None, count_of("facts", "follow_ups", edges), 0.0, float(edges))


def territory_facts(before: Answers, after: Answers) -> dict[str, tuple[Cause, ...]]:
    """Return the attendances and needs that only one side knows, by territory."""
    found: dict[str, list[Cause]] = defaultdict(list)
    members = pl.concat([territory_of(side.programme) for side in (after, before)]).unique(
        "collectivity", keep="first", maintain_order=True
    )
    for territory, cause in (*_attendances(before, after, members), *_needs(before, after, members)):
        found[territory].append(cause)
    return {territory: tuple(causes) for territory, causes in found.items()}


def _known(side: Answers, other: Answers, table: str) -> pl.DataFrame:
    """Return the rows that are known on the day, without links to what only one side has: that is told by itself."""
    rows: pl.DataFrame = getattr(side.programme, table).to_polars()
    if table != "sessions":
        return rows.filter(pl.col("date") <= side.on).drop("held", strict=False)
    links = {"partner": "partners", "trainer": "trainers"}
    known = {
        name: {actor.id for actor in getattr(side.programme, actors)} & {a.id for a in getattr(other.programme, actors)}
        for name, actors in links.items()
    }
    return rows.filter(pl.coalesce("booked_on", "date") <= side.on).with_columns(
        pl.when(pl.col(name).is_in(codes)).then(name) for name, codes in known.items()
    )


def _between(before: Answers, after: Answers, table: str) -> pl.DataFrame:
    return _moved(_known(before, after, table), _known(after, before, table))


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that only one frame has, with ``times``: above 0 where they came, below where they went."""
    signed = [frame.with_columns(times=pl.lit(sign, pl.Int64)) for sign, frame in ((-1, before), (1, after))]
    return (
        pl.concat(signed, how="vertical_relaxed")
        .group_by(after.columns)
        .agg(pl.col("times").sum())
        .filter(pl.col("times") != 0)
    )


def _attendances(before: Answers, after: Answers, members: pl.DataFrame) -> Iterator[tuple[str, Cause]]:
    people = people_known() * pl.col("times").abs()
    rows = (
        _between(before, after, "attendances")
        .join(members, on="collectivity")
        .group_by("territory", "session", "date", way=pl.col("times").sign())
        .agg(people=pl.when(people.count() > 0).then(people.sum()))
        .sort("territory", "date", "session", "way")
        .select("territory", "session", "date", "way", "people")
    )
    for territory, session, date, way, count in rows.iter_rows():
        code = "attendance_added" if way > 0 else "attendance_removed"
        sentence = sentence_of(
            code,
            session=cited(_names(after, before, session)),
            day=dated(date),
            people=text_of("inside", "people_unknown") if count is None else count_of("inside", "people", count),
        )
        yield territory, fact(code, session, sentence)


def _needs(before: Answers, after: Answers, members: pl.DataFrame) -> Iterator[tuple[str, Cause]]:
    moved = _between(before, after, "needs").join(members, on="collectivity")
    for row in moved.sort(pl.all()).sort("territory", "date", maintain_order=True).iter_rows(named=True):
        code = "need_added" if row["times"] > 0 else "need_removed"
        text, workshop = row["text"], row["workshop"]
        short = text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
        names: Mapping[Lang, str] = {"fr": short, "en": short}
        if workshop is not None:
            names = _names(after, before, workshop)
        yield row["territory"], fact(code, workshop, sentence_of(code, said=cited(names), day=dated(row["date"])))


def _names(first: Answers, second: Answers, code: str) -> Mapping[Lang, str]:
    """Return the names of a session that one side at least has."""
    side = first if code in first.names["fr"] else second
    return {"fr": side.names["fr"][code], "en": side.names["en"][code]}
