"""The session's columns on a day: one row a territory and session, each value computed once where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.offers._totals import events, people_known, somewhere

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from prai_match.offers._snapshot import Snapshot

_AXES = 2**16
_SCORES = 2**42

_NUMBERS = frozenset({"t", "s", "d", "z", "w", "core"})

_SMALL = 20_000
"""Rows up to which every column is computed once and kept: deciding, reading and explaining want nearly all of them."""

_ALWAYS = frozenset({"k", "t", "s", "d", "x", "session_cost"})
"""What is there whether wanted or not."""

_DEFAULTS: dict[str, float | bool] = {
    "need_score": 0.0,
    "needs": 0.0,
    "attended": False,
    "follows": False,
    "follow_probability": 0.0,
    "leads_to_need": 0.0,
    "leads_to_new": 0.0,
    "sessions_attended": 0.0,
}
"""What it means that nothing is recorded, where that isn't "unknown"."""


def session_columns(snapshot: Snapshot, chosen: pl.DataFrame, wanted: AbstractSet[str] | None = None) -> pl.DataFrame:
    """Return every territory × session, with the columns ``wanted`` (None: all of them).

    Args:
        snapshot: The day.
        chosen: The territories (``t``) to return; the others still count as neighbours.
        wanted: Names of columns; what isn't named isn't computed.

    Returns:
        Rows in the order of ``t`` and ``s``; besides the columns wanted, ``k`` (one number for the pair), ``t``, ``s``,
        ``d``, ``x`` (the axis) and ``session_cost``.
    """
    frames = snapshot.frames
    if wanted is None or frames.territories.height * frames.sessions.height <= _SMALL:
        grid = snapshot.session_columns
        if wanted is not None:
            grid = grid.select(name for name in grid.columns if name in wanted or name in _ALWAYS)
    else:
        grid = complete(snapshot, wanted)
    if chosen.height == frames.territories.height:
        return grid
    return grid.join(chosen.select("t"), on="t", how="semi", maintain_order="left")


def complete(snapshot: Snapshot, wanted: AbstractSet[str] | None) -> pl.DataFrame:
    """Compute the columns ``wanted`` (None: all of them) of every territory × session."""
    frames = snapshot.frames

    def is_wanted(*names: str) -> bool:
        return wanted is None or not wanted.isdisjoint(names)

    facts = [_needs(snapshot)]
    if is_wanted("attended"):
        facts.append(_attended(snapshot))
    if is_wanted("follows", "follow_probability", "days_since_source"):
        facts.append(_follows(snapshot))
    if is_wanted("leads_to_need", "leads_to_new", "need_served"):
        facts += [_leads_to_need(snapshot), _leads_to_new(snapshot)]
    cores = frames.axes.filter(pl.col("axis").is_null()).select("s", core="x")
    sessions = frames.sessions.join(cores, on="s", how="left", maintain_order="left")
    territories = _territories(snapshot, is_wanted)
    names = {name for table in (territories, sessions) for name in table.columns}
    kept = [name for name in names if is_wanted(name) or name in _NUMBERS or name in {"kind", "session_cost"}]
    grid = (
        territories.lazy()
        .select(name for name in territories.columns if name in kept)
        .join(
            sessions.lazy().select(name for name in sessions.columns if name in kept),
            how="cross",
            maintain_order="left_right",
        )
        .with_columns(snapshot.frames.pair, **programme_columns(snapshot))
        .collect(engine="in-memory")
    )
    found = pl.collect_all(facts, engine="in-memory")
    grid = grid.with_columns(column for fact in found for column in _laid_out(fact, grid.height))
    if is_wanted("session_rating"):
        grid = grid.join(snapshot.whole.ratings, on=["w", "s"], how="left", maintain_order="left")
    if is_wanted("need_served"):
        leads = pl.col("kind") == "buffet"
        grid = grid.with_columns(need_served=pl.when(leads).then("leads_to_need").otherwise("need_score"))
    if is_wanted("people"):
        grid = grid.with_columns(_people(snapshot, grid))
    return grid.with_columns(pl.col("x").fill_null(pl.col("core"))).drop("core", "z", "w")


