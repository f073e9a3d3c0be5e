"""Scenarios: named sets of changes to the programme, the policy, the way of deciding or the behaviour.

The behaviour of relays, territories and people is assumed: every assumption is a number with a source and a range.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, Unpack

import polars as pl
from pydantic import Field, ValidationError

from prai_match import _arguments as given, _words, explain
from prai_match.errors import Problem, ProgrammeError, nearest
from prai_match.model import (
    Blackout,
    Budget,
    HeldSession,
    Id,
    Lang,
    Model,
    ProgrammeData,
    ProgrammeT,
    Text,
    items,
    problem,
)
from prai_match.plan import Plan
from prai_match.policy import Policy, policy_of
from prai_match.text import TomlError, bounded, toml

PACKAGE: Final = "prai_match.simulate"  # the package whose catalogue has the texts
_SUBJECT = "scenario"
_LARGEST = 1 << 18  # bytes of a file


Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, le=10_000)]
Months = Annotated[int, Field(ge=0, le=60)]

# Channels of spontaneous needs: the toll-free number of the model case brought none.
CHANNELS: dict[str, float] = {"visit": 0.33, "mail": 0.27, "survey": 0.20, "web": 0.13, "other": 0.07, "phone": 0.0}


class Behaviour(Model):
    """The behaviour of relays, territories and people. `parameters` gives the source and the range of each number.

    Example:
        >>> Behaviour(comes=0.9).elected
        0.6
    """

    sessions_a_month: Amount = 0.35
    relay_weights: dict[Id, Amount] = Field(default_factory=dict)
    buffets: bool = True
    preparation_months: Months = 2
    quiet_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = (7, 8)
    restart_months: Months = 6
    freeze_known_days: Annotated[int | None, Field(ge=0)] = None
    cancellation: Share = 0.0
    comes: Share = 0.9
    distance_km: Annotated[Amount, Field(gt=0)] | None = 200.0
    renewed: Amount = 1.05
    before_election: Amount = 0.8
    elected: Share = 0.60
    together: Share = 0.5
    usual_people: Annotated[Amount, Field(ge=1)] = 4.0
    asks_a_year: Amount = 0.5
    size: Share = 0.25
    word_of_mouth: Amount = 2.0
    after_renewal: Amount = 2.0
    channels: dict[Id, Amount] = Field(default_factory=lambda: dict(CHANNELS))
    asks_after_buffet: Share = 0.6
    asks_after_workshop: Share = 0.12
    interest: dict[Id, Amount] = Field(default_factory=dict)
    inclination: Amount = 1.0
    unclear: Share = 0.06
    stated: Share = 0.15
    rating: Annotated[float, Field(ge=2, le=4)] = 3.58
    rating_buffet: Annotated[float, Field(ge=2, le=4)] = 3.35
    rates: Share = 0.88
    overhead_spread: Share = 0.1


@dataclass(frozen=True, slots=True)
class Parameter:
    """Source and range of a number of `Behaviour`.

    Attributes:
        name: Name of the field.
        low: Lowest plausible value; None if it isn't a number, or no range makes sense.
        high: Highest plausible value; None as for ``low``.
        unit: Unit.
        given: ``report`` (published), ``fitted`` (to published figures) or ``assumed``.
        fr: Source, in French.
        en: Source, in English.
        weight: Number of observations that the default counts as in calibration on a history; None if not calibrated.
        counted: What these observations count.

    Example:
        >>> from prai_match.simulate import parameters
        >>> parameters()["comes"].given, parameters()["comes"].low, parameters()["comes"].high
        ('assumed', 0.7, 1.0)
    """

    name: str
    low: float | None
    high: float | None
    unit: str
    given: str
    fr: str
    en: str
    weight: float | None = None
    counted: str = ""

    def source(self, lang: Lang) -> str:
        """Return the source in ``lang``."""
        return self.fr if given.current_language(lang) == "fr" else self.en


@cache
def parameters() -> dict[str, Parameter]:
    """Return source and range of each number of `Behaviour`, by name.

    Example:
        >>> parameters()["elected"].given
        'report'
    """
    return {
        name: Parameter(**{"low": None, "high": None, "unit": "", **row, "name": name})
        for name, row in _words.catalogue(PACKAGE, "behaviour").items()
    }


# How sessions are decided: by priority, as `Recommendations.together`; by points, as the first plan; or by requests:
# each relay answers those of its département as they come, without the library.
Planner = Literal["priority", "points", "requests"]


class SeasonPlan(Model):
    """A plan to simulate unchanged: its new sessions are booked on the first day, with the territories it invites.

    If nobody stays away, exactly these sessions are held; otherwise the simulation shows what becomes of them.

    Example:
        >>> from prai_match import Programme
        >>> prog = Programme.example()
        >>> season = prog.plan("2007-09-03", "2007-10-31", time_limit=0)
        >>> played = Scenario.of("plan", planner=SeasonPlan(season), comes=1.0, distance_km=None)
        >>> len(played.planner.sessions) == season.sessions.filter(booked=False).height
        True
    """

    sessions: tuple[HeldSession, ...] = ()
    people: dict[Id, dict[Id, Annotated[int, Field(ge=1)]]] = Field(default_factory=dict)

    @given.takes(plan=given.optional(given.a(Plan)))
    def __init__(self, plan: Plan | None = None, /, **fields: Any) -> None:  # noqa: ANN401 - as pydantic has it
        """Take the sessions of ``plan`` that weren't booked before it was made, and their participants."""
        if plan is not None:
            new = plan.sessions.filter(~pl.col("booked"))
            seats = plan.seats.filter(pl.col("session").is_in(new["id"].implode()))
            people: dict[str, dict[str, int]] = {code: {} for code in new["id"]}
            for code, territory, *party in seats.select("session", "territory", "elected", "technicians").iter_rows():
                people[code][territory] = sum(party)
            fields = {"sessions": new.drop("booked").rows(named=True), "people": people, **fields}
        super().__init__(**fields)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # pydantic validates without calling it


