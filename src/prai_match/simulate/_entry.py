"""The entry: scenarios of a programme in, outcomes out; in parts that any executor computes and no kill loses."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from prai_match import _arguments as given
from prai_match._executors import side_by_side
from prai_match.errors import ArgumentError
from prai_match.files import lock, make_folder
from prai_match.io import sealed
from prai_match.offers import without_columns
from prai_match.simulate._draws import seed_of
from prai_match.simulate._folder import PACKAGE, Provenance, put_part, verify
from prai_match.simulate._outcomes import Outcomes
from prai_match.simulate._run import run
from prai_match.simulate._scenario import Scenario, check_names
from prai_match.text import bar

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterable
    from concurrent.futures import Executor

    from prai_match.model import ProgrammeData, ProgrammeT

PART = 50
"""Replications of a scenario that are computed and written together."""


class SimulationOptions(TypedDict, total=False):
    """What `Programme.simulate` takes by keyword."""

    replications: int
    seed: int
    executor: Executor | None
    folder: str | os.PathLike[str] | None


@given.takes(
    scenarios=given.one_or_more(Scenario),
    start=given.day,
    end=given.day,
    replications=given.at_least(1),
    seed=given.at_least(0),
    executor=given.optional(given.executor),
    folder=given.optional(given.path),
)
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
) -> Outcomes[ProgrammeT]:
    """Simulate a programme month by month under scenarios, each many times, with the same draws for all of them.

    Every month the recommender answers for all territories on what happened so far, a planner decides on sessions,
    those that are due are held, people come or not and rate, needs are expressed, and money is spent. Results depend on
    nothing but the inputs and the seed: neither on the executor nor on the number of its workers.

    The arguments are those of `Programme.simulate`. One simulation at a time writes to a folder, and what it has is
    verified; where none is given, there is one that goes with the outcomes.
    """
    scenarios = (scenarios,) if isinstance(scenarios, Scenario) else tuple(scenarios)
    _check(programme, scenarios, start, end)
    origin = Provenance.of(programme, scenarios, start, end, seed, PART)
    place = make_folder(tempfile.mkdtemp(prefix="prai_match-") if folder is None else folder)
    outcomes = Outcomes(programme, scenarios, start, end, replications, seed, place, origin)
    if folder is None:
        weakref.finalize(outcomes, shutil.rmtree, place, ignore_errors=True)
    with lock(place):
        origin.claim(place)
        _fill(outcomes, origin, executor)
    return outcomes


def _fill(outcomes: Outcomes, origin: Provenance, executor: Executor | None) -> None:
    """Compute and write the parts that aren't there."""
    place, scenarios, replications = outcomes.folder, outcomes.scenarios, outcomes.replications
    seeds = [seed_of(outcomes.seed, number) for number in range(replications)]
    there = {each.name: verify(place, each.name, partial(origin.owner, each.name), PART) for each in scenarios}
    tasks = [
        ((name, first, len(part)), (outcomes.programme, scenario, outcomes.start, outcomes.end, part, first, owner))
        for first in range(0, replications, PART)
        for scenario in scenarios
        if len(part := seeds[first : first + PART]) > there[name := scenario.name].get(first, 0)
        and (owner := origin.owner(name, first, len(part)))
    ]
    with bar(replications * len(scenarios)) as advance:
        advance(replications * len(scenarios) - sum(count for (_, _, count), _ in tasks))
        for (name, first, count), data in side_by_side(executor, compute, tasks):
            put_part(place, name, first, count, data)
            advance(count)


def compute(  # noqa: PLR0913, PLR0917 - as it is sent to a worker
    programme: ProgrammeData, scenario: Scenario, start: dt.date, end: dt.date, seeds: list[int], first: int, owner: str
) -> bytes:
    """Compute a part: its rows as the bytes of a Parquet file, the same wherever it is computed."""
    trace = run(programme, scenario, start, end, seeds)
    return sealed(trace.measures.frame(scenario.name, range(first, first + len(seeds))), owner)


def _check(programme: ProgrammeData, scenarios: tuple[Scenario, ...], start: dt.date, end: dt.date) -> None:
    names = [scenario.name for scenario in scenarios]
    given.in_order(start, end)
    if not names or len(set(names)) < len(names):
        raise ArgumentError.of(PACKAGE, "scenarios")
    for scenario in scenarios:
        after = scenario.programme(programme)
        without_columns(scenario.policy(after).checked(after))
        partners, workshops = after.partners, after.catalogue.workshops
        check_names("relay partner", scenario.behaviour.relay_weights, [partner.id for partner in partners])
        check_names("workshop", scenario.behaviour.interest, [workshop.id for workshop in workshops])
