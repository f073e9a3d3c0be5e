"""Examples in docstrings begin with the bundled region: it is read once for all of them."""

from __future__ import annotations

from functools import cache

import pytest
from _pytest.doctest import DoctestItem

from prai_match import Programme

_example = cache(Programme.example)


@pytest.fixture(autouse=True)
def _one_bundled_region(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(request.node, DoctestItem):
        monkeypatch.setattr(Programme, "example", classmethod(lambda _, *name: _example(*name)))
