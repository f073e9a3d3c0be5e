"""Work on any executor of `concurrent.futures`: a bounded number of tasks under way, results as they are done."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from prai_match.errors import PraiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

UNDER_WAY = 16
"""Tasks that are handed to an executor at once: enough for its workers, little to keep in memory."""


def results(
    executor: Executor | None, work: Callable[[TaskT], ResultT], tasks: Iterable[TaskT]
) -> Iterator[tuple[TaskT, ResultT]]:
    """Return each task with its result: in order in this process, or as they are done by an executor.

    Args:
        executor: Of threads, processes or a cluster; None: this process.
        work: A function of a module, so that processes find it.
        tasks: What it is done for; they must be picklable for processes.

    Raises:
        PraiError: The executor's processes are forks, in which polars would wait forever, or one of them died.

    Example:
        >>> list(results(None, abs, [-1, 2]))
        [(-1, 1), (2, 2)]
    """
    if executor is None:
        yield from ((task, work(task)) for task in tasks)
        return
    _no_forks(executor)
    left = iter(tasks)
    running: dict[Future[ResultT], TaskT] = {}
    try:
        while True:
            running |= {executor.submit(work, task): task for task in islice(left, UNDER_WAY - len(running))}
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    except BrokenProcessPool as error:
        msg = "a worker process died, for want of memory perhaps: what was done is kept; use fewer workers and go on"
        raise PraiError(msg) from error
    finally:
        for future in running:
            future.cancel()


def _no_forks(executor: Executor) -> None:
    context = getattr(executor, "_mp_context", None)
    if isinstance(executor, ProcessPoolExecutor) and context is not None and context.get_start_method() == "fork":
        msg = (
            "polars can't be used in forked processes: "
            'give the executor mp_context=multiprocessing.get_context("spawn")'
        )
        raise PraiError(msg)
