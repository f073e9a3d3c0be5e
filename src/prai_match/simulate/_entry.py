"""Entry points: outcomes of scenarios, computed by any executor, and sensitivity to each assumption."""

import datetime as dt
import gc
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, TypedDict, Unpack, cast

import polars as pl

from prai_match import _arguments as given, _executors, files, io, offers
from prai_match.errors import ArgumentError
from prai_match.model import ProgrammeData, ProgrammeT, kinds_of
from prai_match.simulate import _folder, _outcomes, _region, _run, _summary
from prai_match.simulate._scenario import PACKAGE, Scenario, SeasonPlan, parameters
from prai_match.text import Shown, Tabular, bar

PART = 50  # replications of a scenario that are written together
_FEW = 120  # territories: with at most so many, computing two parts at once takes less time per world


class SimulationOptions(TypedDict, total=False):
    """Keywords of `Programme.simulate`."""

    replications: int
    seed: int
    executor: Executor | None
    folder: str | os.PathLike[str] | None
    extra: Any


@given.takes(scenarios=given.one_or_more(Scenario), replications=given.at_least(1))
def simulate(  # noqa: PLR0913 - all but the period by keyword
    programme: ProgrammeT,
    scenarios: Scenario | Iterable[Scenario],
    start: dt.date,
    end: dt.date,
    *,
    replications: int = 100,
    seed: int = 0,
    executor: Executor | None = None,
    folder: str | os.PathLike[str] | None = None,
    extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
) -> _outcomes.Outcomes[ProgrammeT]:
    """Simulate a programme under scenarios, with the same random draws for all (see `Programme.simulate`)."""
    scenarios = (scenarios,) if isinstance(scenarios, Scenario) else tuple(scenarios)
    _check(programme, scenarios, start, end, extra)
    settings: dict[str, str | int] = {"start": start.isoformat(), "end": end.isoformat(), "seed": seed, "part": PART}
    origin = _folder.Provenance.of(programme, scenarios, settings, extra)
    place = files.make_folder(tempfile.mkdtemp(prefix="prai_match-") if folder is None else folder)
    outcomes = _outcomes.Outcomes(programme, scenarios, start, end, replications, seed, place, origin, extra)
    if folder is None:
        weakref.finalize(outcomes, shutil.rmtree, place, ignore_errors=True)
    with files.lock(place):
        origin.claim(place)
        _fill(outcomes, origin, executor)
    return outcomes


def _fill(outcomes: _outcomes.Outcomes, origin: _folder.Provenance, executor: Executor | None) -> None:
    place, scenarios, replications = outcomes.folder, outcomes.scenarios, outcomes.replications
    what = outcomes.programme, outcomes.start, outcomes.end, outcomes.seed, outcomes.extra
    there = {each.name: _folder.verify(place, each.name, partial(origin.owner, each.name), PART) for each in scenarios}
    parts = [range(first, min(first + PART, replications)) for first in range(0, replications, PART)]
    workers = 1 if executor is None else os.cpu_count() or 1
    at_once = 2 if len(outcomes.programme.territories) <= _FEW and len(parts) * len(scenarios) >= 2 * workers else 1
    tasks = [
        (scenario.name, (scenario, owners, *what))
        for first in range(0, len(parts), at_once)
        for scenario in scenarios
        if (new := [each for each in parts[first:][:at_once] if len(each) > there[scenario.name].get(each.start, 0)])
        and (owners := {part: origin.owner(scenario.name, part.start, len(part)) for part in new})
    ]
    with bar(replications * len(scenarios)) as advance:
        advance(replications * len(scenarios) - sum(len(part) for _, (_, owners, *_) in tasks for part in owners))
        for name, written in _executors.side_by_side(executor, compute, tasks):
            for part, data in written.items():
                files.put(place / _folder.part_name(name, part.start, len(part)), data)
                advance(len(part))


def compute(  # noqa: PLR0913, PLR0917 - as it is sent to a worker
    scenario: Scenario,
    owners: Mapping[range, str],
    programme: ProgrammeData,
    start: dt.date,
    end: dt.date,
    seed: int,
    extra: pl.DataFrame | None,
) -> dict[range, bytes]:
    """Compute parts: the rows of each as bytes of a Parquet file, identical wherever it is computed."""
    seeds = {number: _region.seed_of(seed, number) for number in chain(*owners)}
    rows = _run.run(programme, scenario, start, end, [*seeds.values()], extra).measures.frame(scenario.name, [*seeds])
    gc.collect()  # monthly data are few, large, cyclic objects: they would stay in memory for many parts
    return {
        part: io.sealed(rows.filter(pl.col("replication").is_between(part[0], part[-1])), owner)
        for part, owner in owners.items()
    }


