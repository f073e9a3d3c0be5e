"""Both bundled regions say what the half-day of each session is made of."""

from __future__ import annotations

from collections import Counter

import pytest

from prai_match import Programme, model

REGIONS = ("midi_pyrenees", "occitanie_2026")


def sessions(region: str) -> tuple[model.Buffet | model.Workshop, ...]:
    return Programme.example(region).catalogue.sessions


@pytest.mark.parametrize("region", REGIONS)
def test_every_session_and_every_axis_has_modules(region: str) -> None:
    for session in sessions(region):
        counts = Counter(module.axis for module in session.modules)
        assert counts.pop(None) in range(3, 6), session.id
        assert counts.keys() == {axis.id for axis in session.axes}
        assert {*counts.values()} <= {1, 2}, session.id


@pytest.mark.parametrize("region", REGIONS)
def test_a_workshop_leaves_time_for_a_break(region: str) -> None:
    for session in sessions(region):
        core = sum(module.minutes for module in session.modules if module.axis is None)
        rest = 0 if session.form == "buffet" else 20
        for axis in session.axes:
            own = sum(module.minutes for module in session.modules if module.axis == axis.id)
            assert 150 <= core + own <= session.minutes - rest, (session.id, axis.id)
        assert session.axes or 110 <= core <= session.minutes


@pytest.mark.parametrize("region", REGIONS)
def test_modules_begin_with_the_core_and_each_is_named_once_in_its_session(region: str) -> None:
    for session in sessions(region):
        of_an_axis = [module.axis is not None for module in session.modules]
        assert of_an_axis == sorted(of_an_axis)
        for lang in ("fr", "en"):
            titles = [module.title.get(lang) for module in session.modules]
            assert len({*titles}) == len(titles), session.id
