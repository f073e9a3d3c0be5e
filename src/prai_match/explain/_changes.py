"""Changes to a programme, as data: what is added, taken away or set otherwise, and the programme that results."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - read when the model is built
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

import polars as pl
from pydantic import Field, InstanceOf, ValidationError

from prai_match._words import hint
from prai_match.errors import Problem, ProgrammeError, UnknownCodeError, nearest
from prai_match.model import (
    Attendance,
    Budget,
    HeldSession,
    Id,
    Model,
    Need,
    ProgrammeData,
    RelayPartner,
    Rows,
    Trainer,
    problem,
)
from prai_match.policy import Policy  # noqa: TC001 - read when the model is built

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

ProgrammeT = TypeVar("ProgrammeT", bound=ProgrammeData)
RowT = TypeVar("RowT", bound=Model)

_SUBJECT = "changes"
_PLACE = re.compile(r"(\w+)\[(\d+)\]")
_PACKAGE = "prai_match.explain"
_SETTINGS = ("travel_km", "notice_days", "budget")


class SomeAttendances(Model):
    """Attendances to take away: those of a collectivity, at a session or on a day where these are given.

    Example:
        >>> SomeAttendances(collectivity="09122", session="buffet_communication").date is None
        True
    """

    collectivity: Id
    session: Id | None = None
    date: dt.date | None = None


class SomeNeeds(Model):
    """Needs to take away: those of a collectivity, for a stated workshop or of a day where these are given.

    Example:
        >>> SomeNeeds(collectivity="09122", workshop="sig").workshop
        'sig'
    """

    collectivity: Id
    workshop: Id | None = None
    date: dt.date | None = None


class Changes(Model):
    """What to change in what is recommended for, and how; what isn't named stays.

    What is taken away goes first, so a trainer taken away and added again under the same identifier is replaced. The
    history keeps what it says of a partner, a trainer or a session held that is taken away, but no longer names it;
    the attendances at a session held that is taken away stay, unless they are taken away as well.

    Example:
        >>> changes = Changes.of(remove_needs=[{"collectivity": "09001"}], weights={"equity": 20})
        >>> changes.remove_needs[0].workshop is None
        True
    """

    add_attendances: tuple[Attendance, ...] = ()
    remove_attendances: tuple[SomeAttendances, ...] = ()
    add_needs: tuple[Need, ...] = ()
    remove_needs: tuple[SomeNeeds, ...] = ()
    add_sessions: tuple[HeldSession, ...] = ()
    remove_sessions: tuple[Id, ...] = ()
    add_partners: tuple[RelayPartner, ...] = ()
    remove_partners: tuple[Id, ...] = ()
    add_trainers: tuple[Trainer, ...] = ()
    remove_trainers: tuple[Id, ...] = ()
    travel_km: float | None = None
    notice_days: int | None = None
    budget: Budget | None = None
    on: dt.date | None = None
    policy: InstanceOf[Policy] | None = None
    weights: dict[str, float] = Field(default_factory=dict)

    @classmethod
    def of(cls, /, **fields: Any) -> Self:  # noqa: ANN401 - checked right here
        """Check changes given by name; rows may be dictionaries.

        Raises:
            ProgrammeError: A change isn't known (with "did you mean") or isn't valid.

        Example:
            >>> changes = Changes.of(weights={"equity": 20}, notice_days=7)
            >>> changes.weights, changes.notice_days
            ({'equity': 20.0}, 7)
        """
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            problems = [_problem(found) for found in error.errors(include_url=False)]
            raise ProgrammeError(_SUBJECT, problems) from None

    @property
    def of_programme(self) -> frozenset[str]:
        """Names of the changes that the programme itself is made of."""
        return frozenset(self.model_fields_set - {"on", "policy", "weights"})


def _problem(details: Mapping[str, Any]) -> Problem:
    """Say what is wrong with a change; one that isn't known has suggestions."""
    found = problem(details)
    if details["type"] != "extra_forbidden" or len(details["loc"]) > 1:
        return found
    near = hint(nearest(found.where, Changes.model_fields))
    return Problem.of(_PACKAGE, "unknown", found.where, found.found, near=near)


