"""A programme as tables by code, which frames are prepared from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

import numpy as np
import polars as pl
from polars import Boolean, Date, Float64, Int64, String, UInt32

from prai_match.followups import territory_of
from prai_match.model import READ_BY, AttributeType, Bearer, NamedValues, ProgrammeData, Scalar, once, rooms
from prai_match.needs import Lexicon, lexicon_of, wanted

STATED = 100.0  # score of a need whose workshop an officer stated
_PRESENCE = {"since": Date, "until": Date}
# Columns of each table that frames are prepared from.
SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    "territories": {
        **dict.fromkeys(("territory", "territory_name", "departement"), String),
        **dict.fromkeys(("population", "latitude", "longitude"), Float64),
    },
    "members": {"collectivity": String, "territory": String},
    "sessions": {
        **dict.fromkeys(("session", "kind", "form"), String),
        **dict.fromkeys(("min_seats", "max_seats", "session_cost"), Float64),
        "refresh_after": Int64,
    },
    "axes": {"session": String, "axis": String},
    "partners": {
        "partner": String,
        "partner_kind": String,
        "partner_brings_both": Boolean,
        "per_year": Int64,
        **_PRESENCE,
    },
    "covers": {"partner": String, "departement": String},
    "carries": {"partner": String, "session": String},
    "hosted_before": {"partner": String, "departement": String, "sessions": Int64},
    "trainers": {
        "trainer": String,
        **dict.fromkeys(("latitude", "longitude", "reach_km"), Float64),
        "per_month": Int64,
        **dict.fromkeys(("fee", "trainer_rating"), Float64),
        **_PRESENCE,
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
        "elected": Int64,
        "technicians": Int64,
        "rating": Float64,
        "held": String,
    },
    "decisions": {**dict.fromkeys(("collectivity", "session"), String), "date": Date, "event": String, "why": String},
    "replies": {
        **dict.fromkeys(("territory", "session", "partner", "trainer"), String),
        "date": Date,
        **dict.fromkeys(("event", "replaced_by", "why"), String),
    },
    "answers": {"offer": UInt32, **dict.fromkeys(("session", "partner", "trainer", "event"), String), "date": Date},
    "bookings": {"held": String, "date": Date, "event": String},
    "expected": {"held": String, "territory": String},
    "held": {
        **dict.fromkeys(("id", "session", "axis"), String),
        **dict.fromkeys(("date", "known"), Date),
        **dict.fromkeys(("territory", "departement", "partner", "trainer"), String),
        "cost": Float64,
        "room": Int64,
    },
}


def tables_of(programme: ProgrammeData) -> dict[str, pl.DataFrame]:
    p, catalogue = programme, programme.catalogue
    tables = _tables(
        p,
        {
            "territories": (
                (t.id, t.name, t.departement, t.population, t.latitude, t.longitude) for t in p.territories
            ),
            "sessions": (
                (s.id, s.kind, s.form, s.min_seats, s.max_seats, euros(s.cost), s.refresh_after)
                for s in catalogue.sessions
            ),
            "axes": ((s.id, axis.id) for s in catalogue.sessions for axis in s.axes),
        },
    )
    return {
        **tables,
        **actor_tables(p),
        "members": territory_of(p),
        "needs": asked(needs_read(p)),
        "attendances": p.attendances.to_polars().select(SCHEMAS["attendances"].keys()),
        **decision_tables(p),
        "held": _sessions(p.sessions.to_polars().with_columns(rooms(p)["room"]), tables["territories"]),
        "expected": expected_at(p),
    }


def actor_tables(programme: ProgrammeData) -> dict[str, pl.DataFrame]:
    p, sessions = programme, [session.id for session in programme.catalogue.sessions]
    return _tables(
        p,
        {
            "partners": (
                (q.id, q.kind, len(set(q.brings)) > 1, q.sessions_a_year, q.since, q.until) for q in p.partners
            ),
            "covers": ((q.id, code) for q in p.partners for code in dict.fromkeys(q.departements)),
            "carries": ((q.id, code) for q in p.partners for code in (dict.fromkeys(q.carries) or sessions)),
            "hosted_before": ((q.id, record.departement, record.sessions) for q in p.partners for record in q.hosted),
            "trainers": (
                (
                    *(r.id, r.latitude, r.longitude, r.reach_km, r.sessions_a_month, euros(r.fee), r.rating),
                    *(r.since, r.until),
                )
                for r in p.trainers
            ),
            "expertise": (
                (r.id, e.session, axis)
                for r in p.trainers
                for e in r.expertise
                for axis in dict.fromkeys(e.axes) or [None]
            ),
            "free": ((r.id, period.start, period.end) for r in p.trainers for period in r.free),
            "taken": ((r.id, day) for r in p.trainers for day in dict.fromkeys(r.taken)),
        },
    )


def _tables(programme: ProgrammeData, rows: Mapping[str, Iterable[tuple[object, ...]]]) -> dict[str, pl.DataFrame]:
    tables = {name: pl.DataFrame(list(values), schema=SCHEMAS[name], orient="row") for name, values in rows.items()}
    for table, code, values in _attributes(programme):
        if table in tables:
            tables[table] = tables[table].join(values, on=code, how="left", maintain_order="left")
    return tables


def _attributes(programme: ProgrammeData) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """The values of the programme's own attributes, by what they are joined to: the table and its code."""
    members = {collectivity.code: collectivity.attributes for collectivity in programme.collectivities}
    bearers: dict[Bearer, tuple[str, str, Iterable[tuple[str, NamedValues[Scalar | None]]]]] = {
        "territories": ("territories", "territory", ((t.id, t.attributes) for t in programme.territories)),
        "collectivities": (
            *("territories", "territory"),
            ((t.id, members[code]) for t in programme.territories for code in t.members),
        ),
        "partners": ("partners", "partner", ((p.id, p.attributes) for p in programme.partners)),
        "trainers": ("trainers", "trainer", ((r.id, r.attributes) for r in programme.trainers)),
        "sessions": ("sessions", "session", ((s.id, s.attributes) for s in programme.catalogue.sessions)),
    }
    for bearer, (table, code, rows) in bearers.items():
        declared = {each.name: _DTYPES[each.type] for each in programme.attributes if each.of == bearer}
        if not declared:
            continue
        values = [(key, *(_number(own.get(name)) for name in declared)) for key, own in rows]
        frame = pl.DataFrame(values, schema={code: String, **declared}, orient="row")
        if bearer == "collectivities":
            frame = frame.group_by(code).agg(
                _OF_MEMBERS[each.type](pl.col(each.name)) for each in programme.attributes if each.of == bearer
            )
        yield table, code, frame