class ScenarioFields(explain.ChangeFields, total=False):
    """Keywords of `Scenario.of`: fields of the scenario, of changes and of behaviour."""

    label: Text | Mapping[str, str] | None
    blackouts: Sequence[Blackout | Mapping[str, Any]] | None
    trainers_times: int
    budget_times: float
    planner: Planner | SeasonPlan
    sessions_a_month: float
    relay_weights: Mapping[str, float]
    buffets: bool
    preparation_months: int
    quiet_months: Sequence[int]
    restart_months: int
    freeze_known_days: int | None
    cancellation: float
    comes: float
    distance_km: float | None
    renewed: float
    before_election: float
    elected: float
    together: float
    usual_people: float
    asks_a_year: float
    size: float
    word_of_mouth: float
    after_renewal: float
    channels: Mapping[str, float]
    asks_after_buffet: float
    asks_after_workshop: float
    interest: Mapping[str, float]
    inclination: float
    unclear: float
    stated: float
    rating: float
    rating_buffet: float
    rates: float
    overhead_spread: float


class Scenario(Model):
    """A named set of changes; `with_` composes them.

    Example:
        >>> baseline = Scenario(name="baseline")
        >>> closer = baseline.with_("closer", weights={"trainer_near": 20}, comes=0.95)
        >>> closer.changes.weights, closer.behaviour.comes
        ({'trainer_near': 20.0}, 0.95)
    """

    name: Id
    label: Text | None = None
    changes: explain.Changes = explain.Changes()
    blackouts: tuple[Blackout, ...] | None = None
    trainers_times: Annotated[int, Field(ge=1, le=20)] = 1
    budget_times: Annotated[float, Field(ge=0, le=100)] = 1.0
    planner: Planner | SeasonPlan = "priority"
    behaviour: Behaviour = Behaviour()

    @classmethod
    def of(cls, name: str, **fields: Unpack[ScenarioFields]) -> Self:
        """Return a scenario from fields of `Scenario`, `prai_match.explain.Changes` and `Behaviour`, by name.

        Raises:
            ProgrammeError: A field is unknown (with "did you mean") or invalid.
        """
        return cls(name=name).with_(name, **fields)

    @given.takes()
    def with_(self, name: str, **fields: Unpack[ScenarioFields]) -> Self:
        """Return this scenario with more changes, under another name.

        Additions and removals come on top of those of this scenario; all other fields replace its values.

        Raises:
            ProgrammeError: A field is unknown (with "did you mean") or invalid.
        """
        groups: tuple[Collection[str], ...] = (_OWN, explain.Changes.model_fields, Behaviour.model_fields)
        for field in fields:
            if not any(field in group for group in groups):
                near = _words.hint(nearest(field, [known for group in groups for known in group]))
                problems = [Problem.of(PACKAGE, "field", f"{name}.{field}", repr(field), near=near)]
                raise ProgrammeError(_SUBJECT, problems)
        every: Mapping[str, Any] = fields
        own, changes, behaviour = ({key: value for key, value in every.items() if key in group} for group in groups)
        try:
            values = _fields(self) | {"name": name, "label": None} | own
            if changes:
                values["changes"] = _sum(_fields(self.changes), explain.Changes.of(**changes))
            if behaviour:
                values["behaviour"] = Behaviour.model_validate(_fields(self.behaviour) | behaviour)
            return type(self).model_validate(values)
        except ValidationError as error:
            problems = [problem(each) for each in error.errors(include_url=False)]
            raise ProgrammeError(_SUBJECT, [replace(each, where=f"{name}.{each.where}") for each in problems]) from None

    def title(self, lang: Lang) -> str:
        """Return its title for people."""
        return self.name if self.label is None else self.label.get(lang)

    @given.takes()
    def programme(self, programme: ProgrammeT) -> ProgrammeT:
        """Return the programme with the changes.

        Raises:
            UnknownCodeError: Something to remove isn't in the programme.
            ProgrammeError: The resulting programme contradicts itself.
        """
        after = explain.after_changes(programme, self.changes)
        update: dict[str, Any] = {}
        if self.blackouts is not None:
            update["calendar"] = after.calendar.model_copy(update={"blackouts": self.blackouts})
        if self.trainers_times > 1:
            update["trainers"] = tuple(
                trainer if copy == 0 else trainer.model_copy(update={"id": f"{trainer.id}-{copy + 1}"})
                for trainer in after.trainers
                for copy in range(self.trainers_times)
            )
        if self.budget_times != 1 and after.budget is not None:
            total = round(float(after.budget.total) * self.budget_times, 2)  # other spending stays the same
            update["budget"] = Budget(total=total, other_spending=after.budget.other_spending)  # type: ignore[arg-type]
        if not update:
            return after
        # Checked as a whole: copies of trainers could have the identifiers of others.
        again = type(after).model_validate({name: getattr(after, name) for name in type(after).model_fields} | update)
        again.files |= programme.files
        return again

    @given.takes()
    def policy(self, programme: ProgrammeData) -> Policy:
        """Return the rules and weights."""
        policy = self.changes.with_policy or policy_of(programme)
        return policy.with_weights(**self.changes.weights) if self.changes.weights else policy


