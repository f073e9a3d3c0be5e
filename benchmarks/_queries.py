"""The same ranking by hand once more, as clear queries: polars, and DuckDB's SQL over the same prepared tables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from _baselines import CODES, GRID, W, soon

if TYPE_CHECKING:
    from prai_match.offers import Frames

ON_WORKSHOPS = ("lives", "attendances", "territories", "sessions", "partners", "covers", "carries", "hosted_before")
TABLES = (*ON_WORKSHOPS, "trainers", "reach", "near", "axes", "expertise")


def _points(value: pl.Expr, name: str) -> pl.Expr:
    return (value.cast(pl.Float64).clip(0, 1) * (W[name] * GRID)).round(mode="half_to_even").fill_null(0).cast(pl.Int64)


def by_polars(frames: Frames, on: dt.date, top: int = 3) -> pl.DataFrame:
    """Return the ranked offers: ``t``, ``s``, ``p``, ``r`` and ``score``, best first."""
    seats = frames.sessions.lazy().select("s", "min_seats", "max_seats", "session_cost")
    came = frames.attendances.lazy().filter(pl.col("date") <= on)
    needs = frames.lives.lazy().filter(
        pl.col("start") <= on, pl.col("lapse") > on, (pl.col("met") > on).fill_null(value=True)
    )
    around = (
        needs.group_by("c", "z", "s")
        .agg(pl.max("people"))
        .group_by("s", z_near="z")
        .agg(pl.sum("people"))
        .join(frames.near.lazy(), on="z_near")
        .group_by("z", "s")
        .agg(pl.sum("people"))
    )
    cells = needs.group_by("t", "z", "s").agg(pl.max("score"), pl.max("start")).filter(pl.col("score") >= 60)
    cells = cells.join(came, on=["t", "s"], how="anti").join(around, on=["z", "s"]).join(seats, on="s")
    cells = cells.filter(pl.col("people") >= pl.col("min_seats"))
    served = (
        came.group_by("t", "s", "date")
        .agg(together=(pl.sum("elected") > 0) & (pl.sum("technicians") > 0))
        .group_by("t")
        .agg(served=pl.len(), together=pl.any("together"))
    )
    expected = pl.col("population") / pl.sum("population") * pl.sum("served")
    own = (
        frames.territories.lazy()
        .join(served, on="t", how="left")
        .with_columns(pl.col("served").fill_null(0), pl.col("together").fill_null(value=False))
        .with_columns(gap=pl.when(expected > 0).then(1 - pl.col("served") / expected).otherwise(0))
        .select("t", "d", own=_points(pl.col("gap"), "equity") + _points(pl.col("together"), "pair"))
    )
    relay = (
        frames.covers.lazy()
        .join(frames.partners.lazy().filter(pl.col("per_year") >= 1), on="p")
        .join(frames.hosted_before.lazy(), on=["p", "d"], how="left")
        .join(frames.carries.lazy(), on="p")
        .with_columns(
            p_units=_points(pl.col("sessions") / (pl.col("sessions") + 3.0), "record")
            + _points(pl.col("partner_kind") == "adm", "adm")
            + _points(pl.col("partner_brings_both"), "both")
        )
        .group_by("d", "s")
        .agg(p_key=(pl.col("p_units") * CODES + CODES - 1 - pl.col("p")).max())
    )
    leads = frames.expertise.lazy().join(frames.axes.lazy().select("x", "s"), on="x").select("r", "s").unique()
    cost = pl.col("fee") + pl.col("distance_km") * (2 * frames.euros_per_km) + pl.col("session_cost")
    trainer = (
        frames.reach.lazy()
        .join(frames.trainers.lazy(), on="r")
        .filter(pl.col("distance_km") <= pl.col("reach_km"))
        .with_columns(
            r_units=_points((pl.col("trainer_rating") - 1) / 3, "trainer")
            + _points(1 - pl.col("distance_km") / pl.col("reach_km"), "near")
            + int(W["load"] * GRID)
            + soon(on)
        )
        .join(leads, on="r")
        .join(seats, on="s")
        .filter(cost.round(2) <= (float(frames.budget.total) if frames.budget else float("inf")))
        .group_by("t", "s")
        .agg(r_key=(pl.col("r_units") * CODES + CODES - 1 - pl.col("r")).max())
    )
    rated = came.group_by("s").agg(rated=_points((pl.mean("rating") - 1) / 3, "rating"))
    age = (pl.lit(on) - pl.col("start")).dt.total_days()
    units = (
        pl.sum_horizontal("own", "rated", pl.col("p_key") // CODES, pl.col("r_key") // CODES)
        + _points(pl.col("score") / 100, "need")
        + _points((-age / 730.0).exp(), "fresh")
        + _points(pl.col("people") / pl.col("max_seats"), "room")
    )
    return (
        cells.join(own, on="t")
        .join(relay, on=["d", "s"])
        .join(trainer, on=["t", "s"])
        .join(rated, on="s", how="left")
        .select(
            *("t", "s"),
            p=CODES - 1 - pl.col("p_key") % CODES,
            r=CODES - 1 - pl.col("r_key") % CODES,
            score=units / GRID,
        )
        .sort("t", "score", "s", descending=[False, True, False])
        .filter(pl.int_range(pl.len()).over("t") < top)
        .collect()
    )


def database(frames: Frames) -> duckdb.DuckDBPyConnection:
    """Load the prepared tables into a database in memory: preparation."""
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    for name in TABLES:
        connection.register("frame", getattr(frames, name).to_arrow())
        connection.execute(f"CREATE TABLE {name} AS FROM frame")
    budget = float(frames.budget.total) if frames.budget else 1e300
    connection.execute(
        f"CREATE TABLE settings AS SELECT {budget}::DOUBLE AS budget, {frames.euros_per_km}::DOUBLE AS euros_per_km"
    )
    connection.execute(
        f"CREATE MACRO points(value, weight) AS"
        f" coalesce(round_even(least(greatest(value, 0), 1) * (weight * {GRID}), 0), 0)::BIGINT"
    )
    return connection


_SQL = f"""
WITH asked AS (
    FROM lives WHERE start <= $today AND lapse > $today AND (met IS NULL OR met > $today)
), came AS (
    FROM attendances WHERE date <= $today
), around AS (
    SELECT near.z, s, sum(people) AS people
    FROM near JOIN (
        SELECT z, s, sum(people) AS people
        FROM (SELECT c, z, s, max(people) AS people FROM asked GROUP BY ALL) GROUP BY ALL
    ) AS square ON square.z = near.z_near GROUP BY ALL
), cell AS (
    SELECT t, z, s, max(score) AS strength, max(start) AS start FROM asked GROUP BY ALL HAVING max(score) >= 60
), event AS (
    SELECT t, s, date, sum(elected) > 0 AND sum(technicians) > 0 AS together FROM came GROUP BY ALL
), served AS (
    SELECT t, count(*) AS served, bool_or(together) AS together FROM event GROUP BY ALL
), expected AS (
    SELECT t, d, coalesce(served, 0) AS served, coalesce(together, false) AS together,
        population / sum(population) OVER () * (SELECT count(*) FROM event) AS share
    FROM territories LEFT JOIN served USING (t)
), own AS (
    SELECT t, d, points(CASE WHEN share > 0 THEN 1 - served / share ELSE 0 END, {W["equity"]})
        + points(together::INT, {W["pair"]}) AS units
    FROM expected
), rated AS (
    SELECT s, points((avg(rating) - 1) / 3, {W["rating"]}) AS units FROM came GROUP BY ALL
), relay AS (
    SELECT d, s, max((
        points(sessions / (sessions + 3.0::DOUBLE), {W["record"]}) + points((partner_kind = 'adm')::INT, {W["adm"]})
        + points(partner_brings_both::INT, {W["both"]})
    ) * {CODES} + {CODES - 1} - p) AS key
    FROM covers JOIN partners USING (p) JOIN carries USING (p) LEFT JOIN hosted_before USING (p, d)
    WHERE per_year >= 1 GROUP BY ALL
), leads AS (
    SELECT DISTINCT r, s FROM expertise JOIN axes USING (x)
), trainer AS (
    SELECT reach.t, s, max((
        points((trainer_rating - 1) / 3, {W["trainer"]}) + points(1 - distance_km / reach_km, {W["near"]})
        + {int(W["load"] * GRID)} + $soon
    ) * {CODES} + {CODES - 1} - r) AS key
    FROM reach JOIN trainers USING (r) JOIN leads USING (r) JOIN sessions USING (s), settings
    WHERE distance_km <= reach_km
        AND round(fee + distance_km * (2 * euros_per_km) + session_cost, 2) <= settings.budget
    GROUP BY ALL
)
SELECT t, s, {CODES - 1} - relay.key % {CODES} AS p, {CODES - 1} - trainer.key % {CODES} AS r,
    (own.units + coalesce(rated.units, {W["rating"] * GRID / 2}) + relay.key // {CODES} + trainer.key // {CODES}
        + points(strength / 100, {W["need"]}) + points(exp(-($today - start) / 730.0::DOUBLE), {W["fresh"]})
        + points(people / max_seats, {W["room"]})) / {GRID}::DOUBLE AS score
FROM cell JOIN around USING (z, s) JOIN sessions USING (s) JOIN own USING (t) JOIN relay USING (d, s)
    JOIN trainer USING (t, s) LEFT JOIN rated USING (s) ANTI JOIN came USING (t, s)
WHERE people >= min_seats
QUALIFY row_number() OVER (PARTITION BY t ORDER BY score DESC, s) <= $top
ORDER BY t, score DESC, s
"""  # noqa: S608 - numbers of ours


def by_duckdb(connection: duckdb.DuckDBPyConnection, on: dt.date, top: int = 3) -> pl.DataFrame:
    """Return the same from a `database`."""
    return pl.DataFrame(connection.sql(_SQL, params={"today": on, "top": top, "soon": soon(on)}).to_arrow_table())
