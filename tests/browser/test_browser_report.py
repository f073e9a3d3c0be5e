"""The page of recommendations in a browser, offline: it sorts, filters, prints whole, and axe finds nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from hostile import hostile_policy, hostile_programme
from made import ON, both, programme, small
from plan import plans
from prai_match import Programme, report

if TYPE_CHECKING:
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


@cache
def _example_page() -> str:
    return report.html(Programme.example().recommend(on=ON), lang="fr")


def example_page(folder: Path) -> Path:
    path = folder / "report.html"
    path.write_text(_example_page(), "utf-8")
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


def test_a_phone_never_scrolls_sideways(watched: Watched, tmp_path: Path) -> None:
    watched.page.set_viewport_size({"width": 390, "height": 844})
    page = watched.open(saved(tmp_path))
    page.locator("#unfold").click()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_table_sorts_and_filters(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(saved(tmp_path))
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
    assert page.locator("#table tbody tr:visible").count() == 3
    assert page.locator(".controls").is_hidden()
    assert page.locator("#t-T2 summary").first.is_visible()


def test_all_of_it_is_printed(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(saved(tmp_path))
    page.emulate_media(media="print")
    assert page.locator(".controls").is_hidden()
    assert page.locator("#t-T2 .of-condition").first.is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0


LANDSCAPE, PORTRAIT = (273, 182), (186, 269)  # what A4 has within the page's margins, millimetres
MILLIMETRE = 96 / 25.4


@pytest.mark.parametrize(("section", "sheet"), [("plan", LANDSCAPE), ("charts", PORTRAIT)])
def test_a_drawing_is_printed_on_one_sheet(
    watched: Watched, tmp_path: Path, section: str, sheet: tuple[int, int]
) -> None:
    """The first of a section with its heading, and none beside another, where its texts would be too small to read."""
    width, height = (round(side * MILLIMETRE) for side in sheet)
    page = watched.open(example_page(tmp_path))
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media="print")
    boxes = [figure.bounding_box() for figure in page.locator(f"#{section} figure").all()]
    heading = page.locator(f"#{section} h2").bounding_box()
    assert heading is not None
    assert len(boxes) > 1
    assert all(box is not None and box["height"] <= height and box["width"] > 0.99 * width for box in boxes)
    assert boxes[0] is not None
    assert boxes[0]["y"] + boxes[0]["height"] - heading["y"] <= height


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
    page.set_viewport_size({"width": round(LANDSCAPE[0] * MILLIMETRE), "height": 700})
    page.emulate_media(media=media)
    widths = page.locator("#table thead th").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    inner = page.locator("#table thead th").evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
    assert widths[-1] >= widths[4]
    assert inner
