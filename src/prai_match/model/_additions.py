"""A programme with more rows in one of its tables, checked as far as the new rows reach."""

import datetime as dt
from collections.abc import Iterable, Set as AbstractSet
from functools import cache
from typing import Any, TypeVar

import polars as pl
from pydantic import BaseModel, TypeAdapter, ValidationError

from prai_match.errors import Problem, ProgrammeError
from prai_match.model._actors import RelayPartner, Trainer
from prai_match.model._base import problem
from prai_match.model._history_checks import CHECKS, Known, fact_problems
from prai_match.model._programme import ProgrammeData, ProgrammeT, once, substitute
from prai_match.model._rows import Rows

# The fields that identify the rows of a table; rows of other tables have no identifier.
KEYS = {"collectivities": "code", "territories": "id", "partners": "id", "trainers": "id", "sessions": "id"}


def with_rows(programme: ProgrammeT, table: str, rows: Iterable[Any] | pl.DataFrame) -> ProgrammeT:
    """Return the programme with rows (or a frame) added to a table; a known identifier replaces the existing row."""
    if table in {*_FACTS, "registrations"}:
        return _with_facts(programme, table, rows)
    before, key = getattr(programme, table), KEYS[table]
    if isinstance(before, Rows):
        new = _read(programme, table, rows)
        old = before.to_polars().join(new.select(key), on=key, how="anti", maintain_order="left")
        return programme.model_copy(update={table: pl.concat([old, new])})
    own = [attribute.name for attribute in programme.attributes if attribute.of == table]
    given = [_lifted(row, own) for row in (rows.to_dicts() if isinstance(rows, pl.DataFrame) else rows)]
    return programme.model_copy(update={table: merged(before, given, key)})


def merged(before: Iterable[Any], rows: Iterable[Any], key: str) -> list[Any]:
    """Return rows with others added; one with a known identifier replaces the existing one."""
    after = list(before)
    places = {getattr(row, key): place for place, row in enumerate(after)}
    for row in rows:
        if (place := places.get(row.get(key) if isinstance(row, dict) else getattr(row, key, None))) is None:
            after.append(row)
        else:
            after[place] = row
    return after


def _lifted(row: Any, own: list[str]) -> Any:  # noqa: ANN401 - a model or a dictionary
    """Move attributes that are separate columns, as in tables, into the attributes of the row."""
    if not isinstance(row, dict) or row.keys().isdisjoint(own):
        return row
    values = {name: row[name] for name in own if name in row}
    rest = {name: value for name, value in row.items() if name not in values}
    return {**rest, "attributes": {**rest.get("attributes", {}), **values}}


def _with_facts(programme: ProgrammeT, table: str, rows: Iterable[Any] | pl.DataFrame) -> ProgrammeT:
    """Add facts; as they don't depend on each other, only the new ones are checked."""
    before: Rows[Any] = getattr(programme, table)
    new = _read(programme, table, rows)
    registered = programme.registrations.to_polars()["session", "collectivity"].rows()
    checks = once(
        programme,
        f"checks of {table}",
        lambda: CHECKS[table](Known.of(programme)._replace(registered=registered)),
        reads=("catalogue", "collectivities", "territories", "partners", "trainers", "sessions", "registrations"),
    )
    if problems := list(fact_problems(table, new, checks, programme.sessions.to_polars())):
        raise ProgrammeError(type(programme).__name__, problems)
    return substitute(programme, **{table: Rows.over(before.row, before.to_polars().vstack(new))})


def _read(programme: ProgrammeData, table: str, rows: Iterable[Any] | pl.DataFrame) -> pl.DataFrame:
    row = getattr(programme, table).row
    given = rows if isinstance(rows, pl.DataFrame) else [each if isinstance(each, row) else dict(each) for each in rows]
    try:
        return _adapter(row).validate_python(given).to_polars()
    except ValidationError as error:
        problems: list[Problem] = [
            problem({**details, "loc": (table, *details["loc"])}) for details in error.errors(include_url=False)
        ]
        raise ProgrammeError(type(programme).__name__, problems) from None


