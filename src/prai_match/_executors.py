"""Work side by side on any executor of `concurrent.futures`: few tasks under way, results as they come.

Stability: provisional.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Any, TypeVar

from prai_match.errors import PraiError

__all__ = ["IN_FLIGHT", "refuse_forks", "side_by_side", "workers_ended"]

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")

# Tasks that are sent before one of them has come back: more would hold the whole in memory a second time.
IN_FLIGHT = 32


def side_by_side(
    executor: Executor | None, run: Callable[..., _Result], tasks: Iterable[tuple[_Key, tuple[Any, ...]]]
) -> Iterator[tuple[_Key, _Result]]:
    """Run a function on the arguments of each task, and return its results as they come, each with its task's key.

    Without an executor they are run here, one after the other. Other processes must be able to import the function.
    Tasks are asked for as they can be sent, so that few of them exist at once. Where one fails, or on Ctrl-C, those
    that haven't begun are cancelled.
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
    """Refuse processes that are forks: polars, whose threads aren't there, would wait in them forever."""
    context = getattr(executor, "_mp_context", None)
    if context is not None and context.get_start_method() == "fork":
        raise PraiError.of("prai_match", "forked")


def workers_ended() -> PraiError:
    """Return the error for workers that ended before their work, and what to do."""
    return PraiError.of("prai_match", "workers_ended")
