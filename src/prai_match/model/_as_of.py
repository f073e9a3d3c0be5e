"""A programme as it was known on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import polars as pl
from pydantic import BaseModel

from prai_match.model._programme import ProgrammeData, substitute
from prai_match.model._rows import Rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Set as AbstractSet

    from prai_match.model._actors import RelayPartner, Trainer

_Programme = TypeVar("_Programme", bound=ProgrammeData)
_Actor = TypeVar("_Actor", "RelayPartner", "Trainer")


def as_of(programme: _Programme, day: dt.date) -> _Programme:
    """Return what was known on a day: needs and attendances until then, sessions held or booked by then, who was there.

    A relay or trainer who left by then stays, with the day; one who leaves later hasn't said so yet.
    """
    facts = {name: getattr(programme, name) for name in ("needs", "attendances", "decisions")}
    return substitute(
        actors_as_of(programme, day),
        **{name: Rows.over(rows.row, rows.to_polars().filter(pl.col("date") <= day)) for name, rows in facts.items()},
        sessions=Rows.over(programme.sessions.row, _booked(programme, day)),
    )


def actors_as_of(programme: _Programme, day: dt.date) -> _Programme:
    """Return the programme with the relays and trainers of a day: who had come, or was booked already."""
    if not come_or_leave(programme):
        return programme
    booked = _booked(programme, day)
    partners = _known(programme.partners, day, set(booked["partner"]))
    trainers = _known(programme.trainers, day, set(booked["trainer"]))
    if (partners, trainers) == (programme.partners, programme.trainers):
        return programme
    return substitute(programme, partners=partners, trainers=trainers)


def come_or_leave(programme: ProgrammeData) -> bool:
    """Whether any relay or trainer has a first or a last day."""
    actors: tuple[RelayPartner | Trainer, ...] = (*programme.partners, *programme.trainers)
    return any(actor.since or actor.until for actor in actors)


def _booked(programme: ProgrammeData, day: dt.date) -> pl.DataFrame:
    return programme.sessions.to_polars().filter(pl.coalesce("booked_on", "date") <= day)


def _known(actors: tuple[_Actor, ...], day: dt.date, booked: AbstractSet[str]) -> tuple[_Actor, ...]:
    return tuple(
        actor if actor.until is None or actor.until < day else BaseModel.model_copy(actor, update={"until": None})
        for actor in actors
        if actor.since is None or actor.since <= day or actor.id in booked
    )
