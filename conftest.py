"""Examples in docstrings begin with the bundled region: it is read, and asked the same things, once for all of them."""

from __future__ import annotations

from functools import cache, wraps
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.doctest import DoctestItem

from prai_match import Programme

if TYPE_CHECKING:
    from collections.abc import Callable

_example = cache(Programme.example)


def _once(asked: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the answers of the bundled region, which is frozen as they are."""
    answers: dict[str, Any] = {}

    @wraps(asked)
    def ask(programme: Programme, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever is asked
        if programme is not _example():
            return asked(programme, *args, **options)
        question = repr((args, options))
        if question not in answers:
            answers[question] = asked(programme, *args, **options)
        return answers[question]

    return ask


_ASKED = {name: _once(getattr(Programme, name)) for name in ("backtest", "plan", "recommend", "simulate")}


@pytest.fixture(autouse=True)
def _one_bundled_region(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(request.node, DoctestItem):
        monkeypatch.setattr(Programme, "example", classmethod(lambda _, *name: _example(*name)))
        for name, ask in _ASKED.items():
            monkeypatch.setattr(Programme, name, ask)
