"""Examples in docstrings: the bundled region is read once for all of them, and coverage isn't theirs but the tests'."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from _pytest.doctest import DoctestItem

from prai_match import Programme
from traced import untraced

if TYPE_CHECKING:
    from collections.abc import Generator

_example = cache(Programme.example)


@pytest.fixture(autouse=True)
def _one_bundled_region(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(request.node, DoctestItem):
        monkeypatch.setattr(Programme, "example", classmethod(lambda _, *name: _example(*name)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Leave examples out of what is measured."""
    if isinstance(item, DoctestItem):
        with untraced():
            return (yield)
    return (yield)
