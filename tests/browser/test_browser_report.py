"""The page of recommendations in a browser, offline: it sorts, filters, prints whole, and axe finds nothing."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from hostile import hostile_policy, hostile_programme
from made import ON, both, programme, small
from plan import plans
from prai_match import Programme, report

if TYPE_CHECKING:
    from playwright.sync_api import Page as Printed

    from prai_match.errors import Lang
    from watched import Watched


PHONE = {"width": 390, "height": 844}
FIGURES = Path(__file__).parents[2] / "docs" / "figures"
SAME_COLOURS = {"color-contrast": {"enabled": False}}
"""For pages with the colours of another that is held to all rules: contrasts take most of axe's time."""

_CUT = """
drawings => drawings.flatMap(drawing => {
    drawing.style.width = `${drawing.viewBox.baseVal.width}px`
    drawing.style.maxHeight = "none"
    const edge = drawing.getBoundingClientRect()
    return [...drawing.querySelectorAll("text")]
        .filter(text => text.textContent.trim())
        .filter(text => text.getBoundingClientRect().right > edge.right || text.getBoundingClientRect().left < edge.left)
        .map(text => text.textContent)
})
"""


@cache
def page_in(lang: Lang) -> str:
    return report.html(programme().recommend(on=ON), lang=lang)


REGIONS = {"midi_pyrenees": ON, "occitanie_2026": dt.date(2026, 9, 1)}


@cache
def _example_page(name: str) -> str:
    return report.html(Programme.example(name).recommend(REGIONS[name]), lang="fr")


def example_page(folder: Path, name: str = "midi_pyrenees") -> Path:
    path = folder / "report.html"
    path.write_text(_example_page(name), "utf-8")
    return path


def saved(folder: Path, lang: Lang = "fr") -> Path:
    path = folder / "report.html"
    path.write_text(page_in(lang), "utf-8")
    return path


