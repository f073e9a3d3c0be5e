"""The page is one file that needs nothing else, whose parts are in order and lead to one another."""

from __future__ import annotations

import datetime as dt
import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from made import ON, programme, small
from page import Page
from prai_match import PraiError, Programme, UnknownCodeError, report
from prai_match.errors import UnknownFactsWarning

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match import Recommendations
    from prai_match.model import Lang


@pytest.fixture(params=["fr", "en", "frozen"])
def html(request: pytest.FixtureRequest) -> str:
    page: str = request.getfixturevalue(f"page_{request.param}")
    return page


def test_it_needs_nothing_else(html: str) -> None:
    page = Page(html)
    for tag, attributes in page.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "image", "foreignobject"}
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in {"src", "style", "srcset", "action"}
            if name in {"href", "xlink:href"}:
                assert str(value).startswith("#")
            if not name.startswith("xmlns"):
                assert not re.match(r"\s*(https?:|//|javascript:|data:)", str(value))
    assert set(re.findall(r"url\((.)", html)) <= {"#"}
    assert "@import" not in html
    assert "http" not in page.hidden["style"] + page.hidden["script"]


def test_it_tells_what_the_files_leave_unknown(html: str, tmp_path: Path) -> None:
    assert "leave unknown" not in html
    assert "laissent inconnu" not in html
    folder = tmp_path / "region"
    programme().save(folder)
    path = folder / "trainers.csv"
    path.write_text(path.read_text("utf-8-sig").replace(";fee;", ";Tarif <b>HT</b>;", 1), "utf-8")
    with pytest.warns(UnknownFactsWarning, match="fee is unknown for 2 of 2 trainers"):
        recs = Programme.load(folder).recommend(on=ON)
    told = report.html(recs, lang="en")
    assert "What the programme&#39;s files leave unknown" in told
    assert "<li>trainers.csv: Tarif &lt;b&gt;HT&lt;/b&gt;: column not recognised; fee is unknown for 2 of 2" in told