_OWN = frozenset(Scenario.model_fields) - {"name", "changes", "behaviour"}


def _fields(model: Model) -> dict[str, Any]:
    """Return the fields that were given."""
    return {name: getattr(model, name) for name in model.model_fields_set}


def _sum(before: Mapping[str, Any], more: explain.Changes) -> explain.Changes:
    """Return changes on top of others: rows are added to the previous ones, settings replace them."""
    after = _fields(more)
    for name in before.keys() & after.keys():
        if isinstance(before[name], tuple):
            after[name] = before[name] + after[name]
        elif isinstance(before[name], dict):
            after[name] = before[name] | after[name]
    return explain.Changes.model_validate({**before, **after})


@given.takes(source=given.settings, baseline=given.optional(given.a(Scenario)))
def read(source: str | os.PathLike[str] | Mapping[str, Any], baseline: Scenario | None = None) -> dict[str, Scenario]:
    """Read scenarios from TOML: tables ``[[scenario]]`` whose fields are those of `Scenario.with_`.

    Args:
        source: A file, or its content as a mapping.
        baseline: The scenario that they change; None means one without changes.

    Returns:
        The scenarios by name, in the order of the file.

    Raises:
        ProgrammeError: The file can't be read, a field is unknown or invalid, or a name occurs twice.

    Example:
        >>> list(read({"scenario": [{"name": "cut", "budget_times": 0.5}]}))
        ['cut']
    """
    scenarios: dict[str, Scenario] = {}
    start = baseline or Scenario(name="baseline")
    for where, row in items("scenario", _rows(source)):
        fields = dict(row) if isinstance(row, dict) else {}
        name = fields.pop("name", None)
        if not isinstance(name, str) or name in scenarios:
            raise ProgrammeError(_SUBJECT, [Problem.of(PACKAGE, "name", f"{where}.name", repr(name))])
        scenarios[name] = start.with_(name, **fields)
    return scenarios


def _rows(source: str | os.PathLike[str] | Mapping[str, Any]) -> list[Any]:
    where = "scenarios"
    try:
        if isinstance(source, (str, os.PathLike)):
            where = str(source)
            source = toml(bounded(Path(source), _LARGEST).decode("utf-8-sig"), _LARGEST)
    except TomlError as error:
        raise ProgrammeError(_SUBJECT, [error.problem(where)]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ProgrammeError(_SUBJECT, [Problem.of(PACKAGE, "file", where, message=error)]) from error
    rows = source.get("scenario") if isinstance(source, dict) and set(source) == {"scenario"} else None
    if not isinstance(rows, list):
        raise ProgrammeError(_SUBJECT, [Problem.of(PACKAGE, "tables", where)])
    return rows


@given.takes(baseline=given.optional(given.a(Scenario)))
def standard(programme: ProgrammeData, baseline: Scenario | None = None) -> dict[str, Scenario]:
    """Return the scenarios that most regions ask about and that apply to the programme.

    They are: half the budget, twice the trainers, no blackout, blackouts known only when they begin, needs by telephone
    only, technicians invited with the officials, requests instead of a plan, and a relay in every département without
    one of the mayors' association.

    Example:
        >>> from prai_match import Programme
        >>> list(standard(Programme.example()))[:3]
        ['budget_cut', 'twice_the_trainers', 'no_freeze']
    """
    start = baseline or Scenario(name="baseline")
    scenarios = read(_words.catalogue(PACKAGE, "scenarios"), start)
    if not programme.calendar.blackouts:
        scenarios = {name: each for name, each in scenarios.items() if name not in {"no_freeze", "freeze_unforeseen"}}
    if programme.budget is None:
        scenarios.pop("budget_cut")
    with_adm = {code for partner in programme.partners if partner.kind == "adm" for code in partner.departements}
    if bare := sorted({territory.departement for territory in programme.territories} - with_adm):
        name, relay = "adm_everywhere", {"kind": "adm", "sessions_a_year": 12}
        relays = [
            {"id": f"adm{code}", "name": f"Association des maires ({code})", "departements": [code], **relay}
            for code in bare
        ]
        scenarios[name] = start.with_(name, with_partners=relays, label=_words.catalogue(PACKAGE, "display")[name])
    return scenarios
