"""One mutant against the tests that reach it, in a separate process with limited processor time."""

from __future__ import annotations

import resource
import signal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from _mutants.apart import CONTEXT, PYTEST, Quick, enter, forget
from _mutants.chosen import Chosen, files
from _mutants.planted import planted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

EXAMPLES = 20
"""Number of examples that Hypothesis draws of each law."""

_MOST_MEMORY = 8 * 2**30

# The outcomes; only the first means that the mutant survived.
SURVIVED, KILLED, TIMED_OUT, DIED = "survived", "killed", "out of time", "died"


class Fault(NamedTuple):
    """A module's name, its text with the fault, and the path of the faulty function."""

    module: str
    source: str
    place: str


def attempt(root: Path, fault: Fault, tests: Sequence[str], seconds: float) -> tuple[str, str]:
    """Run ``tests`` in the tree at ``root`` until one fails.

    Args:
        root: A copy of the project with the fault in it.
        fault: The fault.
        tests: Node ids, in the order in which they are run.
        seconds: Processor time after which the process is stopped; 25 times as much elapsed time.

    Returns:
        The outcome, and the test that failed or what else happened.
    """
    here, there = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_run, args=(str(root), fault, list(tests), seconds, there))
    process.start()
    there.close()
    process.join(25 * seconds)
    if process.is_alive():
        process.kill()
        process.join()
        return TIMED_OUT, "by the clock"
    try:
        found: tuple[str, str] = here.recv()
    except EOFError:
        out = process.exitcode == -signal.SIGXCPU
        return (TIMED_OUT, "of processor") if out else (DIED, f"exit code {process.exitcode}")
    return found


def _run(root: str, fault: Fault, tests: list[str], seconds: float, answer: Connection) -> None:
    limit = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    enter(Path(root))
    if not planted(fault.module, fault.source, fault.place):
        forget()
    chosen = Chosen(tests)
    code = pytest.main([*PYTEST, "-x", *files(tests)], plugins=[Quick(EXAMPLES), chosen])
    if code == pytest.ExitCode.OK and chosen.ran == len(tests):
        answer.send((SURVIVED, ""))
    else:
        answer.send((KILLED, chosen.failed or f"pytest returned {code}"))
