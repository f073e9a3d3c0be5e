"""The notebooks of examples/ as JupyterLab shows them, run and trusted, in its light and its dark theme.

Screenshots are left in the test's folder, and their place is printed: they are there to be looked at.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import nbformat
import pytest
from nbclient import NotebookClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route


EXAMPLES = Path(__file__).parents[2] / "examples"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
_WIDTH, _HEIGHT, _STEP = 1280, 1600, 1500
_HOST = "127.0.0.1"
_PATIENCE = 120.0
_SETTINGS: dict[str, dict[str, Any]] = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    # Every cell is on the page, not only those in view.
    "notebook-extension/tracker": {"windowingMode": "none", "scrollPastEnd": False},
}


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: where it is, and the notebooks that it serves."""

    url: str
    token: str
    folder: Path
    notebooks: dict[str, Any]

    def theme(self, name: str) -> None:
        """Set the theme of pages opened from now on."""
        _settings(self.folder, {"apputils-extension/themes": {"theme": THEMES[name]}})


def _settings(folder: Path, settings: dict[str, dict[str, Any]]) -> None:
    for name, values in settings.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that takes the place of the user's own: nothing is read from those, nor written to them."""
    folder = tmp_path_factory.mktemp("lab")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "TMPDIR"):
            (folder / name.lower()).mkdir()
            patch.setenv(name, str(folder / name.lower()))
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(folder / "settings"))
        patch.setenv("JUPYTERLAB_WORKSPACES_DIR", str(folder / "workspaces"))
        yield folder


def _executed(folder: Path) -> dict[str, Any]:
    """Run each notebook, write it beside the others, and trust it."""
    served = folder / "served"
    served.mkdir()
    notebooks = {}
    for path in sorted(EXAMPLES.glob("*.ipynb")):
        notebook = nbformat.read(path, 4)  # type: ignore[no-untyped-call]
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
        nbformat.write(notebook, served / path.name)  # type: ignore[no-untyped-call]
        notebooks[path.stem] = notebook
    trusted = [str(served / f"{name}.ipynb") for name in notebooks]
    subprocess.run([sys.executable, "-m", "jupyter", "trust", *trusted], check=True)
    return notebooks


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[Lab]:
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed (make check-all installs it)")
    _settings(folder, _SETTINGS)
    notebooks = _executed(folder)
    token = secrets.token_hex()
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ip={_HOST}", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder / 'served'}", "--LabApp.news_url="]
    environment = {**os.environ, "JUPYTER_TOKEN": token}
    with (folder / "server.log").open("wb") as log:
        # In a group of its own, so that its kernels can be found whatever happens.
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            running = Lab(f"http://{_HOST}:{port}", token, folder, notebooks)
            _wait(running, server)
            yield running
        finally:
            _stop(server)


def _wait(lab: Lab, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{lab.url}/api?token={lab.token}", timeout=5):  # noqa: S310 - our own server
                return
        except urllib.error.URLError:
            time.sleep(0.3)
    pytest.fail("JupyterLab doesn't answer:\n" + (lab.folder / "server.log").read_text("utf-8"))


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server, which stops its kernels; what is left after a while is killed."""
    server.terminate()
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.ipynb")))
def test_a_notebook_shows_all_it_has(lab: Lab, chromium: Browser, tmp_path: Path, name: str, theme: str) -> None:
    lab.theme(theme)
    away: list[str] = []

    def stay(route: Route) -> None:
        if urlsplit(route.request.url).hostname in {_HOST, None}:
            route.continue_()
        else:
            away.append(route.request.url)
            route.abort()

    with chromium.new_context(viewport={"width": _WIDTH, "height": _HEIGHT}) as context:
        context.set_default_timeout(_PATIENCE * 1000)
        context.route("**/*", stay)
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("websocket", lambda socket: away.extend([] if urlsplit(socket.url).hostname == _HOST else [socket.url]))
        page.goto(f"{lab.url}/doc/tree/{name}.ipynb?token={lab.token}")
        cells = lab.notebooks[name].cells
        page.wait_for_function(f"document.querySelectorAll('.jp-Notebook .jp-Cell').length == {len(cells)}")
        page.wait_for_function("[...document.images].every(image => image.complete)")
        _photograph(page, tmp_path / f"{name}_{theme}")
        assert page.evaluate("document.body.dataset.jpThemeLight") == str(theme == "light").lower()
        assert _shown(page) == _expected(cells)
        assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").count() == 0
        assert _unreadable(page) == []
    assert (away, errors) == ([], [])


def _expected(cells: list[Any]) -> dict[str, int]:
    """How many displays and charts a notebook has."""
    outputs = [output.data for cell in cells for output in cell.get("outputs", []) if "data" in output]
    return {
        "displays": sum("text/html" in data for data in outputs),
        "charts": sum("image/svg+xml" in data for data in outputs),
    }


def _shown(page: Page) -> dict[str, int]:
    """How many have something to see: letters, or an image that was decoded."""
    displays = page.locator(".jp-RenderedHTML").all()
    charts = page.locator(".jp-RenderedSVG img").all()
    return {
        "displays": sum(bool(display.is_visible() and display.inner_text().strip()) for display in displays),
        "charts": sum(
            bool(chart.evaluate("image => image.naturalWidth > 100 && image.width > 100")) for chart in charts
        ),
    }


def _unreadable(page: Page) -> list[str]:
    """Texts of displays that stand out too little from what is behind them, by axe."""
    import axe_playwright_python  # noqa: PLC0415 - needed with a browser only

    page.evaluate(Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8"))
    asked = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
    found = page.evaluate(f"axe.run({{include: [['.jp-RenderedHTML']]}}, {json.dumps(asked)})")["violations"]
    return [node["html"][:200] for violation in found for node in violation["nodes"]]


def _photograph(page: Page, folder: Path) -> None:
    """Save the notebook from its top to its bottom, a screen at a time."""
    folder.mkdir()
    panel = page.locator(".jp-WindowedPanel-outer").first
    height = panel.evaluate("panel => panel.scrollHeight")
    for number, top in enumerate(range(0, height, _STEP)):
        panel.evaluate("(panel, top) => { panel.scrollTop = top }", top)
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"{number:02}.png")
    print(f"screenshots: {folder}")  # noqa: T201 - where to look