def _laid_out(fact: pl.DataFrame, size: int) -> list[pl.Series]:
    """Put each value of ``fact`` at its row ``k`` of the complete grid: its row number replaces a join."""
    rows = fact["k"]
    return [
        pl.repeat(_DEFAULTS.get(column.name), size, dtype=column.dtype, eager=True)
        .scatter(rows, column)
        .alias(column.name)
        for column in fact.drop("k")
    ]


def days_since(snapshot: Snapshot, column: str) -> pl.Expr:
    """Return the days from a date to the day, as a float."""
    return (pl.lit(snapshot.on) - pl.col(column)).dt.total_days().cast(pl.Float64).alias(column)


def programme_columns(snapshot: Snapshot) -> dict[str, pl.Expr]:
    """Return the columns that depend on nothing but the programme and the day; rows have their world ``w``."""
    calendar, on = snapshot.frames.calendar, snapshot.on
    renewed = calendar.renewed_before(on)
    return {
        "in_blackout": pl.lit(any(blackout.start <= on <= blackout.end for blackout in calendar.blackouts)),
        "budget_left": snapshot.whole.total("budget_left"),
        "days_since_renewal": pl.lit(None if renewed is None else float((on - renewed).days), pl.Float64),
    }


def _territories(snapshot: Snapshot, is_wanted: Callable[..., bool]) -> pl.DataFrame:
    """Return the territories in the order of ``t``, with what depends on them alone."""
    whole = snapshot.whole
    table = snapshot.frames.territories.lazy().select("t", "d", "z", "w", "territory", "departement", "population")
    came = events(snapshot)
    if is_wanted("service_gap"):
        served = pl.col("served").fill_null(0).cast(pl.Float64)
        expected = pl.col("population") / whole.total("people") * whole.total("served")
        gap = pl.when(expected.fill_nan(0.0) > 0).then((1 - served / expected).clip(0, 1)).otherwise(0.0)
        counts = came.group_by("t").agg(served=pl.len())
        table = (
            table.join(counts, on="t", how="left", maintain_order="left").with_columns(service_gap=gap).drop("served")
        )
    if is_wanted("sessions_attended", "elected_and_technician"):
        recent = (
            came.filter(pl.col("date") > snapshot.renewed)
            .group_by("t")
            .agg(
                sessions_attended=pl.len().cast(pl.Float64),
                elected_and_technician=somewhere(pl.col("together").any(), pl.col("together")),
            )
        )
        table = table.join(recent, on="t", how="left", maintain_order="left").with_columns(
            pl.col("sessions_attended").fill_null(0.0)
        )
    if snapshot.extra is not None:
        table = table.join(snapshot.extra.lazy(), on="t", how="left", maintain_order="left")
    return table.collect(engine="in-memory")


def _needs(snapshot: Snapshot) -> pl.LazyFrame:
    """Return the strongest need of each pair, the age of the latest, how many, and the axis that they ask for."""
    day = pl.col("date").dt.epoch("d").cast(pl.Int64) + 1_000_000
    # The axis of the strongest need that chose one, then of the latest, then the first axis: in one number.
    rank = (pl.col("score") * 1000).round().cast(pl.Int64) * _SCORES + day * _AXES
    choice = pl.when("chosen").then(rank + (_AXES - 1 - pl.col("x").cast(pl.Int64)))
    return (
        snapshot.needs.lazy()
        .select(snapshot.frames.pair, "score", "date", choice=choice)
        .group_by("k")
        .agg(
            need_score=pl.col("score").max(),
            need_age_days=pl.col("date").max(),
            needs=pl.len().cast(pl.Float64),
            x=(_AXES - 1 - pl.col("choice").max() % _AXES).cast(pl.UInt32),
        )
        .with_columns(days_since(snapshot, "need_age_days"))
    )


def _attended(snapshot: Snapshot) -> pl.LazyFrame:
    return snapshot.recent.lazy().select(snapshot.frames.pair).unique().with_columns(attended=pl.lit(value=True))


def _follows(snapshot: Snapshot) -> pl.LazyFrame:
    """Return how probably each session follows what the territory attended, and since when it can."""
    return (
        snapshot.recent.lazy()
        .group_by("t", "s")
        .agg(pl.col("date").max())
        .with_columns(w=pl.lit(snapshot.frames.territories["w"]).gather(pl.col("t")))
        .join(snapshot.whole.edges.lazy(), on=["w", "s"])
        .select("t", pl.col("s_next").alias("s"), "date", "probability")
        .group_by(snapshot.frames.pair)
        .agg(follow_probability=pl.col("probability").max(), days_since_source=pl.col("date").max())
        .with_columns(days_since(snapshot, "days_since_source"), follows=pl.lit(value=True))
    )


