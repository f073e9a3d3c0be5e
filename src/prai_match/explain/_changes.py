"""Changes to a programme, as data: what is added, removed or set; the programme and the answers after them."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self, TypedDict, TypeVar, Unpack

import polars as pl
from pydantic import Field, InstanceOf, ValidationError

from prai_match import _arguments as given, _words, model
from prai_match.errors import Problem, ProgrammeError, nearest
from prai_match.model import KEYS, Id, Model, ProgrammeData, ProgrammeT, Rows, item, items, merged, problem
from prai_match.offers import hand_on
from prai_match.policy import Policy
from prai_match.recommend import Answers, recommend

_SETTINGS = {"with_calendar", "with_budget", "with_policy", "travel_km", "notice_days"}
_SUBJECT = "changes"
_PLACE = re.compile(r"(\w+)\[(\d+)\]")
_PACKAGE = "prai_match.explain"


class SomeAttendances(Model):
    """Attendances to remove: those of a collectivity; if given, only at a session or on a day.

    Example:
        >>> SomeAttendances(collectivity="09122", session="buffet_communication").date is None
        True
    """

    collectivity: Id
    session: Id | None = None
    date: dt.date | None = None


class SomeNeeds(Model):
    """Needs to remove: those of a collectivity; if given, only for a stated workshop or of a day.

    Example:
        >>> SomeNeeds(collectivity="09122", workshop="sig").workshop
        'sig'
    """

    collectivity: Id
    workshop: Id | None = None
    date: dt.date | None = None


class Departure(Model):
    """A relay partner or trainer who leaves: from a day on, or as if it had never existed.

    Example:
        >>> Departure(id="web_toulouse", since="2007-10-01").since
        datetime.date(2007, 10, 1)
    """

    id: Id
    since: dt.date | None = None


class ChangeFields(TypedDict, total=False):
    """Keywords of `Changes.of` and ``what_if``, for type checkers; a test checks that they are the fields."""

    with_needs: Sequence[model.Need | Mapping[str, Any]]
    without_needs: Sequence[SomeNeeds | Mapping[str, Any]]
    with_attendances: Sequence[model.Attendance | Mapping[str, Any]]
    without_attendances: Sequence[SomeAttendances | Mapping[str, Any]]
    with_decisions: Sequence[model.Decision | Mapping[str, Any]]
    with_registrations: Sequence[model.Registration | Mapping[str, Any]]
    with_sessions: Sequence[model.HeldSession | Mapping[str, Any]]
    without_sessions: Sequence[str]
    with_partners: Sequence[model.RelayPartner | Mapping[str, Any]]
    without_partners: Sequence[str | Departure | Mapping[str, Any]]
    with_trainers: Sequence[model.Trainer | Mapping[str, Any]]
    without_trainers: Sequence[str | Departure | Mapping[str, Any]]
    with_collectivities: Sequence[model.Collectivity | Mapping[str, Any]]
    with_territories: Sequence[model.Territory | Mapping[str, Any]]
    with_calendar: model.Calendar | Mapping[str, Any] | None
    with_budget: model.Budget | Mapping[str, Any] | None
    with_policy: Policy | None
    travel_km: float | None
    notice_days: int | None
    on: dt.date | str | None
    weights: Mapping[str, float]


class Changes(Model):
    """Changes to the programme, the day or the weights of recommendations; what isn't named stays the same.

    Fields are named like the methods of `Programme`: ``with_needs`` adds rows as `Programme.with_needs` does, and so
    on. Removals come before additions. If a partner, trainer or held session is removed as if it had never existed, the
    rows of the history stay, but no longer name it; one that leaves on a day (see `Departure`) stays in the history
    before. Attendances at a removed session stay, unless they are removed as well.

    Example:
        >>> changes = Changes.of(without_needs=[{"collectivity": "09001"}], weights={"equity": 20})
        >>> changes.without_needs[0].workshop is None
        True
    """

    with_needs: tuple[model.Need, ...] = ()
    without_needs: tuple[SomeNeeds, ...] = ()
    with_attendances: tuple[model.Attendance, ...] = ()
    without_attendances: tuple[SomeAttendances, ...] = ()
    with_decisions: tuple[model.Decision, ...] = ()
    with_registrations: tuple[model.Registration, ...] = ()
    with_sessions: tuple[model.HeldSession, ...] = ()
    without_sessions: tuple[Id, ...] = ()
    with_partners: tuple[model.RelayPartner, ...] = ()
    without_partners: tuple[Id | Departure, ...] = ()
    with_trainers: tuple[model.Trainer, ...] = ()
    without_trainers: tuple[Id | Departure, ...] = ()
    with_collectivities: tuple[model.Collectivity, ...] = ()
    with_territories: tuple[model.Territory, ...] = ()
    with_calendar: model.Calendar | None = None
    with_budget: model.Budget | None = None
    with_policy: InstanceOf[Policy] | None = None
    travel_km: float | None = None
    notice_days: int | None = None
    on: dt.date | None = None
    weights: dict[str, float] = Field(default_factory=dict)

    @classmethod
    def of(cls, /, **fields: Unpack[ChangeFields]) -> Self:
        """Check changes given by name; rows may be dictionaries.

        Raises:
            ProgrammeError: A change is unknown (with "did you mean") or invalid.
        """
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise ProgrammeError(_SUBJECT, list(map(_problem, error.errors(include_url=False)))) from None

    @property
    def of_programme(self) -> frozenset[str]:
        """Names of the changes that apply to the programme itself."""
        return frozenset(self.model_fields_set - {"on", "weights"})


def _problem(details: Mapping[str, Any]) -> Problem:
    fault = problem(details)
    if details["type"] != "extra_forbidden" or len(details["loc"]) > 1:
        return fault
    near = _words.hint(nearest(fault.where, Changes.model_fields))
    return Problem.of(_PACKAGE, "unknown", fault.where, fault.found, near=near)


def apply(programme: ProgrammeT, changes: Changes) -> ProgrammeT:
    """Return the changed programme, checked as a whole; the given one isn't modified."""
    if not changes.of_programme:
        return programme
    values: dict[str, Any] = {
        "partners": _actors(programme.partners, changes.without_partners, "relay partner"),
        "trainers": _actors(programme.trainers, changes.without_trainers, "trainer"),
    }
    for table in ("partners", "trainers", "collectivities", "territories"):
        if new := getattr(changes, f"with_{table}"):
            values[table] = merged(values.get(table, getattr(programme, table)), new, KEYS[table])
    values |= _history(programme, changes)
    values |= {field.removeprefix("with_"): getattr(changes, field) for field in changes.model_fields_set & _SETTINGS}
    try:
        return programme.model_copy(update=values)
    except ProgrammeError as error:
        raise ProgrammeError(error.subject, [_in_changes(each, values, changes) for each in error.problems]) from None


