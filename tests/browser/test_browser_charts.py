"""Charts in a browser, offline: attacks in their data stay text, in marks and in what shows on hovering."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from hostile import hostile_policy, hostile_programme
from made import ON
from prai_match import charts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from watched import Watched


PROGRAMME = hostile_programme()
RECS = PROGRAMME.recommend(on=ON, policy=hostile_policy())
CHARTS: dict[str, Callable[[], Any]] = {
    "contributions": lambda: charts.contributions(next(rec for rec in RECS if rec.offer)),
    "follow_ups": lambda: charts.follow_ups(RECS),
    "territories": lambda: charts.territory_map(RECS),
    "coverage": lambda: charts.territory_map(RECS, by="coverage"),
    "calendar": lambda: charts.calendar(PROGRAMME),
    "shares": lambda: charts.shares(PROGRAMME),
    "lorenz": lambda: charts.lorenz(PROGRAMME),
    "needs": lambda: charts.need_counts(PROGRAMME),
}


@pytest.mark.parametrize("name", CHARTS)
def test_attacks_stay_text_in_marks_and_tooltips(watched: Watched, tmp_path: Path, name: str) -> None:
    chart = CHARTS[name]()
    chart.save(tmp_path / "chart.html", inline=True)
    page = watched.open(tmp_path / "chart.html")
    marks = page.locator("#vis :is(canvas, svg)").first
    marks.wait_for()
    assert page.locator("#vis :is(script, img, iframe), #vis :not(.vega-actions) > a").count() == 0
    box = marks.bounding_box()
    assert box is not None
    for across in range(1, 12):
        for down in range(1, 8):
            page.mouse.move(box["x"] + across * box["width"] / 12, box["y"] + down * box["height"] / 8)
    page.wait_for_timeout(200)
    assert page.locator("#vg-tooltip-element :is(script, img, svg, a)").count() == 0


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_in_a_page_is_inert_and_named(watched: Watched, tmp_path: Path, name: str) -> None:
    drawn = charts.svg(CHARTS[name]())
    page = watched.show(drawn, tmp_path / "page.html")
    assert page.locator("main svg").count() == 1
    assert page.locator("main svg :is(script, foreignObject, image, a)").count() == 0
    assert (
        page.locator("main svg *").evaluate_all(
            "all => all.some(each => [...each.attributes].some(a => a.name.startsWith('on')))"
        )
        is False
    )
    assert re.search(r"<(title|desc)\b|aria-label", drawn)
    off = {rule: {"enabled": False} for rule in ("region", "heading-order")}
    assert watched.violations(rules=off) == []
