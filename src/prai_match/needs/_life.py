"""The life of needs: which are open on a day, and why the others aren't."""

from __future__ import annotations

import datetime as dt

import polars as pl


def spells(needs: pl.DataFrame, attendances: pl.DataFrame, decisions: pl.DataFrame, months: int) -> pl.DataFrame:
    """Return the spells of needs: each counts from its day, then anew from each day on which it was confirmed.

    Args:
        needs: ``t``, ``c``, ``s`` (their territory, collectivity and session), ``x`` (the axis; null: none), ``date``.
        attendances: The same, ``x`` being null where it isn't known.
        decisions: Of needs: ``c``, ``s`` (null: all that it expressed by then), ``date``, ``event``, ``why``.
        months: After which a need lapses.

    Returns:
        The needs with the ``row`` of each, ``start`` and ``end`` (the first days of a spell and of the next one),
        ``lapse``, ``met`` and ``by`` (the first attendance of its territory at its session after the start, of its axis
        where both have one, and who came), ``withdrawn`` and ``reason``: whatever the day (see `states`).
    """
    rows = needs.lazy().with_row_index("row")
    events = (
        rows.select("row", "c", "s", "date")
        .join(decisions.lazy(), on="c", suffix="_said")
        .filter(pl.col("s_said").is_null() | (pl.col("s_said") == pl.col("s")))
        .filter(pl.col("date_said") >= pl.col("date"))
        .sort("date_said", "why")
    )
    withdrawn = events.filter(event="withdrawn").unique("row", keep="first", maintain_order=True)
    starts = pl.concat(
        [rows.select("row", start="date"), events.filter(event="confirmed").select("row", start="date_said")]
    )
    each = (
        starts.unique()
        .sort("row", "start")
        .with_columns(end=pl.col("start").shift(-1).over("row"))
        .join(rows, on="row", maintain_order="left")
        .join(withdrawn.select("row", withdrawn="date_said", reason="why"), on="row", how="left", maintain_order="left")
        .with_columns(lapse=pl.col("start").dt.offset_by(f"{months}mo"))
    )
    came = attendances.lazy().select("t", "s", met="date", came_x="x", by="c")
    met = (
        each.select("row", "start", "t", "s", "x")
        .join(came, on=["t", "s"])
        .filter(pl.col("met") > pl.col("start"))
        .filter((pl.col("x") == pl.col("came_x")).fill_null(value=True))
        .sort("met", "by")
        .unique(["row", "start"], keep="first")
        .select("row", "start", "met", "by")
    )
    return each.join(met, on=["row", "start"], how="left", maintain_order="left").collect(engine="in-memory")


def states(lives: pl.DataFrame, on: dt.date, renewal: dt.date | None) -> pl.DataFrame:
    """Return the needs expressed by a day with the ``state`` of each, and ``since`` when: nothing later is seen.

    A need is `withdrawn` for good once somebody says so, `met` by an attendance, `lapsed` after a time, `to_confirm`
    where the council was renewed after the ``start`` of its spell; else it is `open`.
    """
    renewed = pl.lit(renewal, pl.Date)
    ladder = (
        ("withdrawn", pl.col("withdrawn") <= on, pl.col("withdrawn")),
        ("met", pl.col("met") <= on, pl.col("met")),
        ("lapsed", pl.col("lapse") <= on, pl.col("lapse")),
        ("to_confirm", pl.col("start") <= renewed, renewed),
    )
    state, since = pl.lit("open"), pl.col("start")
    for name, holds, day in reversed(ladder):
        state, since = pl.when(holds).then(pl.lit(name)).otherwise(state), pl.when(holds).then(day).otherwise(since)
    now = lives.filter(pl.col("start") <= on, pl.col("end").is_null() | (pl.col("end") > on))
    return now.with_columns(state=state, since=since)
