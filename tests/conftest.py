"""Fixtures of the whole suite."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest

from folder_by_hand import FILES
from goldens import Golden, beside
from prai_match import io, language
from region import Region

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.fixture(autouse=True)
def _language(request: pytest.FixtureRequest) -> Iterator[None]:
    """Read English where a test names no language, as it is written in it, but for those marked as French."""
    if request.node.get_closest_marker("french"):
        yield
        return
    with language("en"):
        yield


@pytest.fixture
def english() -> Iterator[None]:
    """Read English all the same, where the tests around read French."""
    with language("en"):
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare texts with those in ``golden``, beside the test's module."""
    return Golden(beside(request.path), request.config.getoption("golden") == "write")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A programme written by hand, without byte-order marks."""
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


@pytest.fixture(scope="session")
def region() -> Iterator[Region]:
    """The bundled region."""
    with as_file(files("prai_match").joinpath("data", "midi_pyrenees")) as folder:
        yield Region(folder, io.load(folder).programme)