def _number(value: object) -> object:
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


_DTYPES: Mapping[AttributeType, type[pl.DataType]] = {
    "boolean": Boolean,
    "integer": Float64,
    "decimal": Float64,
    "text": String,
    "date": Date,
}


def _sum(values: pl.Expr) -> pl.Expr:
    return pl.when(values.is_not_null().any()).then(values.sum()).alias(values.meta.output_name())


def _same(values: pl.Expr) -> pl.Expr:
    known = values.drop_nulls()
    return pl.when(known.n_unique() == 1).then(known.first()).alias(values.meta.output_name())


# What a territory has of its collectivities' attributes: whether any has it, the sum, what all share, the latest.
_OF_MEMBERS: Mapping[AttributeType, Callable[[pl.Expr], pl.Expr]] = {
    "boolean": lambda values: values.any(ignore_nulls=False),
    "integer": _sum,
    "decimal": _sum,
    "text": _same,
    "date": pl.Expr.max,
}


def decision_tables(programme: ProgrammeData) -> dict[str, pl.DataFrame]:
    """Return what was decided on needs and bookings, what became of offers, and the answers to them (`_answers`)."""
    rows = programme.decisions.to_polars()
    tables = {
        "decisions": rows.drop_nulls("collectivity"),
        "bookings": rows.drop_nulls("held"),
        "replies": rows.filter(pl.col("event").is_in(["accepted", "declined", "replaced"])),
        "answers": _answers(programme),
    }
    return {name: table.select(SCHEMAS[name].keys()) for name, table in tables.items()}


# In the order in which they follow one another on one day: that nobody answers is of an offer made before.
_EVENTS = ["unanswered", "made", "declined", "accepted", "asked", "confirmed", "cancelled"]