@cache
def _adapter(row: type[Any]) -> TypeAdapter[Rows[Any]]:
    return TypeAdapter(Rows[row])  # type: ignore[valid-type]


_Actor = TypeVar("_Actor", RelayPartner, Trainer)
_FACTS = ("needs", "attendances", "decisions")


def as_of(programme: ProgrammeT, day: dt.date) -> ProgrammeT:
    """Return the programme as known on a day: needs, attendances and sessions until then, relays and trainers then.

    Registrations count from the booking of the session. A relay or trainer who left by then stays, with that day; a
    later departure isn't known yet.
    """
    booked = _booked(programme, day)
    known = {name: getattr(programme, name).to_polars().filter(pl.col("date") <= day) for name in _FACTS}
    # Nor are facts about a session that isn't known yet.
    of_known = pl.col("held").is_null() | pl.col("held").is_in(booked["id"].implode())
    tables = {**known, "decisions": known["decisions"].filter(of_known), "sessions": booked}
    expected = programme.registrations.to_polars()
    tables["registrations"] = expected.filter(pl.col("session").is_in(booked["id"].implode()))
    return substitute(
        actors_as_of(programme, day),
        **{name: Rows.over(getattr(programme, name).row, frame) for name, frame in tables.items()},
    )


def actors_as_of(programme: ProgrammeT, day: dt.date) -> ProgrammeT:
    """Return the programme with the relays and trainers of a day: those present or already booked."""
    if not come_or_leave(programme):
        return programme
    booked = _booked(programme, day)
    partners = _known(programme.partners, day, set(booked["partner"]))
    trainers = _known(programme.trainers, day, set(booked["trainer"]))
    is_same = (partners, trainers) == (programme.partners, programme.trainers)
    return programme if is_same else substitute(programme, partners=partners, trainers=trainers)


def come_or_leave(programme: ProgrammeData) -> bool:
    actors: tuple[RelayPartner | Trainer, ...] = (*programme.partners, *programme.trainers)
    return any(actor.since or actor.until for actor in actors)


def _booked(programme: ProgrammeData, day: dt.date) -> pl.DataFrame:
    return programme.sessions.to_polars().filter(pl.coalesce("booked_on", "date") <= day)


def cancelled_on(decisions: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Return the sessions (``id``) whose booking was cancelled by a day and not confirmed again afterwards."""
    said = decisions.drop_nulls("held").filter(pl.col("date") <= day).sort("date", pl.col("event") == "cancelled")
    return said.unique("held", keep="last").filter(event="cancelled").select(id="held")


def _known(actors: tuple[_Actor, ...], day: dt.date, booked: AbstractSet[str]) -> tuple[_Actor, ...]:
    return tuple(
        actor if actor.until is None or actor.until < day else BaseModel.model_copy(actor, update={"until": None})
        for actor in actors
        if actor.since is None or actor.since <= day or actor.id in booked
    )


def rooms(programme: ProgrammeData) -> pl.DataFrame:
    """Return how many people are ``registered`` for each session (``id``), and the ``room`` left; null if unknown.

    Registrations are assumed complete since the first booking that has one: a later booking without any expects nobody.
    """
    catalogue = [(each.id, each.max_seats) for each in programme.catalogue.sessions]
    seats = pl.DataFrame(catalogue, {"session": pl.String, "seats": pl.Int64}, orient="row")
    people, rows = pl.col("people").cast(pl.Int64), programme.registrations.to_polars()
    registered = rows.group_by(id="session").agg(people.sum(), missing=people.null_count())
    booked = pl.coalesce("booked_on", "date")
    is_known = (booked >= booked.filter(pl.col("people").is_not_null()).min()) & (pl.col("missing").fill_null(0) == 0)
    return (
        programme.sessions.to_polars()
        .join(seats, on="session", how="left", maintain_order="left")
        .join(registered, on="id", how="left", maintain_order="left")
        .select("id", pl.when(is_known).then(pl.col("people").fill_null(0)).alias("registered"), "seats")
        .select("id", "registered", room=(pl.col("seats") - pl.col("registered")).clip(0))
    )