@pytest.mark.parametrize(
    "watched",
    [
        {"color_scheme": "light", "bypass_csp": True},
        {"color_scheme": "dark", "bypass_csp": True},
        {"viewport": PHONE, "bypass_csp": True},
    ],
    indirect=True,
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_axe_finds_nothing(watched: Watched, tmp_path: Path, lang: Lang) -> None:
    page = watched.open(saved(tmp_path, lang))
    page.locator("#unfold").click()
    assert watched.violations(rules={} if lang == "fr" else SAME_COLOURS) == []


@pytest.mark.parametrize(
    ("watched", "rules"),
    [({"bypass_csp": True}, {}), ({"viewport": PHONE, "bypass_csp": True}, SAME_COLOURS)],
    indirect=["watched"],
)
def test_axe_finds_nothing_with_a_plan(watched: Watched, tmp_path: Path, rules: dict[str, Any]) -> None:
    path = tmp_path / "report.html"
    made = plans.programme()
    path.write_text(report.html(made.recommend(on=ON), plan=plans.planned(made)), "utf-8")
    page = watched.open(path)
    page.locator("#unfold").click()
    assert watched.violations(rules=rules) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("watched", [{}, {"viewport": PHONE}], indirect=True)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_isnt_known_stays_within_its_figure(watched: Watched, tmp_path: Path, lang: Lang) -> None:
    unpriced = programme(trainers=[{**trainer, "fee": None} for trainer in small()["trainers"]])
    path = tmp_path / "report.html"
    path.write_text(report.html(unpriced.recommend(on=ON), lang=lang), "utf-8")
    page = watched.open(path)
    figures = page.locator(".figures dd")
    assert figures.filter(has_text="inconnu" if lang == "fr" else "unknown").count()
    assert figures.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")


@pytest.mark.parametrize("watched", [{}, {"viewport": PHONE}], indirect=True)
def test_no_text_of_a_drawing_is_cut_in_a_wider_font(watched: Watched, tmp_path: Path) -> None:
    """Drawings are measured in Liberation Sans; DejaVu Sans, which many machines have instead, is wider."""
    catalogue = small()["catalogue"]
    for session in catalogue["workshops"]:
        session["name"] = both(f"Dématérialisation de {session['id']:.11}")
    made = plans.programme(catalogue=catalogue)
    path = tmp_path / "report.html"
    page_of_plan = report.html(made.recommend(on=ON), plan=plans.planned(made))
    path.write_text(page_of_plan.replace("Liberation Sans, Arial, Helvetica", "DejaVu Sans"), "utf-8")
    page = watched.open(path)
    cut = page.locator(".drawing svg").evaluate_all(_CUT)
    assert len(page.locator(".drawing svg").all()) > 2
    assert cut == []


@pytest.mark.parametrize("figure", sorted(FIGURES.iterdir()), ids=lambda path: path.stem)
def test_no_text_of_a_figure_of_the_docs_is_cut_in_a_wider_font(watched: Watched, tmp_path: Path, figure: Path) -> None:
    drawn = figure.read_text("utf-8")
    wide = drawn.replace("Liberation Sans, Arial, Helvetica", "DejaVu Sans")
    page = watched.show(wide, tmp_path / "page.html")
    assert wide != drawn
    assert page.locator("main svg").evaluate_all(_CUT) == []


def test_attacks_stay_text(watched: Watched, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report.html(hostile_programme().recommend(on=ON, policy=hostile_policy())), "utf-8")
    page = watched.open(path)
    page.locator("#unfold").click()
    page.locator("#search").fill("attacked()")
    assert page.locator("img, iframe, main script").count() == 0
    assert page.locator("#table tbody tr:visible").count() == 3


_SIDEWAYS = """
all => all.filter(one => one instanceof HTMLElement && !one.matches(".unseen, .skip"))
    .filter(one => getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1)
    .map(one => `${one.tagName} ${one.className} ${one.textContent.slice(0, 60)}`)
"""


@pytest.mark.parametrize("watched", [{"viewport": PHONE}], indirect=True)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_nothing_scrolls_sideways_on_a_phone(watched: Watched, tmp_path: Path, lang: Lang) -> None:
    path, made = tmp_path / "report.html", plans.programme(partners=[{**small()["partners"][0], "carries": ["b_web"]}])
    path.write_text(report.html(made.recommend(on=ON), lang=lang), "utf-8")
    page = watched.open(path)
    page.locator("#unfold").click()
    assert page.locator("details:not([open])").count() == 0
    assert page.locator("#gaps, #unserved, #plan tbody, #table tbody").count() == 4
    assert page.locator("body, body *").evaluate_all(_SIDEWAYS) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    labels = page.locator("#plan tbody tr:first-child td").evaluate_all("all => all.map(one => one.dataset.label)")
    assert labels[:2] == ["Session", "Lieu d’accueil" if lang == "fr" else "Host"]


@pytest.mark.parametrize("watched", [{}, {"viewport": PHONE}], indirect=True)
def test_each_figure_shows_one_drawing_that_fits_and_can_be_read(watched: Watched, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    programme = plans.programme()
    path.write_text(report.html(programme.recommend(on=ON), plan=plans.planned(programme)), "utf-8")
    page = watched.open(path)
    page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
    drawings = page.locator(".drawing svg:visible")
    assert drawings.count() == page.locator("figure").count() > 5
    assert page.locator(".drawing").evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
    scale = "all => Math.min(...all.map(one => one.getBoundingClientRect().width / one.viewBox.baseVal.width))"
    assert drawings.evaluate_all(scale) > (0.85 if page.viewport_size == PHONE else 0.4)


@pytest.mark.parametrize("watched", [{"color_scheme": "dark"}], indirect=True)
def test_drawings_are_dark_on_a_dark_page(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(saved(tmp_path))
    fill = "all => [...new Set(all.map(one => getComputedStyle(one).fill))]"
    assert page.locator(".drawing svg > rect").evaluate_all(fill) == ["rgb(29, 33, 41)"]
    assert "rgb(232, 234, 238)" in page.locator(".drawing text").evaluate_all(fill)
    assert "rgb(26, 26, 26)" not in page.locator(".drawing text").evaluate_all(fill)


def test_the_table_sorts_and_filters(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(saved(tmp_path))
    page.locator("#table summary").click()
    names = page.locator("#table tbody th")
    assert names.all_inner_texts() == ["Territoire 1", "Territoire 2", "Territoire 3"]
    page.get_by_role("button", name="Score").click()
    assert page.locator("#table th[aria-sort=ascending]").inner_text().startswith("Score")
    scores = [float(text.replace(",", ".")) for text in page.locator("#table td:nth-child(8)").all_inner_texts()]
    assert scores == sorted(scores)
    page.locator("#search").fill("TERRITOIRE 2")
    assert page.locator("#shown").inner_text() == "1 territoire affiché sur 3"
    assert page.locator(".card:visible h3").all_inner_texts() == ["Territoire 2"]
    page.locator("#search").fill("nulle part")
    assert page.locator("#shown").inner_text() == "0 territoire affiché sur 3"
    page.evaluate("location.hash = 't-T3'")
    page.locator("#t-T3").wait_for(state="visible")
    assert page.locator("#shown").inner_text() == "3 territoires affichés sur 3"
    assert page.locator("#search").input_value() == ""


@pytest.mark.parametrize("watched", [{"java_script_enabled": False}], indirect=True)
def test_it_works_without_its_script(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(saved(tmp_path))
    page.locator("#table summary").click()
    assert page.locator("#table tbody tr:visible").count() == 3
    assert page.locator(".controls").is_hidden()
    assert page.locator("#t-T2 summary").first.is_visible()


def test_a_link_opens_what_is_folded(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(saved(tmp_path))
    assert page.locator(".annex > details[open]").count() == 0
    page.locator("nav a[href='#notice']").click()
    assert page.locator(".annex > details[open]").count() == 1
    assert page.locator("#notice article").is_visible()
    page.locator("#t-T3 a[href='#table']").click()
    page.locator("#table a[href='#t-T2']").click()
    page.locator("#notice summary").click()
    page.locator("nav a[href='#notice']").click()
    assert page.locator("#notice article").is_visible()
    page.goto(page.url.split("#", maxsplit=1)[0] + "#chart-shares")
    page.reload()
    assert page.locator("#chart-shares").is_visible()


def test_annexes_are_printed_where_that_is_asked_for(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(saved(tmp_path))
    folded = page.locator("details:not([open])").count()
    for wanted in (False, True):
        page.emulate_media(media="screen")
        page.locator("#annexes").set_checked(wanted)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open])").count() == (0 if wanted else folded)
        assert page.locator(".annex:visible").count() == (page.locator(".annex").count() if wanted else 0)
        assert page.locator("#t-T2 td.yes").first.is_visible() is wanted
        assert page.locator(".controls, nav, .folding, footer").filter(visible=True).count() == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details:not([open])").count() == folded


PORTRAIT, LANDSCAPE = (190, 277), (277, 190)  # what A4 has within the page's margins, millimetres
MILLIMETRE = 96 / 25.4


def sheets(page: Printed) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def printed(watched: Watched, path: Path) -> Printed:
    """The page as wide as paper, with the style of paper."""
    page = watched.open(path)
    page.set_viewport_size({"width": round(PORTRAIT[0] * MILLIMETRE), "height": round(PORTRAIT[1] * MILLIMETRE)})
    page.emulate_media(media="print")
    return page


def test_sixty_territories_are_printed_on_at_most_64_sheets(watched: Watched, tmp_path: Path) -> None:
    """Of which two have what can be held together."""
    page = watched.open(example_page(tmp_path))
    page.locator(".card").evaluate_all("all => all.slice(60).forEach(one => one.remove())")
    both = sheets(page)
    page.locator(".card").evaluate_all("all => all.forEach(one => one.remove())")
    assert (both, sheets(page)) == (62, 2)


@pytest.mark.parametrize("name", REGIONS)
def test_each_card_is_printed_on_one_sheet_and_what_can_be_held_together_on_two(
    watched: Watched, tmp_path: Path, name: str
) -> None:
    page = printed(watched, example_page(tmp_path, name))
    heights = page.locator(".card").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert len(heights) > 100
    assert max(heights) <= PORTRAIT[1] * MILLIMETRE
    assert page.locator(".card .paper").first.is_visible()
    rest = page.locator(".sessions .rest").count()
    assert page.locator(".sessions .rest").filter(visible=True).count() == 0
    told = " ".join(page.locator(".more").all_inner_texts()).replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith(f"Et {rest} autres sessions : elles sont au calendrier" if rest else "")
    assert bool(told) is bool(rest) is (name == "occitanie_2026")
    page.locator(".card").evaluate_all("all => all.forEach(one => one.remove())")
    assert sheets(page) == 2
    smallest = page.locator(".sessions *").evaluate_all(
        "all => Math.min(...all.map(one => parseFloat(getComputedStyle(one).fontSize)))"
    )
    assert smallest == pytest.approx(7 * 96 / 72)  # seven points
    drawn = [figure.bounding_box() for figure in page.locator("#plan figure").all()]
    assert all(box is not None and box["width"] > 0.99 * PORTRAIT[0] * MILLIMETRE for box in drawn)


def test_a_drawing_of_the_annexes_is_printed_on_one_sheet(watched: Watched, tmp_path: Path) -> None:
    """And none beside another, where its texts would be too small to read."""
    page = watched.open(example_page(tmp_path))
    page.locator("#annexes").check()
    page.locator("#unfold").click()
    page.set_viewport_size({"width": round(PORTRAIT[0] * MILLIMETRE), "height": round(PORTRAIT[1] * MILLIMETRE)})
    page.emulate_media(media="print")
    boxes = [figure.bounding_box() for figure in page.locator("#charts figure").all()]
    assert len(boxes) > 1
    for box in boxes:
        assert box is not None
        assert box["height"] <= PORTRAIT[1] * MILLIMETRE
        assert box["width"] > 0.99 * PORTRAIT[0] * MILLIMETRE


def test_what_can_be_held_together_is_printed_of_each_territory(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(example_page(tmp_path))
    page.emulate_media(media="print")
    title = page.locator(".card h4", has_text="Avec les autres territoires")
    assert title.count() > 1
    assert title.evaluate_all("all => all.every(one => one.nextElementSibling.checkVisibility())")


@pytest.mark.parametrize("media", ["screen", "print"])
def test_no_column_of_the_table_is_crushed(watched: Watched, tmp_path: Path, media: Literal["screen", "print"]) -> None:
    """The last has the sentences: it is as wide as that of the trainers at least."""
    page = watched.open(example_page(tmp_path))
    page.locator("#annexes").check()
    page.locator("#table summary").click()
    page.set_viewport_size({"width": round(LANDSCAPE[0] * MILLIMETRE), "height": 700})
    page.emulate_media(media=media)
    widths = page.locator("#table thead th").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    inner = page.locator("#table thead th").evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
    assert widths[-1] >= widths[4]
    assert inner
