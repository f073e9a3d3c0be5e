"""A linear model as arrays, solved by HiGHS within limits, from a known plan if any; Ctrl-C stops it."""

import math
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from threading import Event, Lock
from typing import Any, Self

import numpy as np
import polars as pl

from prai_match.errors import missing_extra
from prai_match.offers import Array
from prai_match.plan._options import SearchLimits


@dataclass
class Matrix:
    """The columns of a model, with costs, upper bounds and whether they are whole numbers, and its rows, in blocks.

    Blocks of rows have a label, lower and upper bounds, and entries (row in the block, column, value).
    """

    columns: list[tuple[Array, Array, bool]] = field(default_factory=list)
    rows: list[tuple[str, Array, Array, Array, Array, Array]] = field(default_factory=list)

    def add_columns(self, costs: Array, upper: float | Array = 1.0, *, whole: bool = True) -> int:
        """Add columns from 0 to ``upper``; return the number of the first."""
        self.columns.append((costs, np.broadcast_to(np.asarray(upper, dtype=float), costs.shape), whole))
        return self.width - len(costs)

    @property
    def width(self) -> int:
        return sum(len(costs) for costs, _, _ in self.columns)

    def add_rows(
        self, label: str, entries: pl.DataFrame, *, upper: float | dict[int, float] = 0.0, lower: float | None = None
    ) -> None:
        """Add one row per ``row`` (any number) in ``entries``, which hold the non-zero ``value`` of each ``column``.

        ``upper`` is the upper bound of all rows or by ``row``, ``lower`` the lower bound of all; None means none.
        """
        if not entries.height:
            return
        keys, place = np.unique(entries["row"].to_numpy(), return_inverse=True)
        tops = [upper[int(key)] for key in keys] if isinstance(upper, dict) else [upper] * len(keys)
        lows = np.full(len(keys), -np.inf if lower is None else lower)
        order = np.argsort(place, kind="stable")
        column, value = entries["column"].to_numpy()[order], entries["value"].to_numpy()[order]
        self.rows.append((label, lows, np.array(tops, dtype=float), place[order], column, value.astype(float)))

    def without(self, columns: Array) -> Self:
        """Return the model with some columns of the first block, by number, fixed at 0."""
        costs, upper, whole = self.columns[0]
        upper = np.where(np.isin(np.arange(len(upper)), columns), 0.0, upper)
        return replace(self, columns=[(costs, upper, whole), *self.columns[1:]])

    def worth(self, values: Array) -> float:
        return float(np.concatenate([costs for costs, _, _ in self.columns]) @ values)

    def lp(self, *, whole: bool = True) -> Any:  # noqa: ANN401 - a HighsLp
        import highspy  # noqa: PLC0415 - an extra

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.width, sum(len(lows) for _, lows, *_ in self.rows)
        lp.col_cost_ = np.concatenate([costs for costs, _, _ in self.columns])
        lp.col_lower_ = np.zeros(self.width)
        lp.col_upper_ = np.concatenate([upper for _, upper, _ in self.columns])
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        lp.integrality_ = [kinds[whole and block] for costs, _, block in self.columns for _ in costs]
        lp.row_lower_ = np.concatenate([np.empty(0), *(row[1] for row in self.rows)])
        lp.row_upper_ = np.concatenate([np.empty(0), *(row[2] for row in self.rows)])
        counts = [np.bincount(row[3], minlength=len(row[1])) for row in self.rows]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.concatenate([np.empty(0, int), *counts]))])
        lp.a_matrix_.index_ = np.concatenate([np.empty(0, int), *(row[4] for row in self.rows)]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([np.empty(0), *(row[5] for row in self.rows)])
        labels = (label for label, lows, *_ in self.rows for _ in lows)
        lp.row_names_ = [f"{label}_{number}" for number, label in enumerate(labels)]
        lp.sense_ = highspy.ObjSense.kMaximize
        return lp


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a search for a plan.

    Attributes:
        seconds: Seconds since the search began.
        objective: Objective of the best plan so far.
        bound: Upper bound of the objective of all plans.

    Example:
        >>> Progress(seconds=1.5, objective=80.0, bound=100.0).objective
        80.0
    """

    seconds: float
    objective: float
    bound: float


@dataclass(frozen=True, slots=True)
class Solution:
    values: Array | None  # of the columns; None if nothing better than the start was found
    bound: float  # upper bound of all solutions
    is_proven: bool  # whether within the gap that was asked for
    interrupted: bool  # by Ctrl-C


def solve(matrix: Matrix, start: Array | None, limits: SearchLimits, report: Callable[[float], None]) -> Solution:
    """Maximise on one thread, from ``start`` if one is known, and ``report`` the bound from time to time."""
    highspy, solver = _solver(limits)
    solver.passModel(matrix.lp())
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start
        solver.setSolution(solution)

    solver.cbMipImprovingSolution += lambda event: report(event.data_out.mip_dual_bound)
    return _solution(highspy, solver, "mip_dual_bound")


def relax(matrix: Matrix, limits: SearchLimits, *, inside: bool = False) -> Solution:
    """Maximise the relaxation, whose columns needn't be whole numbers: for a first bound and the places that matter.

    The simplex method starts the search well. For all of France it took 5 s of processor time, but hadn't ended after
    120 s with a small budget, which all sessions share; the interior point method (``inside``) takes 17 to 19 s
    whatever the limits. It is also faster for one région: 0.4 to 0.6 s (simplex: 0.6 to 1.3 s).
    """
    highspy, solver = _solver(limits)
    solver.setOptionValue("solver", "ipm" if inside or matrix.width > WIDE else "simplex")
    solver.passModel(matrix.lp(whole=False))
    solution = _solution(highspy, solver, "objective_function_value")
    return solution if solution.is_proven else replace(solution, bound=math.inf)


# Number of columns, several times that of a région, beyond which relaxing takes long and uses the interior point.
WIDE = 30_000

_FEASIBLE = 2
_EFFORT = 0.3  # share of the work spent on better plans, not on the bound: measured to close the gap fastest


def _solver(limits: SearchLimits) -> tuple[Any, Any]:
    try:
        highspy: Any = import_module("highspy")
    except ImportError as error:
        raise missing_extra("plan", "plan", "highspy") from error
    with _quiet():
        solver = highspy.Highs()
    options: dict[str, Any] = {"output_flag": False, "log_to_console": False, "threads": 1, "random_seed": limits.seed}
    options |= {"mip_rel_gap": limits.gap, "mip_heuristic_effort": _EFFORT}
    options |= {"time_limit": limits.time_limit, "mip_max_nodes": limits.node_limit}
    for name, value in options.items():
        if value is not None:
            solver.setOptionValue(name, value)
    return highspy, solver


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the solver's banner, which no option silences, off the standard output.

    Only one thread at a time: standard output belongs to the process, and a second thread would restore the wrong one.
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


def _solution(highspy: Any, solver: Any, bound: str) -> Solution:  # noqa: ANN401 - of the solver
    interrupted, info = _run(solver), solver.getInfo()
    most = float(getattr(info, bound))
    return Solution(
        values=np.array(solver.getSolution().col_value) if info.primal_solution_status == _FEASIBLE else None,
        bound=most if math.isfinite(most) else math.inf,
        is_proven=solver.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        interrupted=interrupted,
    )


def _run(solver: Any) -> bool:  # noqa: ANN401 - a Highs
    """Solve in a thread, so that this one receives Ctrl-C; return whether it did."""
    ctrl_c = Event()

    def stop(event: Any) -> None:  # noqa: ANN401 - of the solver
        if ctrl_c.is_set():
            event.interrupt()

    solver.cbMipInterrupt += stop
    solver.cbSimplexInterrupt += stop
    solver.cbIpmInterrupt += stop
    # Not the solver's own thread, whose locks all solvers of the process share.
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(solver.run)
        while True:
            try:
                running.result(0.1)  # seconds between checks for Ctrl-C
            except TimeoutError:
                continue
            except KeyboardInterrupt:
                ctrl_c.set()
                continue
            return ctrl_c.is_set()
