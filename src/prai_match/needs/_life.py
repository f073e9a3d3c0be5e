"""The life of needs: which are open on a day, and why the others aren't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import datetime as dt


def states(  # noqa: PLR0913 - what a need's life is made of
    needs: pl.DataFrame,
    attendances: pl.DataFrame,
    decisions: pl.DataFrame,
    *,
    on: dt.date,
    renewal: dt.date | None,
    months: int,
) -> pl.DataFrame:
    """Return the needs expressed by a day, in their order, each with its state.

    A need counts from its day, or from the last time it was confirmed. It is `withdrawn` for good once somebody says
    so, `met` by the first later attendance of its territory at its workshop (of its axis, where both have one),
    `lapsed` after so many months, and `to_confirm` where the council was renewed since; else it is `open`.

    Args:
        needs: ``territory``, ``collectivity``, ``workshop``, ``axis``, ``date``.
        attendances: ``territory``, ``collectivity``, ``session``, ``axis`` (null: unknown, or none), ``date``.
        decisions: Of needs: ``collectivity``, ``session`` (null: all), ``date``, ``event``, ``why``.
        on: The day: nothing that comes later is seen.
        renewal: The last election of councils before it.
        months: After which a need lapses.

    Returns:
        The needs with ``state``, ``since`` (its first day), ``by`` (who attended, where it is met) and ``reason`` (why
        it is withdrawn, where that is said).
    """
    rows = needs.filter(pl.col("date") <= on).with_row_index("row")
    events = (
        rows.select("row", "collectivity", "workshop", "date")
        .join(decisions.filter(pl.col("date") <= on), on="collectivity", suffix="_said")
        .filter(pl.col("session").is_null() | (pl.col("session") == pl.col("workshop")))
        .filter(pl.col("date_said") >= pl.col("date"))
        .sort("date_said", "why")
        .group_by("row", maintain_order=True)
        .agg(
            withdrawn=pl.col("date_said").filter(pl.col("event") == "withdrawn").min(),
            reason=pl.col("why").filter(pl.col("event") == "withdrawn").first(),
            confirmed=pl.col("date_said").filter(pl.col("event") == "confirmed").max(),
        )
    )
    rows = rows.join(events, on="row", how="left", maintain_order="left").with_columns(
        counts_from=pl.max_horizontal("date", "confirmed")
    )
    came = attendances.filter(pl.col("date") <= on).select(
        "territory", workshop="session", came_on="date", came_axis="axis", by="collectivity"
    )
    met = (
        rows.select("row", "territory", "workshop", "axis", "counts_from")
        .join(came, on=["territory", "workshop"])
        .filter(pl.col("came_on") > pl.col("counts_from"))
        .filter((pl.col("axis") == pl.col("came_axis")).fill_null(value=True))
        .sort("came_on", "by")
        .unique("row", keep="first")
        .select("row", "came_on", "by")
    )
    lapse = pl.col("counts_from").dt.offset_by(f"{months}mo")
    renewed = pl.lit(renewal, pl.Date)
    ladder = (
        ("withdrawn", pl.col("withdrawn").is_not_null(), pl.col("withdrawn")),
        ("met", pl.col("came_on").is_not_null(), pl.col("came_on")),
        ("lapsed", lapse <= on, lapse),
        ("to_confirm", pl.col("counts_from") <= renewed, renewed),
    )
    state, since = pl.lit("open"), pl.col("counts_from")
    for name, holds, day in reversed(ladder):
        state, since = pl.when(holds).then(pl.lit(name)).otherwise(state), pl.when(holds).then(day).otherwise(since)
    return (
        rows.join(met, on="row", how="left", maintain_order="left")
        .with_columns(state=state, since=since)
        .with_columns(by=pl.when(pl.col("state") == "met").then("by"))
        .select(*needs.columns, "state", "since", "by", "reason")
    )
