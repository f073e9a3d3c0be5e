"""Changes to a programme, as data: what is added, taken away or set otherwise; the programme and answers after them."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - read when the model is built
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

import polars as pl
from pydantic import Field, InstanceOf, ValidationError

from prai_match._words import hint
from prai_match.errors import Problem, ProgrammeError, UnknownCodeError, nearest
from prai_match.model import Attendance, Budget, HeldSession, Id, Model, Need, RelayPartner, Rows, Trainer, problem
from prai_match.offers import hand_on
from prai_match.policy import Policy  # noqa: TC001 - read when the model is built
from prai_match.recommend import recommend

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from prai_match.model import ProgrammeData, ProgrammeT
    from prai_match.recommend import Answers

RowT = TypeVar("RowT", bound=Model)

_SUBJECT = "changes"
_PLACE = re.compile(r"(\w+)\[(\d+)\]")
_PACKAGE = "prai_match.explain"


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
        """
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise ProgrammeError(_SUBJECT, list(map(_problem, error.errors(include_url=False)))) from None

    @property
    def of_programme(self) -> frozenset[str]:
        """Names of the changes that the programme itself is made of."""
        return frozenset(self.model_fields_set - {"on", "policy", "weights"})


def _problem(details: Mapping[str, Any]) -> Problem:
    """Say what is wrong with a change; one that isn't known has suggestions."""
    fault = problem(details)
    if details["type"] != "extra_forbidden" or len(details["loc"]) > 1:
        return fault
    near = hint(nearest(fault.where, Changes.model_fields))
    return Problem.of(_PACKAGE, "unknown", fault.where, fault.found, near=near)


def apply(programme: ProgrammeT, changes: Changes) -> ProgrammeT:
    """Return the programme as changed, checked as a whole; the one given stays as it is."""
    if not changes.of_programme:
        return programme
    values: dict[str, Any] = {}
    values["partners"] = _actors("relay partner", programme.partners, changes.remove_partners, changes.add_partners)
    values["trainers"] = _actors("trainer", programme.trainers, changes.remove_trainers, changes.add_trainers)
    values["sessions"] = _sessions(programme, changes)
    values["attendances"] = _attendances(programme, changes)
    values["needs"] = _with(_without(programme, "needs", changes.remove_needs), Need, changes.add_needs)
    values |= {
        name: getattr(changes, name)
        for name in ("travel_km", "notice_days", "budget")
        if name in changes.model_fields_set
    }
    try:
        return programme.model_copy(update=values)
    except ProgrammeError as error:
        raise ProgrammeError(error.subject, [_in_changes(each, values, changes) for each in error.problems]) from None


def _in_changes(fault: Problem, values: Mapping[str, Any], changes: Changes) -> Problem:
    """Place a problem of a row that was added where the changes have it: they come after the rows of before."""
    place = _PLACE.match(fault.where)
    new = getattr(changes, f"add_{place[1]}", ()) if place else ()
    number = int(place[2]) - len(values[place[1]]) + len(new) if place else -1
    if place is None or number < 0 or not new:
        return fault
    return replace(fault, where=f"add_{place[1]}[{number}]{fault.where[place.end() :]}")


_ActorT = TypeVar("_ActorT", RelayPartner, Trainer)


def _actors(
    kind: str, actors: tuple[_ActorT, ...], removals: tuple[str, ...], new: tuple[_ActorT, ...]
) -> tuple[_ActorT, ...]:
    _check(kind, removals, {actor.id for actor in actors})
    return tuple(actor for actor in actors if actor.id not in removals) + new


def _sessions(programme: ProgrammeData, changes: Changes) -> Rows[HeldSession]:
    """Return the sessions held or booked; who is gone is no longer named."""
    frame = programme.sessions.to_polars()
    _check("session held", changes.remove_sessions, set(frame["id"]))
    frame = frame.filter(~pl.col("id").is_in(changes.remove_sessions))
    for name in ("partner", "trainer"):
        back = {actor.id for actor in getattr(changes, f"add_{name}s")}
        frame = _without_links(frame, name, set(getattr(changes, f"remove_{name}s")) - back)
    return _with(frame, HeldSession, changes.add_sessions)


def _attendances(programme: ProgrammeData, changes: Changes) -> Rows[Attendance]:
    """Return the attendances; a session held that is gone is no longer named."""
    frame = _without(programme, "attendances", changes.remove_attendances)
    back = {session.id for session in changes.add_sessions}
    frame = _without_links(frame, "held", set(changes.remove_sessions) - back)
    return _with(frame, Attendance, changes.add_attendances)


def _without_links(frame: pl.DataFrame, column: str, codes: set[str]) -> pl.DataFrame:
    return frame.with_columns(pl.when(~pl.col(column).is_in(codes)).then(column))


def _with(frame: pl.DataFrame, row: type[RowT], new: tuple[RowT, ...]) -> Rows[RowT]:
    return Rows.over(row, pl.concat([frame, Rows(row, new).to_polars()]))


def _without(programme: ProgrammeData, table: str, patterns: Iterable[SomeAttendances | SomeNeeds]) -> pl.DataFrame:
    """Return the rows that no pattern names; each must name one at least."""
    frame: pl.DataFrame = getattr(programme, table).to_polars()
    catalogue = {session.id for session in programme.catalogue.sessions}
    collectivities = {collectivity.code for collectivity in programme.collectivities}
    others = pl.lit(value=True)
    problems = []
    for index, pattern in enumerate(patterns):
        values = pattern.model_dump(exclude_none=True)
        _check("collectivity", [pattern.collectivity], collectivities)
        _check("session", [values[name] for name in ("session", "workshop") if name in values], catalogue)
        matches = pl.all_horizontal(pl.col(name).eq_missing(value) for name, value in values.items())
        if not frame.select(matches.any()).item():
            text = ", ".join(f"{name} {value}" for name, value in values.items())
            problems.append(Problem.of(_PACKAGE, table, f"remove_{table}[{index}]", text))
        others &= ~matches
    if problems:
        raise ProgrammeError(_SUBJECT, problems)
    return frame.filter(others)


def _check(kind: str, codes: Iterable[str], every: Collection[str]) -> None:
    for code in codes:
        if code not in every:
            raise UnknownCodeError(kind, code, nearest(code, every))


def again(before: Answers, after: ProgrammeData, changes: Changes) -> Answers:
    """Recommend for the programme ``after`` the changes, with the territories, the graph and all else as before."""
    policy = changes.policy or before.policy
    if changes.weights:
        policy = policy.with_weights(**changes.weights)
    return recommend(
        after,
        changes.on or before.on,
        top=before.top,
        policy=policy,
        territories=before.territories["territory"].to_list(),
        follow_ups=before.graph,
        extra=before.snapshot.own_columns,
    )


def after_changes(programme: ProgrammeT, changes: Changes) -> ProgrammeT:
    """Return the programme as changed, with what was computed for it and the changes don't touch (see `apply`)."""
    after = apply(programme, changes)
    if after is not programme:
        hand_on(programme, after)
    return after
