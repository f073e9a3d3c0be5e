"""What coverage is measured of: tracing doubles the time of a test, and most of it tells nothing new.

Of the tests that take time, those in `tests/traced.txt` are traced: ``make traced`` chooses them so that they reach all
that all tests reach. A test whose time isn't recorded is traced too.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections import defaultdict
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Set as AbstractSet

FILE: Final = Path(__file__).with_name("traced.txt")
_stopped: Final[list[Coverage]] = []


@contextmanager
def untraced() -> Iterator[None]:
    """Stop to measure coverage: all that measure, since in a process of xdist there are two, one within the other."""
    while (coverage := Coverage.current()) is not None:
        coverage.stop()
        _stopped.append(coverage)
    try:
        yield
    finally:
        while _stopped:
            _stopped.pop().start()


@contextmanager
def traced_again() -> Iterator[None]:
    """Measure coverage where it was stopped: of what a test makes for others too, which may be the first to need it."""
    if not _stopped:
        yield
        return
    _stopped[0].start()
    try:
        yield
    finally:
        _stopped[0].stop()


@contextmanager
def reached_by(test: str) -> Iterator[None]:
    """Measure what is reached as reached by a test."""
    coverage = Coverage.current()
    if coverage is None:
        yield
        return
    coverage.switch_context(test)
    try:
        yield
    finally:
        coverage.switch_context("")


def read(file: Path = FILE) -> frozenset[str]:
    """Return the names of the tests that are traced although they take time."""
    return frozenset(file.read_text("utf-8").splitlines())


def reach(file: Path) -> dict[str, set[tuple[str, int, int]]]:
    """Return the branches that each test reached, from a file of coverage."""
    found: dict[str, set[tuple[str, int, int]]] = defaultdict(set)
    rows = """
        SELECT context.context, file.path, arc.fromno, arc.tono FROM arc
        JOIN context ON context.id = arc.context_id JOIN file ON file.id = arc.file_id
    """
    with closing(sqlite3.connect(file)) as data:
        for test, path, start, end in data.execute(rows):
            found[test].add((path, start, end))
    return found


def choose(reached: Mapping[str, AbstractSet[Hashable]], seconds: Mapping[str, float]) -> list[str]:
    """Return tests that reach all that all reach, those first that reach most in their time; who takes none is left out.

    Args:
        reached: What each test reaches.
        seconds: What each test takes; those that aren't named take none.

    >>> choose({"free": {1}, "slow": {1, 2, 3}, "two": {2}, "three": {3}}, {"slow": 9.0, "two": 1.0, "three": 1.0})
    ['three', 'two']
    """
    left: set[Hashable] = set().union(*reached.values())
    left -= set().union(*(parts for test, parts in reached.items() if test not in seconds))
    best = [(-len(parts & left) / seconds[test], test) for test, parts in reached.items() if test in seconds]
    heapq.heapify(best)
    chosen = []
    while left:
        # What is first may have been overtaken since it was measured.
        _, test = heapq.heappop(best)
        worth = -len(reached[test] & left) / seconds[test]
        if best and worth > best[0][0]:
            heapq.heappush(best, (worth, test))
        else:
            chosen.append(test)
            left -= reached[test]
    return sorted(chosen)
