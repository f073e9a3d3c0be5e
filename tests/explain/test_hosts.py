"""A session at another territory: what is said of where it is held, whom to inform, and why not elsewhere."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from prai_match import Programme, Recommendation, Record, report
from prai_match.errors import UnknownCodeError
from prai_match.model import Lang

PROG = Programme.example()
ON = dt.date(2007, 9, 3)
RECS = PROG.recommend(ON)
GUEST, HOST = "200023620", "243100781"  # of the Gers, and of the Haute-Garonne
SETTLED = "200066231"  # what is offered to it is held there
AT = "CC Le Grand Ouest Toulousain, à 14 km"
RELAY = {"id": "gers", "name": "Relais du Gers", "kind": "association", "departements": ["32"]}


@pytest.fixture(scope="module")
def guest() -> Recommendation:
    return RECS[GUEST]


def test_the_host_is_the_offers_and_another_territory_only_where_the_own_place_is_not_possible(
    guest: Recommendation,
) -> None:
    assert (guest.host, RECS[SETTLED].host) == (HOST, SETTLED)
    away = [rec for rec in RECS if rec.host not in {None, rec.territory} and rec.joins is None]
    assert len(away) == 19
    assert {rec.why_not(session=rec.session, host=rec.territory).verdict for rec in away} == {"refused"}


def test_tables_and_data_have_the_host(guest: Recommendation) -> None:
    assert guest.offer is not None
    assert guest.to_json()["host"] == guest.offer.to_json()["host"] == HOST
    assert RECS.ranking().filter(territory=GUEST, rank=1)["host"].to_list() == [HOST]
    assert RECS.decisions("made").filter(territory=GUEST)["host"].to_list() == [HOST]
    assert [rec.territory for rec in RECS.where(host=HOST)] == [GUEST, "200042372"]
    sheet = RECS.spreadsheet("fr")
    hosts = dict(sheet.select("Code du territoire", "Accueil").iter_rows())
    assert (hosts[GUEST], hosts[SETTLED]) == ("CC Le Grand Ouest Toulousain", "sur place")
    losers = RECS.why_not()
    assert losers.filter(territory=GUEST, session="buffet_demat")["host"].to_list() == [HOST]
    assert losers.filter(territory=GUEST, session="sig")["host"].to_list() == [GUEST]


def test_a_record_has_the_host_and_one_from_before_the_own_place(guest: Recommendation) -> None:
    data = json.loads(json.dumps(guest.record().to_json()))
    assert Record.from_json(data).answer.host == HOST
    del data["answer"]["host"]
    assert Record.from_json(data).answer.host == GUEST


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", f"accueil : {AT}"), ("en", "host: CC Le Grand Ouest Toulousain, 14 km away")]
)
def test_titles_say_where_only_where_it_is_elsewhere(guest: Recommendation, lang: Lang, said: str) -> None:
    assert said in guest.why(lang).title
    assert {"accueil", "host"}.isdisjoint(RECS[SETTLED].why(lang).title.replace(":", " ").split())
    assert said.split(": ")[1] in guest.html(lang)
    asked = [{rule.rule for rule in rec.why().conditions if rule.stage == "place"} for rec in (guest, RECS[SETTLED])]
    assert asked == [{"enough_people", "host_near"}, {"enough_people"}]


def test_relays_of_the_guest_are_to_be_informed_where_the_one_of_the_session_is_another(guest: Recommendation) -> None:
    assert guest.notice("fr").inform.startswith(
        "À informer, dans le département du territoire : Conseil Général du Gers"
    )
    assert guest.notice("fr").inform in guest.notice("fr").text()
    assert "own département: Conseil Général du Gers" in guest.html("en")
    assert guest.notice("fr").kept[0].host == AT
    same = RECS["241200906"]  # its host is in its own département
    assert (same.host != same.territory, same.notice("fr").inform) == (True, "")
    assert "À informer" not in RECS[SETTLED].notice("fr").text()


def test_the_page_says_where_and_whom_to_inform() -> None:
    page = report.html(PROG.recommend(ON, territories=[GUEST, SETTLED]), lang="fr").replace("\u00a0", " ")
    assert f"<small>accueil : {AT}</small>" in page
    assert f"<dt>Accueil</dt> <dd>{AT}</dd>" in page
    assert page.count("À informer") == 1


@pytest.mark.parametrize(
    ("host", "rules", "stage"),
    [
        (GUEST, ["partner_carries"], "partner"),  # its own place
        ("200034957", ["engine:nearest"], "place"),  # possible, but farther
        ("200023737", ["host_near", "engine:host", "engine:nearest"], "place"),
        ("200034023", ["engine:host", "engine:nearest"], "place"),
    ],
)
def test_a_candidate_elsewhere_is_refused_by_what_its_place_lacks(
    guest: Recommendation, host: str, rules: list[str], stage: str
) -> None:
    why_not = guest.why_not(session=guest.session, host=host, lang="fr")
    assert (why_not.host, why_not.verdict, why_not.stage) == (host, "refused", stage)
    assert [finding.rule for finding in why_not.refuting] == rules
    assert why_not.to_json()["host"] == host
    assert ("C’est possible, mais ce lieu n’est pas proposé" in why_not.title["fr"]) == why_not.possible
    assert ("This is not possible" in why_not.title["en"]) == (not why_not.possible)


def test_a_host_that_cannot_take_part_is_said_with_the_condition_that_stops_it(guest: Recommendation) -> None:
    (finding, _) = guest.why_not(session=guest.session, host="200034023").refuting
    assert finding.sentence["fr"].startswith(
        "Le territoire d’accueil, CC Tarn-Agout, ne peut pas suivre lui-même la session. Condition non remplie : « "
    )
    assert finding.wanted == PROG.recommend(ON)["200034023"].why_not(session=guest.session).refuting[0].wanted
    assert (
        "nearer: CC Le Grand Ouest Toulousain, 14 km away."
        in (guest.why_not(session=guest.session, host="200034957").refuting[0].sentence["en"])
    )


def test_the_place_that_is_offered_is_the_default_and_the_recommendation(guest: Recommendation) -> None:
    assert guest.why_not(session=guest.session) == guest.why_not(session=guest.session, host=HOST)
    assert guest.why_not(host=HOST).verdict == "recommended"
    with pytest.raises(UnknownCodeError, match="unknown territory"):
        guest.why_not(host="nowhere")


def test_another_host_is_a_change_of_its_own_with_its_cause(guest: Recommendation) -> None:
    changed = guest.what_if(with_partners=[RELAY])
    assert changed.changes() == {"host": 1}
    row = changed.to_polars("fr").row(0, named=True)
    assert (row["host_before"], row["host_after"], row["said"]) == (HOST, GUEST, "autre lieu d’accueil")
    text = changed[GUEST].text("fr")
    assert f"« Téléservices aux habitants » ; accueil : {AT} → sur place" in text
    assert "« Téléservices aux habitants » peut désormais se tenir plus près : sur place." in text
    back = changed.before - changed.after
    assert "nearer" not in {cause.code for cause in back[GUEST].causes}
    assert f"accueil : sur place → {AT}" in back[GUEST].text("fr")


def test_a_host_that_may_no_longer_take_part_is_the_cause(guest: Recommendation) -> None:
    came = [{"collectivity": _member(HOST), "session": guest.session, "date": dt.date(2007, 9, 1), "elected": 1}]
    (cause, *_) = guest.what_if(with_attendances=came)[GUEST].causes
    assert (cause.kind, cause.code) == ("refuted", "not_attended")
    assert "(CC Le Grand Ouest Toulousain)" in cause.sentence("fr")


def _member(territory: str) -> str:
    return next(each.members[0] for each in PROG.territories if each.id == territory)