def _in_changes(fault: Problem, values: Mapping[str, Any], changes: Changes) -> Problem:
    """Locate a problem of an added row in the changes."""
    place = _PLACE.match(fault.where)
    new = getattr(changes, f"with_{place[1]}", ()) if place else ()
    if place is None or not new:
        return fault
    row, after = int(place[2]) - 1, values[place[1]]
    own = next((number for number, each in enumerate(new) if not isinstance(after, Rows) and each is after[row]), -1)
    number = row - len(after) + len(new) if isinstance(after, Rows) else own  # added rows come after the existing ones
    return fault if number < 0 else replace(fault, where=item(f"with_{place[1]}", number) + fault.where[place.end() :])


_ActorT = TypeVar("_ActorT", model.RelayPartner, model.Trainer)


def _actors(actors: tuple[_ActorT, ...], gone: Iterable[str | Departure], kind: str) -> tuple[_ActorT, ...]:
    """Return the actors that stay, and those that leave, with their last day."""
    since = {each.id: each.since for each in gone if isinstance(each, Departure)} | dict.fromkeys(_never(gone))
    given.all_known(kind, since, {actor.id for actor in actors})
    last = {code: given.later(day, -1) for code, day in since.items() if day is not None}
    return tuple(
        actor.model_copy(update={"until": last[actor.id]}) if actor.id in last else actor
        for actor in actors
        if actor.id in last or actor.id not in since
    )


