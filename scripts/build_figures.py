"""Draw the figures of the documentation, in docs/figures: ``python scripts/build_figures.py``.

They show the bundled region; the same code and version of the drawing library give the same bytes.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from prai_match import Programme, charts
from prai_match.model import Text
from prai_match.simulate import Scenario

FOLDER = Path(__file__).parents[1] / "docs" / "figures"
DAY, TERRITORY = dt.date(2007, 9, 3), "200066231"


def figures() -> dict[str, str]:
    """Return each figure by the name of its file."""
    programme = Programme.example()
    recs = programme.recommend(on=DAY)
    season = programme.plan(DAY, dt.date(2007, 12, 31), time_limit=0)
    now = Scenario(name="now", label=Text(fr="Comme aujourd’hui", en="As today"))
    less = now.with_("less", budget_times=0.5, label=Text(fr="Budget réduit de moitié", en="Half the budget"))
    outcomes = programme.simulate([now, less], dt.date(2007, 9, 1), dt.date(2008, 6, 30), replications=20)
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


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in figures().items():
        (FOLDER / name).write_text(text, "utf-8")
