"""The entry: scenarios of a programme in, outcomes out; in parts that any executor computes and no kill loses."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from prai_match._executors import side_by_side
from prai_match.errors import UnknownCodeError, nearest
from prai_match.files import lock, make_folder
from prai_match.io import sealed
from prai_match.offers import without_columns
from prai_match.simulate._draws import seed_of
from prai_match.simulate._origin import Origin
from prai_match.simulate._outcomes import Outcomes
from prai_match.simulate._parts import put, verified
from prai_match.simulate._run import frame, run
from prai_match.simulate._scenario import Scenario
from prai_match.text import bar

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterable
    from concurrent.futures import Executor

    from prai_match.model import ProgrammeData, ProgrammeT

PART = 50
"""Replications of a scenario that are computed and written together."""


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """A part to compute, as it is sent to a worker."""

    programme: ProgrammeData
    scenario: Scenario
    start: dt.date
    end: dt.date
    seeds: tuple[int, ...]
    first: int
    owner: str


class Options(TypedDict, total=False):
    """What `Programme.simulate` takes by keyword."""

    replications: int
    seed: int
    executor: Executor | None
    folder: str | os.PathLike[str] | None


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

    Args:
        programme: The programme; what it knows before ``start`` is where every replication begins.
        scenarios: One or several; the first is what the others are compared with.
        start: First day.
        end: Last day.
        replications: Of each scenario.
        seed: Of all draws.
        executor: Any of `concurrent.futures`, or a Dask cluster's (``Client.get_executor()``); None: this process.
        folder: Where outcomes are written, part by part; the same call with the same folder goes on where it stopped.
            One simulation at a time writes to it, and what it has is verified. None: a folder that goes with the
            outcomes.
    """
    chosen = (scenarios,) if isinstance(scenarios, Scenario) else tuple(scenarios)
    _checked(programme, chosen, start, end, replications)
    origin = Origin.of(programme, chosen, start, end, seed, PART)
    place = make_folder(tempfile.mkdtemp(prefix="prai_match-") if folder is None else folder)
    outcomes = Outcomes(programme, chosen, start, end, replications, seed, place, origin)
    if folder is None:
        weakref.finalize(outcomes, shutil.rmtree, place, ignore_errors=True)
    with lock(place):
        origin.claim(place)
        _fill(outcomes, origin, executor)
    return outcomes


def _fill(outcomes: Outcomes, origin: Origin, executor: Executor | None) -> None:
    """Compute and write the parts that aren't there."""
    place, scenarios, replications = outcomes.folder, outcomes.scenarios, outcomes.replications
    seeds = [seed_of(outcomes.seed, number) for number in range(replications)]
    done = {each.name: verified(place, each.name, partial(origin.owner, each.name), PART) for each in scenarios}
    tasks = [
        Task(outcomes.programme, scenario, outcomes.start, outcomes.end, wanted, first, owner)
        for first in range(0, replications, PART)
        for scenario in scenarios
        if len(wanted := tuple(seeds[first : first + PART])) > done[scenario.name].get(first, 0)
        and (owner := origin.owner(scenario.name, first, len(wanted)))
    ]
    with bar(replications * len(scenarios)) as told:
        told(replications * len(scenarios) - sum(len(task.seeds) for task in tasks))
        for task, part in side_by_side(executor, computed, ((task, (task,)) for task in tasks)):
            put(place, task.scenario.name, task.first, len(task.seeds), part)
            told(len(task.seeds))


def computed(task: Task) -> bytes:
    """Compute a part: its rows as the bytes of a Parquet file, the same wherever it is computed."""
    trace = run(task.programme, task.scenario, task.start, task.end, task.seeds)
    return sealed(frame(trace, task.scenario.name, range(task.first, task.first + len(task.seeds))), task.owner)


def _checked(
    programme: ProgrammeData, scenarios: tuple[Scenario, ...], start: dt.date, end: dt.date, replications: int
) -> None:
    names = [scenario.name for scenario in scenarios]
    if end < start or replications < 1 or not names or len(set(names)) < len(names):
        msg = (
            "a simulation needs a period that ends after it starts, a replication and scenarios, each with its own name"
        )
        raise ValueError(msg)
    for scenario in scenarios:
        after = scenario.programme(programme)
        without_columns(scenario.policy(after).checked(after.catalogue))
        _known("relay partner", scenario.behaviour.relay_weights, {partner.id for partner in after.partners})
        _known("workshop", scenario.behaviour.interest, {workshop.id for workshop in after.catalogue.workshops})


def _known(kind: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise UnknownCodeError(kind, name, nearest(name, known))
