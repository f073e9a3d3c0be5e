"""The documentation's site is built without a warning, has every page, and loads nothing from elsewhere."""

from __future__ import annotations

import importlib
import re
import tomllib
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

import _api
import build_docs
from built import ROOT, site
from prai_match import Programme, model

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
        for inner in [entry] if isinstance(entry, str) else entry.values():
            if isinstance(inner, str):
                yield inner
            else:
                yield from in_nav(inner)


def test_every_page_is_in_the_navigation_once() -> None:
    text = (ROOT / "zensical.toml").read_text("utf-8")
    assert sorted(in_nav(tomllib.loads(text)["project"]["nav"])) == sorted(PAGES)
    assert build_docs.configuration(text) == text, "python scripts/build_docs.py writes it"


def test_pages_have_names_of_their_own_where_capitals_are_none() -> None:
    assert len({page.casefold() for page in PAGES}) == len(PAGES)


def test_what_one_begins_with_is_first_in_the_reference() -> None:
    pages = list(in_nav(_api.navigation()))
    names = ("prai_match", "prai_match/Programme", "prai_match/Recommendations", "prai_match/Recommendation")
    assert pages[:4] == [f"reference/api/{name}.md" for name in names]
    page = (ROOT / "docs" / pages[1]).read_text("utf-8")
    table, _, rest = page.partition("::: prai_match.Programme")
    assert rest
    methods = {name for name, value in vars(Programme).items() if callable(value) and not name.startswith("_")}
    assert methods <= set(re.findall(r"^\| \[`(\w+)`\]", table, re.MULTILINE))


def test_a_module_that_has_no_place_in_the_reference_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        _api.modules.cache_clear()
        without.setitem(_api.ORDER["modules"], "Show the results", [])
        with pytest.raises(LookupError, match=r"prai_match\.charts"):
            _api.modules()
    _api.modules.cache_clear()
    assert "prai_match.charts" in _api.modules()


def test_every_figure_is_shown_with_a_text_that_stands_for_it() -> None:
    pages = "".join((ROOT / "docs" / page).read_text("utf-8") for page in PAGES)
    drawn = r'srcset="[^"]*figures/(\w+)_narrow\.svg"><img src="[^"]*figures/(\w+)\.svg" alt="([^"]+)">'
    shown = re.findall(drawn, pages)
    assert [narrow for narrow, wide, text in shown if narrow != wide or len(text.split()) < 5] == []
    names = {f"{name}{end}.svg" for name, *_ in shown for end in ("", "_narrow")}
    assert names == {path.name for path in (ROOT / "docs" / "figures").iterdir()}


def test_the_site_is_whole_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    built = site(tmp_path)  # once: it takes seconds
    every_page_is_built(built)
    every_page_says_its_language(built)
    each_page_leads_to_the_other_language(built)
    the_projects_own_pages_are_whole(built)
    a_page_that_is_missing_needs_no_other_file(built)
    nothing_is_loaded_from_elsewhere(built)
    every_field_of_a_model_is_in_the_reference(built)
    every_public_name_is_in_the_reference(built)
    what_a_function_returns_is_told_once(built)


def every_page_is_built(built: Path) -> None:
    found = {str(page.relative_to(built)) for page in built.rglob("*.html")}
    assert found == {page.removesuffix(".md").replace("README", "index") + ".html" for page in PAGES} | {"404.html"}


def every_page_says_its_language(built: Path) -> None:
    contents = {"en": "On this page", "fr": "Table des matières"}
    for page in whole_pages(built):
        lang = "fr" if page.relative_to(built).parts[0] == "fr" else "en"
        text = page.read_text("utf-8")
        assert re.findall(r'<html lang="(\w+)"', text) == [lang], page
        assert f'aria-label="{contents[lang]}"' in text, page


def whole_pages(built: Path) -> list[Path]:
    return [page for page in built.rglob("*.html") if page.name != "404.html"]


def each_page_leads_to_the_other_language(built: Path) -> None:
    """To the page that its line names; both of a pair name each other."""
    led = {}
    for page in whole_pages(built):
        (switch,) = re.findall(r'<a class="md-header__button language" href="([^"]+)"', page.read_text("utf-8"))
        led[page] = (page.parent / switch).resolve()
    assert set(led.values()) <= led.keys()
    assert all(led[page].is_relative_to(built / "fr") != page.is_relative_to(built / "fr") for page in led)
    firsts = {built / "index.html", built / "fr" / "index.html"}
    paired = {page for page, other in led.items() if other not in firsts}
    assert len(paired) > 30
    assert all(led[led[page]] == page for page in paired | firsts)


def the_projects_own_pages_are_whole(built: Path) -> None:
    for name, title in (("changelog", "Unreleased"), ("contributing", "Adding a rule")):
        assert re.search(rf"<h2[^>]*>\[?{title}\b", (built / f"{name}.html").read_text("utf-8")), name


def a_page_that_is_missing_needs_no_other_file(built: Path) -> None:
    """It is given for addresses of any depth, so that what it would load is found from none or from one."""
    assert Loads(built / "404.html").found == []
    assert "<style>" in (built / "404.html").read_text("utf-8")


def nothing_is_loaded_from_elsewhere(built: Path) -> None:
    pages = list(built.rglob("*.html"))
    loads = {load for page in pages for load in Loads(page).found}
    assert any(load.endswith(".css") for load in loads)
    assert [load for load in loads if re.match(r"(https?:)?//", load)] == []
    styles = "".join(path.read_text("utf-8") for path in built.rglob("*.css"))
    inline = "".join("".join(re.findall(r"<style.*?</style>", page.read_text("utf-8"), re.DOTALL)) for page in pages)
    assert re.findall(r"""(?:url\(|@import\s*)["']?(?:https?:)?//[^)]*""", styles + inline) == []


def every_public_name_is_in_the_reference(built: Path) -> None:
    folder = built / "reference" / "api"
    written = {
        page.relative_to(folder).with_suffix("").as_posix(): page.read_text("utf-8") for page in folder.rglob("*.html")
    }
    special = set(re.findall(r'id="[^"]+\.(__\w+__)"', "".join(written.values())))
    assert special <= {"__init__", "__getitem__", "__sub__"}
    for name in filter(lambda name: "/" not in name, written):
        for public in importlib.import_module(name).__all__:
            own, linked = f"{name}/{public}", re.findall(rf'href="([^"#]+/{public})\.html"', written[name])
            if own in written:
                assert f'id="{name}.{public}"' in written[own]
            else:
                assert linked or f'id="{name}.{public}"' in written[name] or f"{name}.{public}" in written, public


def every_field_of_a_model_is_in_the_reference(built: Path) -> None:
    for name in model.__all__:
        page = (built / "reference" / "api" / "prai_match.model" / f"{name}.html").read_text("utf-8")
        for field in getattr(getattr(model, name), "model_fields", ()):
            assert f'id="prai_match.model.{name}.{field}"' in page, f"{name}.{field}"


def what_a_function_returns_is_told_once(built: Path) -> None:
    pages = "".join(page.read_text("utf-8") for page in (built / "reference" / "api").rglob("*.html"))
    told = re.findall(r"Returns:</span></p>\s*<ul>(.*?)</ul>", pages, re.DOTALL)
    assert {one.count("doc-section-item") for one in told} == {1}
