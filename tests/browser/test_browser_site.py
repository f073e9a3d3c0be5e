"""The documentation's site in a browser: axe finds nothing, nothing but code scrolls sideways, in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from built import ROOT, site

if TYPE_CHECKING:
    from pathlib import Path

    from watched import Watched

PAGES = sorted(
    str(page.relative_to(ROOT / "docs").with_suffix(".html"))
    for folder in ("", "fr", "explanation", "how_to", "fr/guides")
    for page in (ROOT / "docs" / folder).glob("*.md")
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site(tmp_path_factory.mktemp("site"))


@pytest.mark.parametrize(
    "watched",
    [
        {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
        {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    ],
    indirect=True,
    ids=["desk", "phone"],
)
def test_axe_finds_nothing_and_pages_fit(built: Path, watched: Watched) -> None:
    found = {}
    for name in PAGES:
        page = watched.open(built / name)
        too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if faults := [*watched.violations(preload=False), *(["scrolls sideways"] if too_wide else [])]:
            found[name] = faults
    assert found == {}