def apply(programme: ProgrammeT, changes: Changes) -> ProgrammeT:
    """Return the programme as changed, checked as a whole; the one given stays as it is.

    Nothing that was computed for the programme given is kept in the one returned.
    """
    if not changes.of_programme:
        return programme
    values: dict[str, Any] = {name: getattr(programme, name) for name in type(programme).model_fields}
    values["partners"] = _actors("relay partner", programme.partners, changes.remove_partners, changes.add_partners)
    values["trainers"] = _actors("trainer", programme.trainers, changes.remove_trainers, changes.add_trainers)
    values["sessions"] = _sessions(programme, changes)
    values["attendances"] = _attendances(programme, changes)
    values["needs"] = _added(_without(programme, "needs", changes.remove_needs), Need, changes.add_needs)
    values |= {name: getattr(changes, name) for name in _SETTINGS if name in changes.model_fields_set}
    try:
        return type(programme).model_validate(values)
    except ProgrammeError as error:
        raise ProgrammeError(error.subject, [_as_given(each, values, changes) for each in error.problems]) from None


def _as_given(found: Problem, values: Mapping[str, Any], changes: Changes) -> Problem:
    """Place a problem of a row that was added where the changes have it: they come after the rows of before."""
    place = _PLACE.match(found.where)
    added = getattr(changes, f"add_{place[1]}", ()) if place else ()
    number = int(place[2]) - len(values[place[1]]) + len(added) if place else -1
    if place is None or number < 0 or not added:
        return found
    return replace(found, where=f"add_{place[1]}[{number}]{found.where[place.end() :]}")


_ActorT = TypeVar("_ActorT", RelayPartner, Trainer)


def _actors(
    kind: str, actors: tuple[_ActorT, ...], gone: tuple[str, ...], new: tuple[_ActorT, ...]
) -> tuple[_ActorT, ...]:
    _all_known(kind, gone, {actor.id for actor in actors})
    return tuple(actor for actor in actors if actor.id not in gone) + new


def _sessions(programme: ProgrammeData, changes: Changes) -> Rows[HeldSession]:
    """Return the sessions held or booked; who is gone is no longer named."""
    frame = programme.sessions.to_polars()
    _all_known("session held", changes.remove_sessions, set(frame["id"]))
    frame = frame.filter(~pl.col("id").is_in(changes.remove_sessions))
    for name in ("partner", "trainer"):
        back = {actor.id for actor in getattr(changes, f"add_{name}s")}
        frame = _forgotten(frame, name, set(getattr(changes, f"remove_{name}s")) - back)
    return _added(frame, HeldSession, changes.add_sessions)


def _attendances(programme: ProgrammeData, changes: Changes) -> Rows[Attendance]:
    """Return the attendances; a session held that is gone is no longer named."""
    frame = _without(programme, "attendances", changes.remove_attendances)
    back = {session.id for session in changes.add_sessions}
    return _added(_forgotten(frame, "held", set(changes.remove_sessions) - back), Attendance, changes.add_attendances)


def _forgotten(frame: pl.DataFrame, column: str, gone: set[str]) -> pl.DataFrame:
    return frame.with_columns(pl.when(~pl.col(column).is_in(gone)).then(column))


def _added(frame: pl.DataFrame, row: type[RowT], new: tuple[RowT, ...]) -> Rows[RowT]:
    return Rows.over(row, pl.concat([frame, Rows(row, new).to_polars()]))


def _without(programme: ProgrammeData, table: str, patterns: Iterable[SomeAttendances | SomeNeeds]) -> pl.DataFrame:
    """Return the rows that no pattern names; each must name one at least."""
    frame: pl.DataFrame = getattr(programme, table).to_polars()
    catalogue = {session.id for session in programme.catalogue.sessions}
    collectivities = {collectivity.code for collectivity in programme.collectivities}
    left = pl.lit(value=True)
    problems = []
    for index, pattern in enumerate(patterns):
        wanted = pattern.model_dump(exclude_none=True)
        _all_known("collectivity", [pattern.collectivity], collectivities)
        _all_known("session", [wanted[name] for name in ("session", "workshop") if name in wanted], catalogue)
        named = pl.all_horizontal(pl.col(name).eq_missing(value) for name, value in wanted.items())
        if not frame.select(named.any()).item():
            found = ", ".join(f"{name} {value}" for name, value in wanted.items())
            problems.append(Problem.of(_PACKAGE, table, f"remove_{table}[{index}]", found))
        left &= ~named
    if problems:
        raise ProgrammeError(_SUBJECT, problems)
    return frame.filter(left)


def _all_known(kind: str, codes: Iterable[str], known: Collection[str]) -> None:
    for code in codes:
        if code not in known:
            raise UnknownCodeError(kind, code, nearest(code, known))
