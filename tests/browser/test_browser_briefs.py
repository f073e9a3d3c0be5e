"""The briefs of sessions on paper: two A4 pages each, whatever their texts."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from hostile import ATTACK, hostile_policy, hostile_programme
from made import ON
from prai_match import Programme
from prai_match.text import plain

if TYPE_CHECKING:
    from pathlib import Path

    from watched import Watched


@pytest.mark.parametrize(("name", "on"), [("midi_pyrenees", ON), ("occitanie_2026", dt.date(2026, 10, 5))])
def test_a_brief_prints_on_two_pages(watched: Watched, tmp_path: Path, name: str, on: dt.date) -> None:
    recs = Programme.example(name).recommend(on)
    season = recs.together()
    briefs = [season.brief(code, "fr") for code in season.sessions["id"]]
    fullest = sorted((brief.page() for brief in briefs), key=len)[-3:]
    for number, html in enumerate(fullest):
        path = tmp_path / f"{number}.html"
        path.write_text(html, "utf-8")
        printed = watched.open(path).pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2


def test_attacks_stay_text(watched: Watched, tmp_path: Path) -> None:
    recs = hostile_programme().recommend(ON, policy=hostile_policy())
    rec = next(rec for rec in recs if rec.next)
    path = tmp_path / "brief.html"
    path.write_text(rec.brief("fr").page(), "utf-8")
    assert plain(ATTACK)[:60] in watched.open(path).inner_text("body")