def _check(
    programme: ProgrammeData, scenarios: tuple[Scenario, ...], start: dt.date, end: dt.date, extra: pl.DataFrame | None
) -> None:
    names = [scenario.name for scenario in scenarios]
    given.in_order(start, end)
    if not names or len(set(names)) < len(names):
        raise ArgumentError.of(PACKAGE, "scenarios")
    for scenario in scenarios:
        after = scenario.programme(programme)
        policy = scenario.policy(after).checked(after)
        if policy.extra:
            offers.extra_columns(extra, policy, offers.frames_of(after))
        if isinstance(plan := scenario.planner, SeasonPlan):
            _check_plan(plan, after)
        partners, workshops = after.partners, after.catalogue.workshops
        given.all_known("relay partner", scenario.behaviour.relay_weights, [partner.id for partner in partners])
        given.all_known("workshop", scenario.behaviour.interest, [workshop.id for workshop in workshops])
        given.all_known("channel", scenario.behaviour.channels, kinds_of(after.catalogue, "channels"))


def _check_plan(plan: SeasonPlan, programme: ProgrammeData) -> None:
    """Refuse a plan that names actors who aren't in the programme."""
    for kind, codes, every in (
        ("territory", {*(each.host for each in plan.sessions), *chain(*plan.people.values())}, programme.territories),
        ("session", {each.session for each in plan.sessions}, programme.catalogue.sessions),
        ("relay partner", {each.partner for each in plan.sessions if each.partner}, programme.partners),
        ("trainer", {each.trainer for each in plan.sessions if each.trainer}, programme.trainers),
    ):
        given.all_known(kind, sorted(codes), [each.id for each in every])


_REPLICATIONS, _ENDS = 40, ("low", "high")


@dataclass(frozen=True, eq=False)
class Sensitivity(Shown, Tabular):
    """How a measure changes with each parameter, the most influential first.

    Attributes:
        measure: The measure.
        frame: One row per parameter: ``parameter``, ``low_value``, ``high_value`` (the ends of its range), ``base``
            (the mean of the measure without changes), ``low`` and ``high`` (mean differences from it), ``low_error``
            and ``high_error`` (half the width of their 90 % intervals) and ``given`` (see `Parameter`).

    Example:
        >>> import polars as pl
        >>> frame = pl.DataFrame({"parameter": ["comes"], "low": [-2.0], "high": [1.0]})
        >>> Sensitivity("served", frame).to_polars()["parameter"].to_list()
        ['comes']
    """

    measure: str
    frame: pl.DataFrame

    def to_polars(self) -> pl.DataFrame:
        """Return the frame."""
        return self.frame


@given.takes(scenario=given.a(Scenario), only=given.optional(given.keys))
def sensitivity(  # noqa: PLR0913 - what `simulate` takes, by keyword
    programme: ProgrammeData,
    scenario: Scenario,
    start: dt.date,
    end: dt.date,
    *,
    measure: str = "served",
    only: Iterable[str] | None = None,
    **options: Unpack[SimulationOptions],
) -> Sensitivity:
    """Simulate with each behaviour parameter at both ends of its range, and return how a measure changes.

    Args:
        programme: The programme.
        scenario: The scenario in which one parameter at a time is changed.
        start: First day.
        end: Last day.
        measure: The measure, over the whole period.
        only: Names of the parameters; None means all that have a range.
        **options: As for `simulate`; ``replications``, for each parameter and end of range, are 40 by default.

    Raises:
        UnknownCodeError: The measure doesn't exist, or a parameter doesn't exist or has no range.

    Example:
        >>> from prai_match import Programme
        >>> from prai_match.simulate import Scenario
        >>> found = sensitivity(
        ...     Programme.example(), Scenario(name="now"), "2008-01-01", "2008-01-31",
        ...     measure="needs", only=["asks_a_year"], replications=2,
        ... )
        >>> found.frame["parameter"].to_list()
        ['asks_a_year']
    """
    given.known_among("measure", measure, _summary.measures())
    plausible = ((name, each.low, each.high) for name, each in parameters().items())
    ranges = {name: (low, high) for name, low, high in plausible if low is not None and high is not None}
    names = list(ranges) if only is None else list(only)
    given.all_known("parameter", names, ranges)
    if not names:
        raise given.refused("only", only, "codes")
    cases = [
        scenario.with_(f"{name}-{end_name}", **{name: cast("Any", value)})
        for name in names
        for end_name, value in zip(_ENDS, ranges[name], strict=True)
    ]
    options.setdefault("replications", _REPLICATIONS)
    outcomes = simulate(programme, [scenario.with_("base"), *cases], start, end, **options)
    differences = outcomes.differences().filter(pl.col("measure") == measure, pl.col("of").is_null())
    means = {row["scenario"]: row for row in differences.iter_rows(named=True)}
    rows = [
        {
            "parameter": name,
            **{f"{end_name}_value": float(value) for end_name, value in zip(_ENDS, ranges[name], strict=True)},
            "base": means[f"{name}-low"]["baseline"],
            **{end_name: means[f"{name}-{end_name}"]["mean"] for end_name in _ENDS},
            **{f"{end_name}_error": means[f"{name}-{end_name}"]["error"] for end_name in _ENDS},
            "given": parameters()[name].given,
        }
        for name in names
    ]
    swing = (pl.col("high") - pl.col("low")).abs()
    return Sensitivity(measure, pl.DataFrame(rows).sort(-swing, "parameter", nulls_last=True))
