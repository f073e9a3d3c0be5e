"""Pages in Debian's Chromium, without a network; without a browser the tests are skipped, and say so."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from watched import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - needed with a browser only

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def watched(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A page that may reach nothing but what it is given, and whose errors are kept."""
    options: dict[str, Any] = getattr(request, "param", {})
    with chromium.new_context(offline=True, **options) as context:
        page = Watched(context.new_page())
        yield page
        assert page.faults == []
