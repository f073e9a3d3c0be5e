"""Every page of the documentation's site in Chromium, from a folder, without a network; and the figures drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

import build_figures
from built import ROOT, site
from watched import Watched

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from goldens import Golden

MAIN = (
    "index",
    "why",
    "tutorial",
    "cookbook",
    "faq",
    "fr/index",
    "fr/tutoriel",
    "fr/questions",
    "how_to/planning",
    "explanation/policy",
    "reference/performance",
    "reference/api/prai_match",
    "404",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_their_window_and_ask_nothing_of_a_network(built: Path, chromium: Browser, width: int) -> None:
    with chromium.new_context(offline=True, viewport={"width": width, "height": 900}) as context:
        watched = Watched(context.new_page())
        for path in sorted(built.rglob("*.html")):
            page = watched.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        assert watched.faults == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_main_pages_can_be_read_by_all(
    built: Path, chromium: Browser, width: int, theme: Literal["light", "dark"]
) -> None:
    with chromium.new_context(offline=True, viewport={"width": width, "height": 900}, color_scheme=theme) as context:
        watched = Watched(context.new_page())
        for name in MAIN:
            watched.open(built / f"{name}.html")
            assert watched.violations(preload=False, runOnly=["wcag2a", "wcag2aa", "wcag21aa"]) == [], name


def test_figures_keep_their_letters_on_a_phone(built: Path, chromium: Browser) -> None:
    with chromium.new_context(offline=True, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        for name in ("index", "fr/index", "how_to/planning", "how_to/simulation", "explanation/score"):
            page.goto((built / f"{name}.html").as_uri())
            images = page.locator("article picture > img").all()
            assert images
            for image in images:
                assert image.evaluate("image => image.currentSrc").endswith("_narrow.svg"), name
                assert image.evaluate("image => image.clientWidth / image.naturalWidth") > 0.85, name


def test_the_page_of_a_missing_address_is_styled_from_a_folder_too(built: Path, chromium: Browser) -> None:
    with chromium.new_context(offline=True, color_scheme="dark") as context:
        watched = Watched(context.new_page())
        page = watched.open(built / "404.html")
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 21, 26)"
        assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"
        led = page.evaluate("[...document.links].map(link => link.href)")
        assert led == [(built / name).as_uri() for name in ("index.html", "fr/index.html")]
        assert watched.faults == []


@pytest.mark.parametrize(("typed", "found"), [("regional_bound", "RegionalPlan"), ("intervenant", "intervenant")])
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
