"""The same ranking by hand once more, as clear queries: polars, and DuckDB's SQL over the same prepared tables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from _baselines import ALIKE, CODES, GRID, TRAVEL_KM, W, soon

if TYPE_CHECKING:
    from prai_match.offers import Frames

ON_WORKSHOPS = ("lives", "attendances", "territories", "sessions", "partners", "covers", "carries", "hosted_before")
TABLES = (*ON_WORKSHOPS, "trainers", "reach", "near", "axes", "expertise")


def _points(value: pl.Expr, name: str) -> pl.Expr:
    return (value.cast(pl.Float64).clip(0, 1) * (W[name] * GRID)).round(mode="half_to_even").fill_null(0).cast(pl.Int64)


def by_polars(frames: Frames, on: dt.date, top: int = 3) -> pl.DataFrame:
    """Return the ranked offers: ``t``, ``s``, ``h``, ``p``, ``r`` and ``score``, best first."""
    seats = frames.sessions.lazy().select("s", "min_seats", "max_seats", "session_cost")
    came = frames.attendances.lazy().filter(pl.col("date") <= on)
    needs = frames.lives.lazy().filter(
        pl.col("start") <= on, pl.col("lapse") > on, (pl.col("met") > on).fill_null(value=True)
    )
    cells = needs.group_by("t", "s").agg(pl.max("score"), pl.max("start")).filter(pl.col("score") >= 60)
    cells = cells.join(came, on=["t", "s"], how="anti")
    around = (
        needs.join(cells, on=["t", "s"], how="semi")
        .group_by("c", "z", "s")
        .agg(pl.max("people"))
        .group_by("s", z_near="z")
        .agg(pl.sum("people"))
        .join(frames.near.lazy(), on="z_near")
        .group_by("z", "s")
        .agg(pl.sum("people"))
    )
    relay = (
        frames.covers.lazy()
        .join(frames.partners.lazy().filter(pl.col("per_year") >= 1), on="p")
        .join(frames.hosted_before.lazy(), on=["p", "d"], how="left")
        .join(frames.carries.lazy(), on="p")
        .with_columns(
            p_units=_points(pl.col("sessions") / (pl.col("sessions") + 3.0), "partner_record")
            + _points(pl.col("partner_kind") == "adm", "mayors_association")
            + _points(pl.col("partner_brings_both"), "partner_brings_both")
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
            r_units=_points((pl.col("trainer_rating") - 1) / 3, "trainer_rating")
            + _points(1 - pl.col("distance_km") / pl.col("reach_km"), "trainer_near")
            + int(ALIKE)
            + soon(on)
        )
        .join(leads, on="r")
        .join(seats, on="s")
        .filter(cost.round(2) <= (float(frames.budget.total) if frames.budget else float("inf")))
        .group_by("t", "s")
        .agg(r_key=(pl.col("r_units") * CODES + CODES - 1 - pl.col("r")).max())
    )
    rated = came.group_by("s").agg(rated=_points((pl.mean("rating") - 1) / 3, "past_rating"))
    age = (pl.lit(on) - pl.col("start")).dt.total_days()
    units = (
        pl.sum_horizontal("rated", pl.col("p_key") // CODES, pl.col("r_key") // CODES)
        + _points(pl.col("score") / 100, "need_strength")
        + _points((-age / 730.0).exp(), "need_freshness")
        + _points(pl.col("people") / pl.col("max_seats"), "full_room")
        + _points(1 - pl.col("metres") / 1000 / TRAVEL_KM, "near_host")
    )
    places = frames.territories.lazy().select("t", "d", "z", "latitude", "longitude")
    cells = cells.join(places, on="t").collect().lazy()
    hosts = cells.select("s", "d", "z", h="t", lat="latitude", lon="longitude")
    hosts = hosts.join(relay, on=["d", "s"]).join(trainer, left_on=["h", "s"], right_on=["t", "s"]).drop("d")
    hosts = hosts.join(around, on=["z", "s"]).join(seats, on="s").filter(pl.col("people") >= pl.col("min_seats"))
    hosts = hosts.collect().lazy()
    held = hosts.select("s", "h", "p_key", "r_key", "people", "max_seats")
    guests = cells.join(held, left_on=["t", "s"], right_on=["h", "s"], how="anti")
    band = (pl.col("latitude") * 110 / TRAVEL_KM).floor().cast(pl.Int32)
    away = (
        guests.select("t", "s", "latitude", "longitude", band=pl.concat_list(band - 1, band, band + 1))
        .explode("band")
        .join(hosts.with_columns(band=(pl.col("lat") * 110 / TRAVEL_KM).floor().cast(pl.Int32)), on=["s", "band"])
        .with_columns(metres=_metres())
        .filter(pl.col("metres") <= 1000 * TRAVEL_KM)
        .group_by("t", "s")
        .agg(pl.col("h", "metres").sort_by("metres", "h").first())
    )
    at = pl.concat([held.select("s", "h", t="h", metres=pl.lit(0.0)), away.select("s", "h", "t", "metres")])
    return (
        cells.join(at, on=["t", "s"])
        .join(held, on=["h", "s"])
        .join(rated, on="s", how="left")
        .select(
            *("t", "s", "h"),
            p=CODES - 1 - pl.col("p_key") % CODES,
            r=CODES - 1 - pl.col("r_key") % CODES,
            score=units / GRID,
        )
        .sort("t", "score", "s", descending=[False, True, False])
        .filter(pl.int_range(pl.len()).over("t") < top)
        .collect()
    )


def _metres() -> pl.Expr:
    """The great-circle distance."""
    lat, lon, other, far = (pl.col(name).radians() for name in ("latitude", "longitude", "lat", "lon"))
    half = ((other - lat) / 2).sin() ** 2 + lat.cos() * other.cos() * ((far - lon) / 2).sin() ** 2
    return (1000 * 2 * 6371.0088 * half.sqrt().arcsin()).round(mode="half_to_even")


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
), cell AS (
    SELECT t, s, max(score) AS strength, max(start) AS start
    FROM asked ANTI JOIN came USING (t, s) GROUP BY ALL HAVING max(score) >= 60
), around AS (
    SELECT near.z, s, sum(people) AS people
    FROM near JOIN (
        SELECT z, s, sum(people) AS people
        FROM (SELECT c, z, s, max(people) AS people FROM asked SEMI JOIN cell USING (t, s) GROUP BY ALL)
        GROUP BY ALL
    ) AS square ON square.z = near.z_near GROUP BY ALL
), rated AS (
    SELECT s, points((avg(rating) - 1) / 3, {W["past_rating"]}) AS units FROM came GROUP BY ALL
), relay AS (
    SELECT d, s, max((
        points(sessions / (sessions + 3.0::DOUBLE), {W["partner_record"]}) + points((partner_kind = 'adm')::INT, {W["mayors_association"]})
        + points(partner_brings_both::INT, {W["partner_brings_both"]})
    ) * {CODES} + {CODES - 1} - p) AS key
    FROM covers JOIN partners USING (p) JOIN carries USING (p) LEFT JOIN hosted_before USING (p, d)
    WHERE per_year >= 1 GROUP BY ALL
), leads AS (
    SELECT DISTINCT r, s FROM expertise JOIN axes USING (x)
), trainer AS (
    SELECT reach.t, s, max((
        points((trainer_rating - 1) / 3, {W["trainer_rating"]}) + points(1 - distance_km / reach_km, {W["trainer_near"]})
        + {int(ALIKE)} + $soon
    ) * {CODES} + {CODES - 1} - r) AS key
    FROM reach JOIN trainers USING (r) JOIN leads USING (r) JOIN sessions USING (s), settings
    WHERE distance_km <= reach_km
        AND round(fee + distance_km * (2 * euros_per_km) + session_cost, 2) <= settings.budget
    GROUP BY ALL
), wanted AS (
    SELECT t, s, d, z, latitude, longitude, strength, start FROM cell JOIN territories USING (t)
), host AS (
    SELECT t AS h, s, latitude, longitude, relay.key AS relay, trainer.key AS trainer, people, max_seats
    FROM wanted JOIN around USING (z, s) JOIN sessions USING (s) JOIN relay USING (d, s) JOIN trainer USING (t, s)
    WHERE people >= min_seats
), guest AS (
    SELECT * FROM wanted ANTI JOIN host ON wanted.t = host.h AND wanted.s = host.s
), apart AS (
    SELECT guest.t, s, h, relay, trainer, people, max_seats, round_even(1000 * 2 * 6371.0088 * asin(sqrt(
        pow(sin(radians(host.latitude - guest.latitude) / 2), 2) + cos(radians(guest.latitude))
        * cos(radians(host.latitude)) * pow(sin(radians(host.longitude - guest.longitude) / 2), 2))), 0) AS metres
    FROM guest JOIN host USING (s) WHERE abs(host.latitude - guest.latitude) * 110 <= {TRAVEL_KM}
), held AS (
    SELECT h AS t, s, h, relay, trainer, people, max_seats, 0 AS metres FROM host UNION ALL
    (SELECT * FROM apart WHERE metres <= {1000 * TRAVEL_KM}
        QUALIFY row_number() OVER (PARTITION BY t, s ORDER BY metres, h) = 1)
)
SELECT t, s, h, {CODES - 1} - relay % {CODES} AS p, {CODES - 1} - trainer % {CODES} AS r,
    (coalesce(rated.units, {W["past_rating"] * GRID / 2}) + relay // {CODES} + trainer // {CODES}
        + points(strength / 100, {W["need_strength"]}) + points(exp(-($today - start) / 730.0::DOUBLE), {W["need_freshness"]})
        + points(people / max_seats, {W["full_room"]}) + points(1 - metres / 1000 / {TRAVEL_KM}, {W["near_host"]})
    ) / {GRID}::DOUBLE AS score
FROM wanted JOIN held USING (t, s) LEFT JOIN rated USING (s)
QUALIFY row_number() OVER (PARTITION BY t ORDER BY score DESC, s) <= $top
ORDER BY t, score DESC, s
"""  # noqa: S608 - numbers of ours


def by_duckdb(connection: duckdb.DuckDBPyConnection, on: dt.date, top: int = 3) -> pl.DataFrame:
    """Return the same from a `database`."""
    return pl.DataFrame(connection.sql(_SQL, params={"today": on, "top": top, "soon": soon(on)}).to_arrow_table())
