"""A programme as tables by code, which frames are prepared from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from polars import Boolean, Date, Float64, Int64, String

from prai_match.needs import classify

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from prai_match.model import ProgrammeData
    from prai_match.needs import Lexicon

STATED = 100.0
"""Score of a need whose workshop an officer stated."""

SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    "territories": {
        **dict.fromkeys(("territory", "territory_name", "departement"), String),
        **dict.fromkeys(("population", "latitude", "longitude"), Float64),
    },
    "members": {"collectivity": String, "territory": String},
    "sessions": {
        **dict.fromkeys(("session", "kind"), String),
        **dict.fromkeys(("min_seats", "max_seats", "session_cost"), Float64),
    },
    "axes": {"session": String, "axis": String},
    "partners": {"partner": String, "partner_kind": String, "partner_brings_both": Boolean, "per_year": Int64},
    "covers": {"partner": String, "departement": String},
    "carries": {"partner": String, "session": String},
    "hosted_before": {"partner": String, "departement": String, "sessions": Int64},
    "trainers": {
        "trainer": String,
        **dict.fromkeys(("latitude", "longitude", "reach_km"), Float64),
        "per_month": Int64,
        **dict.fromkeys(("fee", "trainer_rating"), Float64),
    },
    "expertise": {"trainer": String, "session": String, "axis": String},
    "free": {"trainer": String, "start": Date, "end": Date},
    "taken": {"trainer": String, "date": Date},
    "needs": {
        **dict.fromkeys(("collectivity", "session", "axis"), String),
        "score": Float64,
        "date": Date,
        "people": Int64,
    },
    "attendances": {
        "collectivity": String,
        "session": String,
        "date": Date,
        **dict.fromkeys(("elected", "technicians"), Int64),
        "rating": Float64,
    },
    "held": {
        "session": String,
        **dict.fromkeys(("date", "known"), Date),
        **dict.fromkeys(("departement", "partner", "trainer"), String),
        "cost": Float64,
    },
}
"""Columns of each table that frames are prepared from."""


def tables_of(programme: ProgrammeData, lexicon: Lexicon) -> dict[str, pl.DataFrame]:
    p, catalogue = programme, programme.catalogue
    sessions = [session.id for session in catalogue.sessions]
    rows: dict[str, Iterable[tuple[object, ...]]] = {
        "territories": ((t.id, t.name, t.departement, t.population, t.latitude, t.longitude) for t in p.territories),
        "members": ((member, t.id) for t in p.territories for member in t.members),
        "sessions": ((s.id, s.kind, s.min_seats, s.max_seats, euros(s.cost)) for s in catalogue.sessions),
        "axes": ((s.id, axis.id) for s in catalogue.sessions for axis in s.axes),
        "partners": ((q.id, q.kind, len(set(q.brings)) > 1, q.sessions_a_year) for q in p.partners),
        "covers": ((q.id, code) for q in p.partners for code in dict.fromkeys(q.departements)),
        "carries": ((q.id, code) for q in p.partners for code in (dict.fromkeys(q.carries) or sessions)),
        "hosted_before": ((q.id, record.departement, record.sessions) for q in p.partners for record in q.hosted),
        "trainers": (
            (r.id, r.latitude, r.longitude, r.reach_km, r.sessions_a_month, euros(r.fee), r.rating) for r in p.trainers
        ),
        "expertise": (
            (r.id, e.session, axis) for r in p.trainers for e in r.expertise for axis in dict.fromkeys(e.axes) or [None]
        ),
        "free": ((r.id, period.start, period.end) for r in p.trainers for period in r.free),
        "taken": ((r.id, day) for r in p.trainers for day in dict.fromkeys(r.taken)),
    }
    tables = {name: pl.DataFrame(list(values), schema=SCHEMAS[name], orient="row") for name, values in rows.items()}
    return {
        **tables,
        "needs": needs_of(p.needs.to_polars(), lexicon),
        "attendances": p.attendances.to_polars().select(SCHEMAS["attendances"].keys()),
        "held": _sessions(p.sessions.to_polars(), tables["territories"]),
    }


def euros(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _sessions(sessions: pl.DataFrame, territories: pl.DataFrame) -> pl.DataFrame:
    """Return the sessions held or booked, the day from which each is known and the département of its host."""
    hosts = territories.select("departement", host="territory")
    return (
        sessions.join(hosts, on="host", how="left", maintain_order="left")
        .with_columns(pl.col("cost").cast(pl.Float64), known=pl.coalesce("booked_on", "date"))
        .select(SCHEMAS["held"].keys())
    )


def needs_of(needs: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """Return the needs with a workshop: as stated, or as classified; those that say nothing are left out."""
    rows = needs.with_row_index("row")
    silent = rows.filter(pl.col("workshop").is_null())
    read = classify(silent["text"], lexicon).select("workshop", "axis", "score")
    explicit = rows.drop_nulls("workshop").with_columns(score=pl.lit(STATED))
    return (
        pl.concat([explicit, silent.with_columns(read).select(explicit.columns)])
        .sort("row")
        .rename({"workshop": "session"})
        .drop_nulls("session")
        .select(SCHEMAS["needs"].keys())
    )
