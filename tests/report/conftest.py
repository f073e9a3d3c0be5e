"""Pages of the small programme, made once, and a reader of pages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from made import FREEZE, ON, programme, with_policy
from prai_match import Programme, report

if TYPE_CHECKING:
    from prai_match import Recommendations


@pytest.fixture(scope="session")
def small_recs() -> Recommendations:
    """The small programme's recommendations."""
    return programme().recommend(on=ON)


@pytest.fixture(scope="session")
def page_fr(small_recs: Recommendations) -> str:
    return report.html(small_recs, lang="fr", service="Direction <de la> formation")


@pytest.fixture(scope="session")
def page_en(small_recs: Recommendations) -> str:
    return report.html(small_recs, lang="en")


@pytest.fixture(scope="session")
def page_frozen() -> str:
    """The small programme's page on a day whose offers have no open day."""
    return report.html(programme().recommend(on=FREEZE), lang="fr")


@pytest.fixture(scope="session")
def region_recs() -> Recommendations:
    """The bundled region's recommendations."""
    return with_policy(Programme.example()).recommend(on=dt.date(2007, 9, 3))
