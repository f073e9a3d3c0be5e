"""The entry: scenarios of a programme in, outcomes out; in parts that any executor computes and no kill loses."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prai_match import __version__
from prai_match.errors import PraiError, UnknownCodeError, nearest
from prai_match.executors import side_by_side
from prai_match.explain import digest, frame_digest, unordered
from prai_match.io._schema import FIELDS
from prai_match.io._write import frames
from prai_match.io._writing._atomic import put_files
from prai_match.recommend._extra import without_columns
from prai_match.simulate._draws import seed_of
from prai_match.simulate._outcomes import Outcomes
from prai_match.simulate._parts import parts, put
from prai_match.simulate._run import frame, run
from prai_match.simulate._scenario import Scenario
from prai_match.text import bar

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterable
    from concurrent.futures import Executor

    from prai_match._programme import Programme

PART = 50
"""Replications of a scenario that are computed and written together."""

_MANIFEST = "simulation.json"


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """A part to compute, as it is sent to a worker."""

    programme: Programme
    scenario: Scenario
    start: dt.date
    end: dt.date
    seeds: tuple[int, ...]
    first: int


def simulate(  # noqa: PLR0913 - all but the period by keyword
    programme: Programme,
    scenarios: Scenario | Iterable[Scenario],
    start: dt.date,
    end: dt.date,
    *,
    replications: int = 100,
    seed: int = 0,
    executor: Executor | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> Outcomes:
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
            None: a folder that goes with the outcomes.

    Raises:
        PraiError: The folder has the parts of another simulation, a worker process died (what was done is kept in
            the folder), or the extra ``simulate`` is not installed.
        ProgrammeError: A scenario doesn't fit the programme.
        UnknownCodeError: A scenario cites what isn't in the programme.
        ValueError: The period ends before it starts, there is no replication or no scenario, or a name stands twice.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> from prai_match.simulate import Scenario
        >>> outcomes = simulate(
        ...     Programme.example(),
        ...     [Scenario(name="baseline"), Scenario.of("cut", budget_times=0.6)],
        ...     dt.date(2008, 1, 1),
        ...     dt.date(2008, 3, 31),
        ...     replications=2,
        ... )
        >>> outcomes.to_polars().columns
        ['scenario', 'replication', 'month', 'measure', 'of', 'value']
    """
    chosen = (scenarios,) if isinstance(scenarios, Scenario) else tuple(scenarios)
    _checked(programme, chosen, start, end, replications)
    place = Path(tempfile.mkdtemp(prefix="prai_match-") if folder is None else folder)
    place.mkdir(parents=True, exist_ok=True)
    _claimed(place, _manifest(programme, chosen, start, end, seed))
    outcomes = Outcomes(programme, chosen, start, end, replications, seed, place)
    if folder is None:
        weakref.finalize(outcomes, shutil.rmtree, place, ignore_errors=True)
    seeds = [seed_of(seed, number) for number in range(replications)]
    done = {scenario.name: parts(place, scenario.name) for scenario in chosen}
    tasks = [
        Task(programme, scenario, start, end, wanted, first)
        for first in range(0, replications, PART)
        for scenario in chosen
        if len(wanted := tuple(seeds[first : first + PART])) > done[scenario.name].get(first, 0)
    ]
    with bar(replications * len(chosen)) as told:
        told(replications * len(chosen) - sum(len(task.seeds) for task in tasks))
        for task, part in side_by_side(executor, computed, ((task, (task,)) for task in tasks)):
            put(place, task.scenario.name, task.first, len(task.seeds), part)
            told(len(task.seeds))
    return outcomes


def computed(task: Task) -> bytes:
    """Compute a part: its rows as the bytes of a Parquet file, the same wherever it is computed."""
    trace = run(task.programme, task.scenario, task.start, task.end, task.seeds)
    rows = frame(trace, task.scenario.name, range(task.first, task.first + len(task.seeds)))
    data = io.BytesIO()
    rows.write_parquet(data, statistics=False)
    return data.getvalue()


def _checked(
    programme: Programme, scenarios: tuple[Scenario, ...], start: dt.date, end: dt.date, replications: int
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


def _manifest(
    programme: Programme, scenarios: tuple[Scenario, ...], start: dt.date, end: dt.date, seed: int
) -> dict[str, Any]:
    """Return what a simulation is made from; the number of replications may grow."""
    tables = {name: frame_digest(table) for name, table in frames(programme).items()}
    settings = programme.model_dump(exclude={table.name for table in FIELDS})
    lexicon = programme.lexicon.compiled.table.model_dump()
    return {
        "library": __version__,
        "programme": digest([tables, unordered(settings), lexicon]),
        "scenarios": {each.name: digest(_plain(each, programme)) for each in scenarios},
        "start": start.isoformat(),
        "end": end.isoformat(),
        "seed": seed,
        "part": PART,
    }


def _plain(scenario: Scenario, programme: Programme) -> Any:  # noqa: ANN401 - plain data
    given = scenario.model_dump(mode="json", exclude={"changes": {"policy"}, "label": True})
    return [given, unordered(scenario.policy(programme).rows.model_dump())]


def _claimed(folder: Path, manifest: dict[str, Any]) -> None:
    """Write what the folder is for, or see that it is for the same."""
    path = folder / _MANIFEST
    if path.exists():
        before = json.loads(path.read_text("utf-8"))
        other = [name for name in manifest if name != "scenarios" and before.get(name) != manifest[name]]
        other += [
            f"scenario {name}"
            for name, value in manifest["scenarios"].items()
            if before.get("scenarios", {}).get(name, value) != value
        ]
        if other:
            names = ", ".join(other)
            raise PraiError(
                f"{folder} has the parts of another simulation ({names} differ): choose another folder",
                f"{folder} contient les résultats d'une autre simulation (écarts : {names}) : choisir un autre dossier",
            )
        manifest = {**manifest, "scenarios": before["scenarios"] | manifest["scenarios"]}
    put_files(folder, {_MANIFEST: json.dumps(manifest, indent=1, sort_keys=True).encode()})
