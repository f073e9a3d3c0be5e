"""The solver: HiGHS, within limits, started from a plan that is known, stopped by Ctrl-C with its best so far."""

from __future__ import annotations

import math
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from prai_match.errors import PraiError, missing_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prai_match.plan._matrix import Array, Matrix


def missing(package: str) -> PraiError:
    """Return the error that names the extra to install."""
    return missing_extra("plan", "plan", package)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan has come.

    Attributes:
        seconds: Since the beginning.
        objective: Of the best plan so far.
        bound: No plan has more.

    Example:
        >>> Progress(seconds=1.5, objective=80.0, bound=100.0).objective
        80.0
    """

    seconds: float
    objective: float
    bound: float


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop; the first of them.

    Attributes:
        seconds: Time; None: none. What is found within it depends on the machine.
        nodes: Nodes of the search tree; None: none. What is found within them doesn't depend on the machine.
        gap: Share of the bound that may be missing.
        seed: Of the solver's choices.
    """

    seconds: float | None = 60.0
    nodes: int | None = None
    gap: float = 0.002
    seed: int = 0

    def left(self, since: float) -> Limits:
        """Return the limits with the time that is left."""
        if self.seconds is None:
            return self
        return replace(self, seconds=max(0.0, self.seconds - (monotonic() - since)))


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver found.

    Attributes:
        values: Of the columns; None: nothing better than the start was found.
        bound: No solution has more.
        done: Whether the gap that was asked for is reached.
        interrupted: Whether it was stopped by Ctrl-C.
    """

    values: Array | None
    bound: float
    done: bool
    interrupted: bool


def solve(matrix: Matrix, start: Array | None, limits: Limits, told: Callable[[float], None]) -> Solved:
    """Maximise, from a known solution, on one thread.

    Args:
        matrix: The model.
        start: Values of the columns; None: no solution is known.
        limits: When to stop.
        told: Called with the bound now and then.
    """
    highspy = _solver()
    solver = _ready(highspy, limits)
    solver.passModel(matrix.lp())
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start
        solver.setSolution(solution)

    def tell(event: Any) -> None:  # noqa: ANN401 - of the solver
        told(event.data_out.mip_dual_bound)

    solver.cbMipImprovingSolution += tell
    interrupted = _run(solver)
    info = solver.getInfo()
    return _solved(highspy, solver, float(info.mip_dual_bound), interrupted=interrupted)


def relax(matrix: Matrix, limits: Limits) -> Solved:
    """Maximise with columns that need not be whole numbers: for a first bound, and the places that matter.

    The simplex goes from choice to choice, as the search then does. On all of France it took 5 s of processor, but with
    little money, which every session shares, had not ended after 120 s; `inside` takes 17 to 19 s, whatever the limits.
    """
    return inside(matrix, limits) if matrix.width > WIDE else _relaxed(matrix, limits, "simplex")


def inside(matrix: Matrix, limits: Limits) -> Solved:
    """Do the same through the inside: the quickest bound of a région, in 0.4 to 0.6 s (the simplex: 0.6 to 1.3 s)."""
    return _relaxed(matrix, limits, "ipm")


def _relaxed(matrix: Matrix, limits: Limits, method: str) -> Solved:
    highspy = _solver()
    solver = _ready(highspy, limits)
    solver.setOptionValue("solver", method)
    solver.passModel(matrix.lp(whole=False))
    interrupted = _run(solver)
    done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    bound = float(solver.getInfo().objective_function_value) if done else math.inf
    return _solved(highspy, solver, bound, interrupted=interrupted)


WIDE = 30_000
"""Columns, several times those of a région, beyond which the relaxation goes through the inside and takes its time."""

_FEASIBLE = 2
_EFFORT = 0.3
"""Share of the work spent on finding better plans rather than on the bound: measured to close the gap soonest."""


def _solver() -> Any:  # noqa: ANN401 - the module
    try:
        import highspy  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing("highspy") from error
    return highspy


def _ready(highspy: Any, limits: Limits) -> Any:  # noqa: ANN401 - of the solver
    """Return a solver with its options."""
    with _quiet():
        solver = highspy.Highs()
    options: dict[str, Any] = {"output_flag": False, "log_to_console": False}
    options |= {"threads": 1, "random_seed": limits.seed}
    options |= {"mip_rel_gap": limits.gap, "mip_heuristic_effort": _EFFORT}
    if limits.seconds is not None:
        options["time_limit"] = limits.seconds
    if limits.nodes is not None:
        options["mip_max_nodes"] = limits.nodes
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the solver's banner, which no option silences, from the standard output that others read.

    One thread at a time: the standard output is the process's, and another would take the silence for it.
    """
    with _SILENCE:
        sys.stdout.flush()
        output, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        try:
            yield
        finally:
            os.dup2(output, 1)
            os.close(output)
            os.close(nowhere)


_SILENCE = Lock()


def _solved(highspy: Any, solver: Any, bound: float, *, interrupted: bool) -> Solved:  # noqa: ANN401 - of the solver
    import numpy as np  # noqa: PLC0415 - comes with the solver

    feasible = solver.getInfo().primal_solution_status == _FEASIBLE
    return Solved(
        values=np.array(solver.getSolution().col_value) if feasible else None,
        bound=bound if math.isfinite(bound) else math.inf,
        done=solver.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        interrupted=interrupted,
    )


def _run(solver: Any) -> bool:  # noqa: ANN401 - a Highs
    """Solve in a thread, so that Ctrl-C reaches us; return whether it did."""
    stopped = Event()

    def stop(event: Any) -> None:  # noqa: ANN401 - of the solver
        if stopped.is_set():
            event.interrupt()

    solver.cbMipInterrupt += stop
    solver.cbSimplexInterrupt += stop
    solver.cbIpmInterrupt += stop
    # Not the solver's own thread, whose locks are shared by all solvers of the process.
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(solver.run)
        while True:
            try:
                running.result(_TICK)
            except TimeoutError:
                continue
            except KeyboardInterrupt:
                stopped.set()
                continue
            return stopped.is_set()


_TICK = 0.1
"""Seconds after which Ctrl-C is looked for again."""