def _answers(programme: ProgrammeData) -> pl.DataFrame:
    """Return the answers to offers and what happened to sessions booked, each with its ``offer``, the last ones last.

    An offer is a session for a territory as last made by the day of the answer, or never; of several answers to it, the
    last counts. Actors that an answer doesn't name are those named before. Events of a booking before it is known count
    from the day on which it is known.
    """
    about, names = ["held", "territory", "session"], ("session", "partner", "trainer")
    booked = programme.sessions.to_polars().select(*names, held="id", known=pl.coalesce("booked_on", "date"))
    its = [pl.coalesce(f"{name}_booked", name).alias(name) for name in names]
    return (
        programme.decisions.to_polars()
        .filter(pl.col("collectivity").is_null(), pl.col("event").is_in(_EVENTS))
        .sort("date", pl.col("event").cast(pl.Enum(_EVENTS)), "partner", "trainer")
        .with_row_index("offer")
        .with_columns(session=pl.when(pl.col("held").is_null()).then("session"))
        .with_columns(made=(pl.col("event") == "made").cum_sum().over(about))
        .with_columns(
            pl.col("partner", "trainer").forward_fill().over(*about, "made"), pl.col("offer").min().over(*about, "made")
        )
        .filter(pl.col("event") != "made")
        .join(booked, on="held", how="left", suffix="_booked", maintain_order="left")
        .with_columns(*its, date=pl.max_horizontal("date", "known"))
    )


def euros(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _sessions(sessions: pl.DataFrame, territories: pl.DataFrame) -> pl.DataFrame:
    """Return the sessions held or booked, the day from which each is known, its host, territory and département."""
    return (
        sessions.join(territories.select("departement", host="territory"), on="host", how="left", maintain_order="left")
        .with_columns(pl.col("cost").cast(pl.Float64), known=pl.coalesce("booked_on", "date"), territory="host")
        .select(SCHEMAS["held"].keys())
    )


def expected_at(programme: ProgrammeData) -> pl.DataFrame:
    """Return who hosts each session held or booked, or has a collectivity that is registered for it."""
    homes, registrations = territory_of(programme), programme.registrations.to_polars()
    registered = registrations.join(homes, on="collectivity").select("territory", held="session")
    hosts = programme.sessions.to_polars().select(held="id", territory="host")
    return pl.concat([each.select(SCHEMAS["expected"].keys()) for each in (hosts, registered)])


def needs_read(programme: ProgrammeData, read: Callable[[], pl.DataFrame] | None = None) -> pl.DataFrame:
    """Return what was read in each need of a programme, once (see `reading`); ``read`` knows it in another way."""
    return once(
        programme,
        "needs_read",
        read or (lambda: reading(programme.needs.to_polars(), lexicon_of(programme))),
        reads=("needs", *READ_BY["lexicon"]),
    )


def reading(needs: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """Return the needs with their workshop, axis and score instead of their words: as stated, or as read.

    A text that asks for several workshops gives several rows, in its order; ``cell`` is the row of their text.
    """
    said = needs.select(
        pl.col("score").fill_null(STATED), silent=pl.all_horizontal(pl.col("workshop", "score").is_null())
    )
    rows, texts = said["silent"].to_numpy().nonzero()[0], needs["text"].filter(said["silent"])
    found = [answer[:3] for answer in wanted(texts, lexicon)]
    counts = np.ones(needs.height, np.int64)
    counts[rows] = [len(each) for each in found]
    cell = np.repeat(np.arange(needs.height), counts)
    whole = needs.with_columns(said["score"]).drop("text")[cell].with_columns(cell=pl.Series(cell))
    places = np.isin(cell, rows).nonzero()[0]
    columns = {name: whole[name].clone() for name in whole.columns}
    for name, *read in zip(("workshop", "axis", "score"), *(each for texts in found for each in texts), strict=False):
        columns[name].scatter(places, pl.Series(read, dtype=columns[name].dtype))
    return pl.DataFrame(list(columns.values()))


def spelled(needs: pl.DataFrame, read: pl.DataFrame, where: pl.Series) -> pl.DataFrame:
    """Return needs with their ``cell``; those ``where`` it is true have what was read in them, a row for each."""
    kept = read.filter(where[read["cell"]] | pl.col("cell").is_first_distinct())
    cells = kept["cell"]
    as_read = (
        pl.when(where[cells]).then(kept[name]).otherwise(name).alias(name) for name in ("workshop", "axis", "score")
    )
    return needs[cells].with_columns(*as_read, cells)


def asked(read: pl.DataFrame) -> pl.DataFrame:
    """Return the needs that were read, for frames: those without a workshop have no session."""
    return pl.DataFrame({name: read["workshop" if name == "session" else name] for name in SCHEMAS["needs"]})
