"""What coverage is measured of: tracing doubles the time of a test, and much of it tells nothing new."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Iterator

TRACED = 3
"""Examples of each law whose lines count. The later ones run all the same: coverage can only be understated."""


@contextmanager
def untraced() -> Iterator[None]:
    """Stop to measure coverage."""
    coverage = Coverage.current()
    if coverage is None:
        yield
        return
    coverage.stop()
    try:
        yield
    finally:
        coverage.start()


@contextmanager
def first_examples(test: Any) -> Iterator[None]:
    """Stop to measure coverage after the first examples that Hypothesis gives to ``test``, until it ends."""
    law, coverage = getattr(test, "hypothesis", None), Coverage.current()
    if law is None or coverage is None:
        yield
        return
    inner, examples = law.inner_test, 0

    @wraps(inner)
    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal examples
        examples += 1
        if examples == TRACED + 1:
            coverage.stop()
        return inner(*args, **kwargs)

    law.inner_test = counted
    try:
        yield
    finally:
        law.inner_test = inner
        if examples > TRACED:
            coverage.start()
