"""What notebooks show, in a browser: attacks stay text, tables sort, axe finds nothing, in both themes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hostile import hostile_policy, hostile_programme
from made import ON, programme
from prai_match import register
from watched import THEMES

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from prai_match import Programme
    from watched import Watched


def _objects(made: Programme, on: dt.date, **options: Any) -> dict[str, Any]:
    """One of each public object that a notebook shows."""
    recs = made.recommend(on=on, **options)
    rec = next(rec for rec in recs if rec.offer and rec.alternatives)
    other = rec.alternatives[0].session
    later = made.recommend(on=on + timedelta(days=90), **options)
    difference = later - recs
    return {
        "programme": made,
        "load report": made.load_report,
        "policy": recs.policy,
        "description": recs.policy.describe(),
        "graph": recs.follow_ups,
        "recommendations": recs,
        "recommendation": rec,
        "why": rec.why(),
        "why not": rec.why_not(session=other),
        "needed": rec.what_would_it_take(session=other),
        "difference": difference,
        "one difference": next(iter(difference), None),
        "notice": rec.notice(),
        "record": rec.record(),
        "fingerprint": rec.fingerprint,
        "matches": register.resolve([made.territories[0].name, "Foix", "Saint-Denis"]),
    }


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    return _objects(programme(), ON)


def _page(objects: dict[str, Any]) -> str:
    return "\n".join(
        f"<section><h2>{name}</h2>{each._repr_html_()}</section>" for name, each in objects.items() if each is not None
    )


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_wrong_with_what_notebooks_show(
    watched: Watched, shown: dict[str, Any], tmp_path: Path, theme: str
) -> None:
    watched.show(_page(shown), tmp_path / "page.html", theme)
    # A notebook's own page gives headings and landmarks: a fragment can't keep their order.
    off = {rule: {"enabled": False} for rule in ("heading-order", "region", "duplicate-id")}
    assert watched.violations(rules=off) == []


def test_attacks_in_every_text_stay_text(watched: Watched, tmp_path: Path) -> None:
    objects = _objects(hostile_programme(), ON, policy=hostile_policy())
    page = watched.show(_page(objects), tmp_path / "page.html")
    for details in page.locator("details").all():
        details.evaluate("details => { details.open = true }")
    assert page.locator("main :is(script:not([data-prai]), img, svg, iframe, a[href^=javascript])").count() == 0
    assert "<script>attacked()</script>" in page.inner_text("main")
    page.mouse.move(200, 200)
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room


def test_a_click_sorts_a_table_by_the_values_not_the_texts(
    watched: Watched, shown: dict[str, Any], tmp_path: Path
) -> None:
    page = watched.show(shown["recommendations"]._repr_html_(), tmp_path / "page.html")
    score = page.locator("th", has=page.locator("button", has_text="Score"))
    place = score.evaluate("cell => cell.cellIndex")

    def scores() -> list[float]:
        cells = page.locator(f"tbody tr :nth-child({place + 1})").all_inner_texts()
        return [float(cell.replace(",", ".")) for cell in cells if cell.strip()]

    score.locator("button").click()
    assert scores() == sorted(scores())
    assert score.get_attribute("aria-sort") == "ascending"
    score.locator("button").press("Enter")
    assert scores() == sorted(scores(), reverse=True)
    assert score.get_attribute("aria-sort") == "descending"
