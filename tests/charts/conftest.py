"""The bundled region, its recommendations, every chart of them, and ways to read a specification."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from made import CLOSED, with_policy
from outcomes_by_hand import by_hand, sensitivity_by_hand
from prai_match import Programme, Recommendations, charts
from prai_match.model import Calendar, substitute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Spec = dict[str, Any]


class Drawer(Protocol):
    """Draws every chart of a programme."""

    def __call__(self, programme: Programme, lang: Any = "fr") -> dict[str, Any]: ...


@pytest.fixture(autouse=True)
def _language() -> None:
    """Read French where a test names no language."""


@pytest.fixture(scope="session")
def bundled() -> Programme:
    """The bundled region, under the policy of the tests."""
    return with_policy(Programme.example())


@pytest.fixture(scope="session")
def recs(bundled: Programme) -> Recommendations:
    """Its recommendations on a day without a blackout."""
    return bundled.recommend(on=dt.date(2007, 9, 3))


@pytest.fixture(scope="session")
def frozen() -> Recommendations:
    """Its recommendations where the calendar has no open day within the horizon."""
    closed = Calendar.model_validate(CLOSED)
    return with_policy(substitute(Programme.example(), calendar=closed)).recommend(on=dt.date(2007, 9, 3))


@pytest.fixture(scope="session")
def every_chart(tmp_path_factory: pytest.TempPathFactory) -> Drawer:
    """Every chart of a programme, by name."""

    def drawn(programme: Programme, lang: Any = "fr") -> dict[str, Any]:
        outcomes = by_hand(tmp_path_factory.mktemp("outcomes"), programme)
        recs = programme.recommend(on=dt.date(2007, 9, 3))
        return {
            "contributions": charts.contributions(next(iter(recs)), lang),
            "follow_ups": charts.follow_ups(recs, lang),
            "session": charts.territory_map(recs, lang=lang),
            "coverage": charts.territory_map(recs, by="coverage", lang=lang),
            "people": charts.territory_map(recs, by="people", lang=lang),
            "calendar": charts.calendar(programme, lang=lang),
            "shares": charts.shares(programme, lang=lang),
            "lorenz": charts.lorenz(programme, lang=lang),
            "needs": charts.need_counts(programme, lang=lang),
            "fan": charts.fan(outcomes, lang=lang),
            "spend": charts.spend(outcomes, lang),
            "outcomes_coverage": charts.coverage(outcomes, lang, scenario="cut"),
            "lorenz_of": charts.lorenz(outcomes, lang=lang),
            "differences": charts.differences(outcomes, lang),
            "relay_gaps": charts.relay_gaps(programme.relay_gaps(dt.date(2007, 9, 3), top=1), lang),
            "tornado": charts.tornado(sensitivity_by_hand(), lang),
        }

    return drawn


@pytest.fixture(scope="session")
def rows_of() -> Callable[..., list[dict[str, Any]]]:
    """The rows of a chart's data that have some fields."""

    def rows(chart: Any, *fields: str) -> list[dict[str, Any]]:
        found = [row for data in chart.to_dict(validate=False)["datasets"].values() for row in data]
        return [row for row in found if set(fields) <= row.keys()]

    return rows


@pytest.fixture(scope="session")
def written() -> Callable[[Any], list[str]]:
    """The texts that a chart shows: each on one line, with usual spaces."""

    def texts(chart: Any) -> list[str]:
        drawn = ET.fromstring(charts.svg(chart)).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - ours
        return [re.sub(r"\s+", " ", " ".join(each.itertext())) for each in drawn]

    return texts


@pytest.fixture(scope="session")
def walk() -> Callable[[Any], Iterator[tuple[str, Any]]]:
    """Every key of a specification with its value, its data left out."""

    def walked(spec: Any) -> Iterator[tuple[str, Any]]:
        if isinstance(spec, dict):
            for key, value in spec.items():
                if key != "datasets":
                    yield key, value
                    yield from walked(value)
        elif isinstance(spec, list):
            for value in spec:
                yield from walked(value)

    return walked
