"""The marimo notebook of examples/ as an application in a browser: it shows all it has, and follows its sliders.

Screenshots are left in the test's folder, and their place is printed: they are there to be looked at.
"""

from __future__ import annotations

import os
import runpy
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route


NOTEBOOK = Path(__file__).parents[2] / "examples" / "season.py"
_HOST = "127.0.0.1"
_PATIENCE = 120.0
_HEIGHT = 2600
"""Of the window, in pixels: the application scrolls within it, and a screenshot has what is seen."""


def test_a_program_runs_it_with_values_of_its_own() -> None:
    chosen = {"lang": "en", "weeks": 6, "budget": 5_000, "seconds": 0, "equity": 40, "needs": 18, "follow_ups": 18}
    app = runpy.run_path(str(NOTEBOOK))["app"]
    outputs, names = app.run({name: SimpleNamespace(value=value) for name, value in chosen.items()})
    assert names["plan"].sessions.filter(booked=False)["cost"].sum() <= chosen["budget"]
    assert names["policy"].preference("equity").weight == chosen["equity"]
    assert (names["recs"] - names["usual"]).changes()
    shown = "\n".join(output.text for output in outputs if hasattr(output, "text"))
    assert "Plan from 3 September 2007 to 15 October 2007" in shown


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the notebook is served as an application, with no settings of the user's own."""
    folder = tmp_path_factory.mktemp("marimo")
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "marimo", "-q", "run", str(NOTEBOOK), "--headless", "--no-token"]
    settings = folder / "marimo" / "marimo.toml"
    settings.parent.mkdir()
    settings.write_text('[display]\ntheme = "system"\n', "utf-8")
    homes = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    environment = {**os.environ, **homes, "MARIMO_SKIP_UPDATE_CHECK": "1"}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, f"--host={_HOST}", f"--port={port}"], env=environment, stdout=log, stderr=log
        )
        try:
            _wait(f"http://{_HOST}:{port}/health", server, folder / "server.log")
            yield f"http://{_HOST}:{port}"
        finally:
            server.terminate()
            server.wait(30)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except urllib.error.URLError:
            time.sleep(0.3)
    pytest.fail("marimo doesn't answer:\n" + log.read_text("utf-8"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_shows_all_it_has_and_follows_its_sliders(
    address: str, chromium: Browser, tmp_path: Path, theme: Any
) -> None:
    away: list[str] = []
    errors: list[str] = []

    def stay(route: Route) -> None:
        if urlsplit(route.request.url).hostname in {_HOST, None}:
            route.continue_()
        else:
            away.append(route.request.url)
            route.abort()

    with chromium.new_context(viewport={"width": 1280, "height": _HEIGHT}, color_scheme=theme) as context:
        context.set_default_timeout(_PATIENCE * 1000)
        context.route("**/*", stay)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        page.get_by_role("heading", name="Plan du 3 septembre 2007").wait_for()
        page.locator("img[src^='data:image/svg']:visible").first.wait_for()
        _photograph(page, tmp_path / f"{theme}_fr.png")
        page.get_by_text("English", exact=True).click()
        page.get_by_role("heading", name="Plan from 3 September 2007 to 29 October 2007").wait_for()
        weeks = page.get_by_role("slider").first
        weeks.focus()
        weeks.press("ArrowRight")
        page.get_by_role("heading", name="Plan from 3 September 2007 to 5 November 2007").wait_for()
        page.get_by_role("tab", name="Carte").click()
        _photograph(page, tmp_path / f"{theme}_en.png")
        shown = page.locator("body").inner_text()
        assert "CC des Portes d'Ariège Pyrénées" in shown
        assert "Traceback" not in shown
        assert page.evaluate(
            "document.documentElement.classList.contains('dark') || document.body.classList.contains('dark')"
        ) == (theme == "dark")
    assert errors == []
    assert away == []


def _photograph(page: Page, path: Path) -> None:
    """Save what is seen once everything is computed: what waits for it is pale."""
    page.wait_for_function("!document.querySelector('.marimo-output-stale, [data-testid=loading-indicator]')")
    page.wait_for_timeout(1500)
    page.screenshot(path=path)
    print(f"screenshot: {path}")  # noqa: T201 - where to look