def _one_step_back(snapshot: Snapshot, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Replace each session by those that lead to it."""
    back = snapshot.edges.lazy().select(pl.col("s").alias("s_before"), pl.col("s_next").alias("s"))
    return frame.join(back, on="s").drop("s").rename({"s_before": "s"})


def _leads_to_need(snapshot: Snapshot) -> pl.LazyFrame:
    """Return the strongest need for what each session leads to and the territory hasn't attended."""
    attended = snapshot.recent.lazy().select("t", "s").unique()
    wanted = snapshot.needs.lazy().select("t", "s", "score").join(attended, on=["t", "s"], how="anti")
    return _one_step_back(snapshot, wanted).group_by(snapshot.frames.pair).agg(leads_to_need=pl.col("score").max())


def _leads_to_new(snapshot: Snapshot) -> pl.LazyFrame:
    """Return how many of the sessions that each leads to the territory hasn't attended."""
    leading = snapshot.edges.lazy().group_by("s").agg(leads_to_new=pl.len().cast(pl.Float64))
    attended = snapshot.recent.lazy().select("t", "s").unique()
    done = _one_step_back(snapshot, attended).group_by(snapshot.frames.pair).agg(done=pl.len().cast(pl.Float64))
    return (
        snapshot.frames.territories.lazy()
        .select("t")
        .join(leading, how="cross")
        .select(snapshot.frames.pair, "leads_to_new")
        .join(done, on="k", how="left")
        .select("k", pl.col("leads_to_new") - pl.col("done").fill_null(0.0))
    )


def interested(snapshot: Snapshot) -> pl.DataFrame:
    """Return how many people of each square asked for each session, or attended what leads to it.

    One collectivity counts once a session: the most it announced, or sent to a session that leads there. Those who
    attended the session itself no longer count, nor people of whom the number isn't known.

    Returns:
        ``z``, ``s`` and ``people``, in the order of ``z`` and ``s``; where nobody is interested, there is no row.
    """
    frames = snapshot.frames
    width = frames.sessions.height
    one = (pl.col("c") * width + pl.col("s")).alias("one")
    came = (
        snapshot.recent.lazy()
        .join(snapshot.edges.lazy(), on="s")
        .with_columns(pl.col("s_next").alias("s"), people=people_known())
    )
    most = (
        pl.concat([part.select("z", "s", "people", one) for part in (snapshot.needs.lazy(), came)])
        .group_by("one")
        .agg(pl.col("z").first(), pl.col("s").first(), pl.col("people").max())
        .drop_nulls("people")
        .collect(engine="in-memory")
    )
    attended = pl.repeat(False, frames.collectivities * width, eager=True)  # noqa: FBT003 - the value repeated
    attended = attended.scatter(snapshot.recent.select(one)["one"], True)  # noqa: FBT003 - the value set
    return (
        most.lazy()
        .filter(~attended.gather(most["one"]))
        .group_by("z", "s")
        .agg(pl.col("people").sum())
        .sort("z", "s")
        .collect(engine="in-memory")
    )


def _people(snapshot: Snapshot, grid: pl.DataFrame) -> pl.Series:
    """Return how many people within travel distance are interested in each session."""
    frames = snapshot.frames
    width = frames.sessions.height
    # Every square is near itself.
    squares = frames.near["z_near"].n_unique()
    cells = snapshot.interested.select(cell=pl.col("z") * width + pl.col("s"), people=pl.col("people").cast(pl.Float64))
    here = pl.repeat(0.0, squares * width, eager=True).scatter(cells["cell"], cells["people"])
    first = frames.near["z_near"] * width
    around = (
        frames.near.select("z", *(here.gather(first + number).alias(str(number)) for number in range(width)))
        .group_by("z", maintain_order=True)
        .agg(pl.all().sum())
        .drop("z")
        .select(pl.concat_list(pl.all()).explode())
        .to_series()
    )
    return around.gather(grid["z"] * width + grid["s"]).alias("people")
