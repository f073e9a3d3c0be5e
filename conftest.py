"""How the suite runs: which tests, with which examples of laws, what is traced, and the region that docstrings ask."""

from __future__ import annotations

import gc
from contextlib import nullcontext
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.doctest import DoctestItem

import tiers
import traced
from prai_match import Programme
from recorder import Recorder
from thorough import register_profiles

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

register_profiles()
_TIMES = tiers.read(tiers.FILE)
_TRACED = traced.read()
_TESTING = tiers.FILE.with_name("testing")
_example = cache(Programme.example)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose its tier, and record times."""
    parser.addoption("--tier", choices=list(tiers.TIERS), help="run the tests that take no longer than it allows")
    known = "known texts: make golden writes"
    parser.addoption("--golden", choices=["compare", "write"], default="compare", help=known)
    parser.addoption("--record-times", action="store_true", help="write tests/times.tsv: in one process, all tests")
    parser.addoption("--record-reach", action="store_true", help="measure what each test reaches, with --cov")


def pytest_configure(config: pytest.Config) -> None:
    """Record where it is asked for."""
    if config.getoption("record_times"):
        config.pluginmanager.register(Recorder(tiers.FILE))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes longer than is asked for, and where known texts are written, what has none."""
    searches = config.getoption("--hypothesis-profile") == "search"
    most = tiers.limit("all" if searches else config.getoption("tier"), config.args)
    writes = config.getoption("golden") == "write"
    left = [
        item for item in items if tiers.is_left_out(item.nodeid, _TIMES, most) or (writes and not _has_golden(item))
    ]
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


def _has_golden(item: pytest.Item) -> bool:
    return "golden" in getattr(item, "fixturenames", ())


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look no more for garbage in what was imported: it stays as long as the suite.

    Where times are recorded, no test pays for being the first that needs what a process keeps.
    """
    gc.freeze()
    if session.config.getoption("record_times"):
        for region in ("midi_pyrenees", "occitanie_2026"):
            programme = Programme.example(region)
            programme.recommend(on=programme.period.start)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Measure coverage where it may tell something new, or of each test by itself."""
    if _is_left_out(item):
        how = traced.untraced()
    elif item.config.getoption("record_reach"):
        how = traced.reached_by(item.nodeid)
    else:
        how = traced.untraced() if item.nodeid in _TIMES and item.nodeid not in _TRACED else nullcontext()
    with how:
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    """Measure coverage of what tests share, whichever comes first."""
    with nullcontext() if fixturedef.scope == "function" else traced.traced_again():
        return (yield)


def _is_left_out(item: pytest.Item) -> bool:
    """Whether a test is never traced: an example in a docstring, and a law but of `prai_match.testing`."""
    law = hasattr(getattr(item, "obj", None), "hypothesis") or item.get_closest_marker("law")
    return isinstance(item, DoctestItem) or (bool(law) and _TESTING not in item.path.parents)


def _once(method: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the answers of the bundled region, which is frozen as they are."""
    answers: dict[str, Any] = {}

    @wraps(method)
    def ask(programme: Programme, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever is asked
        if programme is not _example():
            return method(programme, *args, **options)
        question = repr((args, options))
        if question not in answers:
            answers[question] = method(programme, *args, **options)
        return answers[question]

    return ask


_METHODS = {name: _once(getattr(Programme, name)) for name in ("backtest", "plan", "recommend", "simulate")}


@pytest.fixture(autouse=True)
def _one_bundled_region(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the bundled region once for all examples in docstrings, and ask it the same things once."""
    if isinstance(request.node, DoctestItem):
        monkeypatch.setattr(Programme, "example", classmethod(lambda _, *name: _example(*name)))
        for name, ask in _METHODS.items():
            monkeypatch.setattr(Programme, name, ask)