def _never(gone: Iterable[str | Departure]) -> set[str]:
    return {each if isinstance(each, str) else each.id for each in gone if isinstance(each, str) or each.since is None}


def _history(programme: ProgrammeData, changes: Changes) -> dict[str, Rows[Any]]:
    """Return the history; rows no longer name removed actors, and rows about a removed session are dropped."""
    sessions, decisions = programme.sessions.to_polars(), programme.decisions.to_polars()
    expected = programme.registrations.to_polars()
    given.all_known("session held", changes.without_sessions, set(sessions["id"]))
    new = {session.id for session in changes.with_sessions}
    gone = {"held": set(changes.without_sessions) - new}
    for name in ("partner", "trainer"):
        back = {actor.id for actor in getattr(changes, f"with_{name}s")}
        gone[name] = _never(getattr(changes, f"without_{name}s")) - back
    tables: dict[str, tuple[type[Model], pl.DataFrame]] = {
        "sessions": (model.HeldSession, sessions.filter(~pl.col("id").is_in({*changes.without_sessions, *new}))),
        "attendances": (model.Attendance, _without(programme, "attendances", changes.without_attendances)),
        "needs": (model.Need, _without(programme, "needs", changes.without_needs)),
        "decisions": (model.Decision, decisions.filter(~pl.col("held").is_in(gone["held"]).fill_null(value=False))),
        "registrations": (model.Registration, expected.filter(~pl.col("session").is_in(gone["held"]))),
    }
    rows: dict[str, Rows[Any]] = {}
    for table, (row, frame) in tables.items():
        links = (pl.when(~pl.col(name).is_in(gone[name])).then(name) for name in gone if name in frame.columns)
        more = Rows(row, getattr(changes, f"with_{table}")).to_polars()
        rows[table] = Rows.over(row, pl.concat([frame.with_columns(links), more]))
    return rows


def _without(programme: ProgrammeData, table: str, patterns: Iterable[SomeAttendances | SomeNeeds]) -> pl.DataFrame:
    """Return the rows that no pattern matches; each pattern must match at least one."""
    frame: pl.DataFrame = getattr(programme, table).to_polars()
    catalogue = {session.id for session in programme.catalogue.sessions}
    collectivities = {collectivity.code for collectivity in programme.collectivities}
    others = pl.lit(value=True)
    problems = []
    for where, pattern in items(f"without_{table}", patterns):
        values = pattern.model_dump(exclude_none=True)
        given.known_among("collectivity", pattern.collectivity, collectivities)
        given.all_known("session", [values[name] for name in ("session", "workshop") if name in values], catalogue)
        matches = pl.all_horizontal(pl.col(name).eq_missing(value) for name, value in values.items())
        if not frame.select(matches.any()).item():
            text = ", ".join(f"{name} {value}" for name, value in values.items())
            problems.append(Problem.of(_PACKAGE, table, where, text))
        others &= ~matches
    if problems:
        raise ProgrammeError(_SUBJECT, problems)
    return frame.filter(others)


def again(before: Answers, after: ProgrammeData, changes: Changes) -> Answers:
    """Recommend for the programme ``after`` the changes; territories, graph and other inputs are as before."""
    policy = changes.with_policy or before.policy
    return recommend(
        after,
        changes.on or before.on,
        top=before.top,
        policy=policy.with_weights(**changes.weights) if changes.weights else policy,
        territories=[*dict.fromkeys([*before.territories["territory"], *(new.id for new in changes.with_territories)])],
        follow_ups=before.graph,
        extra=before.snapshot.own_columns,
    )


def after_changes(programme: ProgrammeT, changes: Changes) -> ProgrammeT:
    """Return the changed programme (see `apply`), keeping the computed data that the changes don't affect."""
    if (after := apply(programme, changes)) is not programme:
        hand_on(programme, after)
    return after
