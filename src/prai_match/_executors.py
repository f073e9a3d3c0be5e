"""Parallel work on any executor of `concurrent.futures`: few tasks at a time, results as they arrive.

Stability: provisional.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Any, TypeVar

from prai_match.errors import PraiError

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")

# Number of tasks sent before a result is awaited: more would hold everything in memory a second time.
IN_FLIGHT = 32


def side_by_side(
    executor: Executor | None, run: Callable[..., _Result], tasks: Iterable[tuple[_Key, tuple[Any, ...]]]
) -> Iterator[tuple[_Key, _Result]]:
    """Run a function on the arguments of each task, and yield results as they arrive, with the task's key.

    Without an executor, tasks run in this process, one after the other. Worker processes must be able to import the
    function. Tasks are taken from the iterable only when they can be sent, so that few exist at once. If one fails, or
    on Ctrl-C, tasks that haven't begun are cancelled.
    """
    if executor is None:
        yield from ((key, run(*arguments)) for key, arguments in tasks)
        return
    refuse_forks(executor)
    pending: dict[Future[_Result], _Key] = {}
    left = iter(tasks)
    try:
        while True:
            while len(pending) < IN_FLIGHT and (task := next(left, None)) is not None:
                pending[executor.submit(run, *task[1])] = task[0]
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                yield pending.pop(future), future.result()
    except BrokenExecutor as error:
        raise workers_ended() from error
    finally:
        for future in pending:
            future.cancel()


def refuse_forks(executor: Executor | None) -> None:
    """Refuse forked processes: polars would wait forever there, since its threads don't exist in them."""
    context = getattr(executor, "_mp_context", None)
    if context is not None and context.get_start_method() == "fork":
        raise PraiError.of("prai_match", "forked")


def workers_ended() -> PraiError:
    """Return the error for workers that stopped before they finished, with what to do."""
    return PraiError.of("prai_match", "workers_ended")
