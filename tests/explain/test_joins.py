"""A booked session that is joined: what is said of it, of its day, of the seats that are left and of who leads it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from made import programme
from prai_match import Programme, Recommendation, Recommendations, Record, charts, report
from prai_match.demo import table
from prai_match.model import Lang

ON = dt.date(2007, 9, 3)
ASKS = [
    {"collectivity": code, "date": "2007-05-02", "workshop": "site_internet", "people": 12}
    for code in ("09001", "09003", "09005")
]
BOOKED: dict[str, Any] = {
    "id": "held", "session": "site_internet", "date": "2007-09-20", "booked_on": "2007-08-01", "host": "T2",
}  # fmt: skip
AT = "Territoire 2, à 22 km, session déjà programmée (places restantes : 5)"


def booked(*sessions: dict[str, Any], people: int = 15) -> Programme:
    """T3 joins what is booked at T2, 22 km away, of which neither relay nor trainer is named."""
    registered = [{"session": "held", "collectivity": "09003", "people": people}]
    return programme(sessions=[BOOKED, *sessions], attendances=[], needs=ASKS, registrations=registered)


@pytest.fixture(scope="module")
def recs() -> Recommendations:
    return booked().recommend(ON)


@pytest.fixture(scope="module")
def joined(recs: Recommendations) -> Recommendation:
    return recs["T3"]


@pytest.mark.parametrize(
    ("lang", "said", "ends"),
    [
        (
            "fr",
            f"Territoire 3 : Site ; accueil : {AT} ;",
            " relais : non précisé ; intervenant : non précisé ; le 20/09/2007 ; 0,00 € (",
        ),
        (
            "en",
            "Territoire 3: Site; host: Territoire 2, 22 km away, session already booked (seats left: 5);",
            " relay: not named; trainer: not named; on 2007-09-20; €0.00 (",
        ),
    ],
)
def test_the_title_says_the_day_and_the_seats_and_that_nobody_is_named(
    joined: Recommendation, lang: Lang, said: str, ends: str
) -> None:
    assert joined.why(lang).title.replace("\u00a0", " ").startswith(said + ends)


def test_it_isnt_known_how_many_seats_are_left_where_registrations_dont_tell() -> None:
    made = programme(sessions=[BOOKED], attendances=[], needs=ASKS)
    assert "(places restantes : nombre inconnu)" in made.recommend(ON)["T3"].why("fr").title.replace("\u00a0", " ")


def test_tables_and_data_have_the_booked_session(recs: Recommendations, joined: Recommendation) -> None:
    assert joined.offer is not None
    assert joined.to_json()["joins"] == joined.offer.to_json()["joins"] == joined.joins == "held"
    assert recs.ranking().filter(rank=1, territory="T3")["joins"].to_list() == ["held"]
    assert [rec.territory for rec in recs.where(joins="held")] == ["T3"]
    lost = recs.why_not().filter(territory="T1", session="site_internet").row(0, named=True)
    assert (lost["verdict"], lost["host"], lost["joins"], lost["partner"]) == ("outscored", "T2", "held", None)
    columns = ("Session programmée à rejoindre", "Partenaire-relais", "Intervenant", "Code du relais")
    sheet = recs.spreadsheet("fr")
    assert dict(zip(sheet["Code du territoire"], sheet.select(columns).rows(), strict=True))["T3"] == (
        "held",
        "non précisé",
        "non précisé",
        None,
    )


def test_a_record_has_the_booked_session_and_one_from_before_none(joined: Recommendation) -> None:
    data = json.loads(json.dumps(joined.record().to_json()))
    assert Record.from_json(data).answer.joins == "held"
    del data["answer"]["joins"]
    assert Record.from_json(data).answer.joins is None


def test_the_notice_tells_that_sessions_are_joined_once_and_in_order(joined: Recommendation) -> None:
    told: dict[Lang, tuple[str, ...]] = {
        "fr": (
            "Examen des",
            "Une session programmée",
            "relais puis",
            "sur place",
            "score :",
            "priorité du territoire,",
        ),
        "en": ("are examined", "A booked session", "relay and then", "own place", "score is", "priority of the"),
    }
    for lang, words in told.items():
        steps = joined.notice(lang).text().replace("\u00a0", " ").split("4. Op")[1].split("\n\n")[1].splitlines()
        places = [[place for place, step in enumerate(steps) if word in step] for word in words]
        assert [len(each) for each in places] == [1] * len(words)
        assert places == sorted(places)
    assert joined.notice("fr").kept[0].host == AT
    assert joined.notice("fr").kept[0].trainer == "non précisé"


def test_displays_say_it_with_its_date(recs: Recommendations, joined: Recommendation) -> None:
    shown = joined.html("fr").replace("\u00a0", " ")
    assert f"<dd>{AT}</dd>" in shown
    assert "<dt>Date</dt>" in shown
    assert "Au plus tôt" not in shown.split("Solutions de rechange")[0]
    page = report.html(recs, lang="fr").replace("\u00a0", " ")
    assert f"<dt>Accueil</dt> <dd>{AT}</dd>" in page
    assert page.count("<dt>Date</dt> <dd>20 septembre 2007</dd>") == 1
    assert f"accueil : {AT} · non précisé · non précisé · 0,00 €" in page  # an alternative of T1
    assert "non précisé" in recs.html("fr")
    assert "session déjà programmée" in json.dumps(charts.territory_map(recs, lang="fr").to_dict(), ensure_ascii=False)
    assert "session déjà" in table(recs, "fr", 200)


def test_its_own_place_is_refused_as_the_booked_session_goes_before(joined: Recommendation) -> None:
    (finding,) = joined.why_not(session="site_internet", host="T3").refuting
    assert finding.rule == "engine:nearest"
    assert finding.sentence["fr"].startswith(
        "Une session déjà programmée, où il reste ou peut rester des places, passe avant :"
    )


def test_why_not_names_the_booked_session(recs: Recommendations) -> None:
    title = recs["T1"].why_not(session="site_internet", lang="fr").title["fr"].replace("\u00a0", " ")
    assert title.startswith(f"Territoire 1 : Site ; accueil : {AT}. C’est possible, mais il manque")


def test_a_booked_session_that_is_no_longer_there_is_the_cause_of_another_place(recs: Recommendations) -> None:
    gone = recs.what_if(without_sessions=["held"])
    for territory in ("T1", "T3"):
        assert "unjoinable" in {cause.code for cause in gone[territory].causes}
    assert "« Site » : la session programmée held ne peut plus être rejointe." in gone["T1"].text("fr")


def test_a_booked_session_to_join_is_a_change_with_its_cause(recs: Recommendations) -> None:
    nearer = {**BOOKED, "id": "sooner", "date": "2007-09-19"}
    after = booked(nearer).recommend(ON)
    change = (after - recs)["T3"]
    assert change.change == "joins"
    text = change.text("fr").replace("\u00a0", " ")
    assert "(places restantes : 20) ; session programmée : held → sooner" in text
    assert "« Site » : la session programmée sooner peut désormais être rejointe." in text
