"""The documentation's site is built without a warning, has every page, and loads nothing from elsewhere."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from shutil import copy, copytree
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGES = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
LOADING = {"audio", "embed", "iframe", "img", "link", "object", "script", "source", "video"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    copy(ROOT / "zensical.toml", folder)
    copytree(ROOT / "docs", folder / "docs")
    copytree(ROOT / "scripts", folder / "scripts")
    copytree(
        ROOT / "src", folder / "src", ignore=lambda _, names: [name for name in names if name.endswith(".parquet")]
    )
    run = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "site"


class Loads(HTMLParser):
    """What a page loads by itself: not the links that a reader may follow."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LOADING:
            self.found += [value for name, value in attrs if name in {"src", "href", "data", "srcset"} and value]


def in_nav(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        for inner in entry.values():
            if isinstance(inner, str):
                yield inner
            else:
                yield from in_nav(inner)


def test_every_page_is_in_the_navigation_once() -> None:
    listed = list(in_nav(tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"]))
    assert sorted(listed) == sorted(PAGES)


def test_every_page_is_built(site: Path) -> None:
    built = {str(page.relative_to(site)) for page in site.rglob("*.html")}
    assert built == {page.removesuffix(".md").replace("README", "index") + ".html" for page in PAGES} | {"404.html"}


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    loads = {load for page in pages for load in Loads(page).found}
    assert any(load.endswith(".css") for load in loads)
    assert [load for load in loads if re.match(r"(https?:)?//", load)] == []
    styles = "".join(path.read_text("utf-8") for path in site.rglob("*.css"))
    inline = "".join("".join(re.findall(r"<style.*?</style>", page.read_text("utf-8"), re.DOTALL)) for page in pages)
    assert re.findall(r"""(?:url\(|@import\s*)["']?(?:https?:)?//[^)]*""", styles + inline) == []


def test_every_public_name_is_in_the_reference(site: Path) -> None:
    written = {path.stem: path.read_text("utf-8") for path in (site / "reference" / "api").glob("*.html")}
    for name, page in written.items():
        places = set(re.findall(r'id="([^"]+)"', page)) | set(re.findall(r'href="[^"#]*#([^"]+)"', page))
        for public in importlib.import_module(name).__all__:
            if f"{name}.{public}" not in written:
                assert any(place == f"{name}.{public}" or place.endswith(f".{public}") for place in places), public