def test_only_its_own_style_and_script_may_run(html: str) -> None:
    page = Page(html)
    metas = {
        meta.get("http-equiv") or meta.get("name"): meta["content"] for meta in page.all("meta") if "content" in meta
    }
    policy = dict(part.split(" ", 1) for part in str(metas["Content-Security-Policy"]).split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    for kind in ("style", "script"):
        digest = b64encode(sha256(page.hidden[kind].encode()).digest()).decode()
        assert policy[f"{kind}-src"] == f"'sha256-{digest}'"
        assert len(page.all(kind)) == 1
    assert set(policy) == {"default-src", "base-uri", "form-action", "style-src", "script-src"}
    assert metas["referrer"] == "no-referrer"


def test_its_parts_are_in_order(html: str) -> None:
    page = Page(html)
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for landmark in ("header", "nav", "main", "footer"):
        assert any(tag == landmark for tag, _ in page.elements)
    assert page.all("html")[0]["lang"] in {"fr", "en"}
    assert page.elements[next(n for n, (tag, _) in enumerate(page.elements) if tag == "body") + 1][1]["class"] == "skip"


def test_its_links_lead_somewhere_and_identifiers_are_unique(html: str) -> None:
    page = Page(html)
    assert set(page.ids.values()) == {1}
    wanted = {str(link["href"])[1:] for link in [*page.all("a"), *page.all("use")]}
    assert wanted <= set(page.ids)
    for attribute in ("aria-labelledby", "for"):
        assert {str(each[attribute]) for _, each in page.elements if each.get(attribute)} <= set(page.ids)
    for code in ("T1", "T2", "T3"):
        assert f"t-{code}" in wanted


def test_tables_have_captions_and_scopes(html: str) -> None:
    page = Page(html)
    assert len(page.all("caption")) == len(page.all("table")) > 0
    assert {heading.get("scope") for heading in page.all("th")} == {"col", "row"}


def test_charts_are_images_with_a_text(html: str) -> None:
    images = [image for image in Page(html).all("svg") if image.get("aria-hidden") != "true"]
    assert len(images) == 2 * len(Page(html).all("figure")) > 0  # for a page, and for a phone
    for image in images:
        assert image["role"] == "img"
        assert image["aria-label"]


@pytest.mark.french
def test_the_summary_says_how_many_and_why_not(page_fr: str, page_frozen: str) -> None:
    summary = Page(page_fr).content["summary"]
    assert "Les 3 territoires ont tous une session recommandée." in summary
    frozen = Page(page_frozen).content["summary"]
    assert "Aucun des 3 territoires n’a de session recommandée à ce jour." in frozen
    assert "3 territoires ont une prochaine session à partir de ce jour." in frozen.replace("\N{NO-BREAK SPACE}", " ")
    assert "Le calendrier n’a aucun jour ouvert dans le délai de proposition." in frozen


@pytest.mark.parametrize(
    ("lang", "left", "first"),
    [
        ("fr", "Crédits restants", "Le premier jour où une session peut se tenir est le 2 juin 2008 ; "),
        ("en", "Money left", "The first day on which a session can be held is 2 June 2008; "),
    ],
)
def test_a_region_that_is_frozen_says_its_first_open_day_and_no_cost_that_nobody_pays(
    lang: Lang, left: str, first: str
) -> None:
    recs = Programme.example().recommend(dt.date(2008, 1, 20), territories=["200066231", "200066363"])
    assert {rec.reason for rec in recs} == {"no_open_day"}
    said = Page(report.html(recs, lang=lang)).content["summary"].replace("\N{NO-BREAK SPACE}", " ")
    assert first in said
    assert left in said
    assert ("Coût total" if lang == "fr" else "Total cost") not in said


def test_the_service_is_told(page_fr: str, page_en: str) -> None:
    assert "Direction &lt;de la&gt; formation" in page_fr
    assert "Direction <de la> formation" in Page(page_fr).content["notice"]
    assert "The request is addressed to the service that takes the decision." in Page(page_en).content["notice"]


def test_no_french_in_an_english_page(page_en: str) -> None:
    page = Page(page_en)
    assert not re.search(r"\b(Territoire |Synthèse|Pourquoi|Écart|intervenant|besoins?)\b", page.content["summary"])
    assert "Why" in page.content["cards"]
    assert page.all("html")[0]["lang"] == "en"


def test_the_notice_is_once_and_cards_have_the_rest(page_fr: str) -> None:
    page = Page(page_fr)
    assert page_fr.count("L. 311-3-1") == 1
    assert "Besoins exprimés" not in page.content["notice"]
    for code in ("T1", "T2", "T3"):
        assert "Besoins exprimés" in page.content[f"t-{code}"]


def test_the_answer_can_be_reproduced(small_recs: Recommendations, page_fr: str) -> None:
    sources = Page(page_fr).content["sources"]
    assert small_recs.fingerprint.digest in sources
    for value in small_recs.fingerprint.parts.values():
        assert value in sources
    assert "GeoNames" in sources


def test_the_same_recommendations_give_the_same_bytes(page_fr: str, tmp_path: Path) -> None:
    path = programme().recommend(on=ON).report(tmp_path / "r.html", "fr", "Direction <de la> formation")
    assert path.read_bytes() == page_fr.encode()


def test_a_file_is_replaced_whole(small_recs: Recommendations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.html"
    path.write_text("before")
    with monkeypatch.context() as patched:
        patched.setattr("prai_match.report._render._render", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            small_recs.report(path)
    assert path.read_text() == "before"
    assert small_recs.report(str(path)) == path
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_told_before_the_work(small_recs: Recommendations, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"the folder of the report does not exist.*nowhere"):
        small_recs.report(tmp_path / "nowhere" / "r.html")


def test_another_language_is_refused(small_recs: Recommendations, tmp_path: Path) -> None:
    with pytest.raises(UnknownCodeError, match="language"):
        small_recs.report(tmp_path / "r.html", "de")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_the_extra_is_named_where_it_is_missing(small_recs: Recommendations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(PraiError, match=r"prai-match\[report\]"):
        report.html(small_recs)


def test_it_does_without_a_bar(small_recs: Recommendations, page_en: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tqdm.std", None)
    assert report.html(small_recs, lang="en") == page_en


@pytest.mark.parametrize(
    "changes",
    [
        {"partners": [], "sessions": [], "attendances": []},
        {"trainers": [], "sessions": [], "attendances": []},
        {"budget": None, "needs": [], "sessions": [], "attendances": []},
    ],
)
@pytest.mark.french
def test_a_programme_that_lacks_much_has_a_page(changes: dict[str, object]) -> None:
    recs = programme(**changes).recommend(on=ON)
    page = Page(report.html(recs))
    offers = sum(rec.offer is not None for rec in recs)
    assert sum(row.get("data-session") == "-" for row in page.all("tr")) == 3 - offers
    assert ("Budget du programme" in page.content["summary"]) == (recs.programme.budget is not None)


def test_territories_at_one_place_have_a_page() -> None:
    data = programme().model_dump(mode="json")
    for territory in data["territories"]:
        territory |= {"latitude": 0.0, "longitude": 0.0}
    assert "t-T3" in Page(report.html(Programme.model_validate(data).recommend(on=ON))).ids


@pytest.mark.french
def test_a_departement_that_is_not_in_the_register_has_its_code() -> None:
    data = small()
    data["territories"][2]["departement"] = "99"
    shown = Page(report.html(Programme.model_validate(data).recommend(on=ON)))
    assert "99 · code T3" in shown.content["t-T3"]
    assert "Par département" in shown.content["summary"]


@pytest.mark.french
def test_one_territory_has_a_page(small_recs: Recommendations) -> None:
    page = Page(report.html(small_recs.where(territory="T2")))
    assert "Le territoire a une session recommandée." in page.content["summary"]
    assert "1 territoire affiché sur 1" in page.content["cards"]
    assert "Besoins exprimés" in page.content["t-T2"]


@pytest.mark.french
def test_no_territory_has_a_page(small_recs: Recommendations) -> None:
    page = Page(report.html(small_recs.programme.recommend(on=ON, territories=[])))
    assert "aucun territoire" in page.content["summary"]
    assert "notice" not in page.ids
    assert {str(link["href"])[1:] for link in page.all("a")} <= set(page.ids)


@pytest.mark.french
def test_the_region_is_light(region_recs: Recommendations, tmp_path: Path) -> None:
    path = region_recs.report(tmp_path / "r.html")
    assert path.stat().st_size < 2_500_000
    page = Page(path.read_text("utf-8"))
    assert "100 territoires sur 101 ont une session recommandée." in page.content["summary"]
    cards = [own for own in page.ids if re.fullmatch(r"t-\d+", own)]
    assert len(cards) == 101
    assert all(any(word in page.content[own] for word in ("Pourquoi", "Ce qui écarte")) for own in cards)
    assert "CA du Grand Cahors" in page.content["summary"]
    assert re.search(r"Coût moyen d’une session proposée\s\d.\d{3}.€", page.content["summary"])
    assert "déjà engagé" in page.content["table"]
    equivalent = {rec.territory: len(rec.equivalent) for rec in region_recs if rec.equivalent}
    assert equivalent
    for territory, count in equivalent.items():
        assert page.content[f"t-{territory}"].count("Équivalente, à un point près") == count


def test_a_session_counts_once_in_the_mean_cost_whoever_shares_it(region_recs: Recommendations) -> None:
    each = [rec.offer for rec in region_recs if rec.offer and rec.offer.joins is None and rec.offer.cost is not None]
    costs = {(one.session, one.axis, one.host, one.day, one.partner, one.trainer): one.cost for one in each}
    assert len(costs) < len(each)
    said = Page(report.html(region_recs, lang="en")).content["summary"]
    assert f"Mean cost of a session offered €{sum(map(float, filter(None, costs.values()))) / len(costs):,.0f}" in said
