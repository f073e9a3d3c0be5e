"""The documentation's site is built without a warning, has every page, and loads nothing from elsewhere."""

from __future__ import annotations

import importlib
import re
import tomllib
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from built import ROOT, site
from prai_match import model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
LOADING = {"audio", "embed", "iframe", "img", "link", "object", "script", "source", "video"}


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


def test_every_figure_is_shown_with_a_text_that_stands_for_it() -> None:
    pages = "".join((ROOT / "docs" / page).read_text("utf-8") for page in PAGES)
    shown = re.findall(r"!\[([^\]]*)\]\([^)]*figures/([^)]+)\)", pages)
    assert {name for _, name in shown} == {path.name for path in (ROOT / "docs" / "figures").iterdir()}
    assert [name for text, name in shown if len(text.split()) < 5] == []


def test_the_site_is_whole_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    built = site(tmp_path)  # once: it takes seconds
    every_page_is_built(built)
    every_page_says_its_language(built)
    nothing_is_loaded_from_elsewhere(built)
    every_field_of_a_model_is_in_the_reference(built)
    every_public_name_is_in_the_reference(built)
    what_a_function_returns_is_told_in_one_row(built)


def every_page_is_built(built: Path) -> None:
    found = {str(page.relative_to(built)) for page in built.rglob("*.html")}
    assert found == {page.removesuffix(".md").replace("README", "index") + ".html" for page in PAGES} | {"404.html"}


def every_page_says_its_language(built: Path) -> None:
    contents = {"en": "On this page", "fr": "Table des matières"}
    for page in built.rglob("*.html"):
        lang = "fr" if page.relative_to(built).parts[0] == "fr" else "en"
        text = page.read_text("utf-8")
        assert re.findall(r'<html lang="(\w+)"', text) == [lang], page
        assert f'aria-label="{contents[lang]}"' in text, page


def nothing_is_loaded_from_elsewhere(built: Path) -> None:
    pages = list(built.rglob("*.html"))
    loads = {load for page in pages for load in Loads(page).found}
    assert any(load.endswith(".css") for load in loads)
    assert [load for load in loads if re.match(r"(https?:)?//", load)] == []
    styles = "".join(path.read_text("utf-8") for path in built.rglob("*.css"))
    inline = "".join("".join(re.findall(r"<style.*?</style>", page.read_text("utf-8"), re.DOTALL)) for page in pages)
    assert re.findall(r"""(?:url\(|@import\s*)["']?(?:https?:)?//[^)]*""", styles + inline) == []


def every_public_name_is_in_the_reference(built: Path) -> None:
    written = {path.stem: path.read_text("utf-8") for path in (built / "reference" / "api").glob("*.html")}
    for name, page in written.items():
        special = set(re.findall(r'id="[^"]+\.(__\w+__)"', page))
        assert special <= {"__init__", "__getitem__", "__sub__"}
        places = set(re.findall(r'id="([^"]+)"', page)) | set(re.findall(r'href="[^"#]*#([^"]+)"', page))
        for public in importlib.import_module(name).__all__:
            if f"{name}.{public}" not in written:
                assert any(place == f"{name}.{public}" or place.endswith(f".{public}") for place in places), public


def every_field_of_a_model_is_in_the_reference(built: Path) -> None:
    page = (built / "reference" / "api" / "prai_match.model.html").read_text("utf-8")
    for name in model.__all__:
        for field in getattr(getattr(model, name), "model_fields", ()):
            assert f'id="prai_match.model.{name}.{field}"' in page, f"{name}.{field}"


def what_a_function_returns_is_told_in_one_row(built: Path) -> None:
    pages = "".join(page.read_text("utf-8") for page in (built / "reference" / "api").glob("*.html"))
    told = re.findall(r"Returns:</span></p>\s*<table>(.*?)</table>", pages, re.DOTALL)
    assert {table.count("doc-section-item") for table in told} == {1}
