"""Settings and fixtures of the whole suite."""

from __future__ import annotations

import gc
import shutil
from contextlib import nullcontext
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

from folder_by_hand import FILES
from prai_match import io
from region import Region
from thorough import MOST
from traced import untraced

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# The same examples every time, and nothing that depends on the clock. What `find` finds needs no explanation, which takes
# longer than finding it.
settings.register_profile(
    "thorough",
    max_examples=MOST,
    deadline=None,
    derandomize=True,
    phases=[phase for phase in Phase if phase is not Phase.explain],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("suite", settings.get_profile("thorough"), max_examples=MOST // 3)
# To look for more: pytest --hypothesis-profile=search
settings.register_profile("search", max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("suite")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Measure no coverage of a law, nor of what is marked as not traced."""
    law = hasattr(getattr(item, "obj", None), "hypothesis")
    with untraced() if law or item.get_closest_marker("untraced") else nullcontext():
        return (yield)


def pytest_collection_finish() -> None:
    """Look no more for garbage in what was imported: it stays as long as the suite."""
    gc.freeze()


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
