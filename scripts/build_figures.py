"""Draw the figures of the documentation, in docs/figures: ``python scripts/build_figures.py``.

They show the bundled region; the same code and version of the drawing library give the same bytes.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from prai_match import Programme, Recommendations, charts
from prai_match.model import Text
from prai_match.plan import Plan
from prai_match.simulate import Outcomes, Scenario

FOLDER = Path(__file__).parents[1] / "docs" / "figures"
DAY, TERRITORY = dt.date(2007, 9, 3), "200066231"


def figures() -> dict[str, str]:
    """Return each figure by the name of its file, and another, ``…_narrow.svg``, for phones."""
    with charts.narrow():
        small = {name.replace(".svg", "_narrow.svg"): text for name, text in _drawn().items()}
    return {name: _with_dark_page(text) for name, text in (_drawn() | small).items()}


def _drawn() -> dict[str, str]:
    recs, season, outcomes = _region()
    return {
        "map_en.svg": charts.svg(charts.territory_map(recs, lang="en"), "en"),
        "map_fr.svg": charts.svg(charts.territory_map(recs, lang="fr"), "fr"),
        "contributions_en.svg": charts.svg(charts.contributions(recs[TERRITORY], lang="en"), "en"),
        "contributions_fr.svg": charts.svg(charts.contributions(recs[TERRITORY], lang="fr"), "fr"),
        "follow_ups_en.svg": charts.svg(charts.follow_ups(recs, lang="en"), "en"),
        "plan_en.svg": charts.svg(charts.plan_calendar(season, lang="en"), "en"),
        "plan_fr.svg": charts.svg(charts.plan_calendar(season, lang="fr"), "fr"),
        "served_en.svg": charts.svg(charts.fan(outcomes, lang="en"), "en"),
    }


@cache
def _region() -> tuple[Recommendations, Plan, Outcomes]:
    programme = Programme.example()
    season = programme.plan(DAY, dt.date(2007, 12, 31), time_limit=0)
    now = Scenario(name="now", label=Text(fr="Comme aujourd’hui", en="As today"))
    less = now.with_("less", budget_times=0.5, label=Text(fr="Budget réduit de moitié", en="Half the budget"))
    outcomes = programme.simulate([now, less], dt.date(2007, 9, 1), dt.date(2008, 6, 30), replications=20)
    return programme.recommend(on=DAY), season, outcomes


def _with_dark_page(image: str) -> str:
    """Let an image that stands in a page of its own file follow the reader's theme."""
    style = f"<style>@media (prefers-color-scheme: dark) {{ {charts.dark('svg')} }}</style>"
    return image.replace(">", f">{style}", 1)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in figures().items():
        (FOLDER / name).write_text(text, "utf-8")
