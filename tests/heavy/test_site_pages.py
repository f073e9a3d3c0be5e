"""Every page of the documentation's site in Chromium, from a folder, without a network; and the figures drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import build_figures
from built import ROOT, site
from watched import Watched

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from goldens import Golden


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_their_window_and_ask_nothing_of_a_network(built: Path, chromium: Browser, width: int) -> None:
    with chromium.new_context(offline=True, viewport={"width": width, "height": 900}) as context:
        watched = Watched(context.new_page())
        for path in sorted(built.rglob("*.html")):
            if path.name != "404.html":  # it is a server's: its links begin at the root
                page = watched.open(path)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        assert watched.faults == []


@pytest.mark.parametrize(("typed", "found"), [("regional_bound", "prai_match.plan"), ("intervenant", "intervenant")])
def test_the_search_finds_pages_in_both_languages(built: Path, chromium: Browser, typed: str, found: str) -> None:
    with chromium.new_context(offline=True) as context:
        watched = Watched(context.new_page())
        page = watched.open(built / "fr" / "index.html")
        page.keyboard.press("Control+k")
        page.get_by_placeholder("Search").fill(typed)
        page.locator("li:has(mark)", has_text=found).first.wait_for(timeout=10_000)
        assert watched.faults == []


def test_figures_are_drawn_by_the_code(golden: Golden) -> None:
    drawn = build_figures.figures()
    folder = ROOT / "docs" / "figures"
    for name, text in drawn.items():
        golden(folder / name, text)
    assert {path.name for path in folder.iterdir()} == drawn.keys()
    assert max(len(text) for text in drawn.values()) < 100_000
