"""A browser's page of which everything that goes wrong is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page, Request

_DOCUMENT = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Affichage</title></head>
<body style="background: {background}; color: {color}; font-family: sans-serif"><main><h1>Affichage</h1>{body}</main>
</body></html>"""
THEMES = {"light": ("#fff", "#111"), "dark": ("#111", "#eee")}


class Watched:
    """A page; ``faults`` has its requests to the network, its errors, and the attacks that ran."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.expose_function("attacked", lambda: self.faults.append("an attack ran"))
        page.on("request", self._requested)
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("dialog", self._asked)

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "about:", "blob:")):
            self.faults.append(f"request: {request.url}")

    def _asked(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.faults.append(f"{kind}: {text}")

    def open(self, path: Path) -> Page:
        """Open a file."""
        self.page.goto(path.as_uri(), wait_until="load")
        return self.page

    def show(self, fragment: str, path: Path, theme: str = "light") -> Page:
        """Open a fragment of HTML as a notebook in a theme shows it, by way of a file."""
        background, color = THEMES[theme]
        page = _DOCUMENT.replace("{background}", background).replace("{color}", color).replace("{body}", fragment)
        path.write_text(page, "utf-8")
        return self.open(path)

    def violations(self, **options: Any) -> list[str]:
        """What axe finds wrong with the page, and where."""
        import axe_playwright_python  # noqa: PLC0415 - needed with a browser only

        script = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
        self.page.evaluate(script)
        asked = json.dumps({"resultTypes": ["violations"], **options})  # what passes takes as long to tell
        found = self.page.evaluate(f"axe.run(document, {asked}).then(found => found.violations)")
        return [
            f"{violation['id']}: {node['html'][:200]} ({node['failureSummary'][:200]})"
            for violation in found
            for node in violation["nodes"]
        ]
