"""What people can do for a candidate to be the recommendation: each kind of move, what it costs and which are left out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, strategies as st

from made import ON, SESSIONS, data, programme, small, with_policy
from needed_laws import check
from prai_match import Programme, UnknownCodeError
from prai_match.explain import MoveKind
from thorough import examples

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match.explain import Needed

pytestmark = pytest.mark.french

KINDS = get_args(MoveKind)


def kinds(needed: Needed) -> list[list[str]]:
    return [[move.kind for move in answer.moves] for answer in needed]


def web(**changes: Any) -> list[dict[str, Any]]:
    """The trainers of the small programme, the first of them changed."""
    first, *others = small()["trainers"]
    return [{**first, **changes}, *others]


def test_a_trainer_travels_further() -> None:
    rec = programme(trainers=web(latitude=42.65, reach_km=60)).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet")
    check(rec, needed)
    assert ["travel"] in kinds(needed)
    (further,) = (answer for answer in needed if answer.moves[0].kind == "travel")
    assert further.changes.with_trainers[0].reach_km == 62
    assert "se déplace jusqu’à 62 km, au lieu de 60" in further.text("fr")
    assert "travels up to 62 km, instead of 60" in further.text("en")


def test_a_trainer_who_is_not_asked_about_goes_no_more_than_twice_as_far() -> None:
    rec = programme(trainers=web(latitude=42.65, reach_km=30)).recommend(ON)["T1"]
    assert ["travel"] not in kinds(rec.what_would_it_take(session="site_internet"))
    needed = rec.what_would_it_take(session="site_internet", trainer="web")
    check(rec, needed)
    assert kinds(needed) == [["travel"]]


def test_another_axis_is_chosen_that_a_trainer_knows() -> None:
    knows = [{"session": "b_web"}, {"session": "site_internet", "axes": ["creation"]}]
    rec = programme(trainers=web(expertise=knows)).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet", lang="en")
    check(rec, needed)
    assert ["axis"] in kinds(needed)
    assert "Commune 1 chooses the axis 'creation' for 'Site'" in str(needed)


@pytest.mark.parametrize("changes", [{"carries": ["b_web"]}, {"departements": ["31"]}])
def test_a_relay_carries_or_covers_more(changes: dict[str, Any]) -> None:
    rec = programme(partners=[{**small()["partners"][1], **changes}], sessions=[], attendances=[]).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet")
    check(rec, needed)
    assert kinds(needed) == [["relay_extended"], ["relay"]]
    more = needed.answers[0].changes.with_partners[0]
    assert more.id == "cg09"
    assert "09" in more.departements
    assert not more.carries or "site_internet" in more.carries


def test_an_association_of_mayors_is_asked_for_its_own_departement_alone() -> None:
    elsewhere = [{**small()["partners"][0], "departements": ["31"]}]
    rec = programme(partners=elsewhere, sessions=[], attendances=[]).recommend(ON)["T1"]
    assert kinds(rec.what_would_it_take(session="site_internet")) == [["relay"]]


def test_a_neighbour_beyond_travel_distance_hosts() -> None:
    needs = [{**row, "people": 12} if row["collectivity"] == "09003" else row for row in small()["needs"]]
    rec = programme(travel_km=15, needs=needs).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet")
    check(rec, needed)
    assert ["host"] in kinds(needed)
    (answer,) = (answer for answer in needed if answer.moves[0].kind == "host")
    assert answer.changes.travel_km == 23
    assert "passe de 15 à 23 km" in answer.text("fr")
    assert "Territoire 2" in answer.text("fr")


def test_a_neighbour_of_another_departement_asks_and_hosts() -> None:
    territories = small()["territories"]
    territories[1]["departement"] = "31"
    partners = [{**small()["partners"][1], "departements": ["31"]}]
    collectivities = [
        {**row, "departement": "31"} if row["code"] in territories[1]["members"] else row
        for row in small()["collectivities"]
    ]
    bare: dict[str, Any] = {"attendances": [], "sessions": [], "needs": small()["needs"][:1]}
    prog = programme(territories=territories, collectivities=collectivities, partners=partners, **bare)
    rec = prog.recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet", never=["relay", "relay_extended"])
    check(rec, needed)
    assert ["host"] in kinds(needed)
    assert "Territoire 2 exprime le besoin « Site »" in str(needed)


@pytest.mark.parametrize("on", [dt.date(2007, 9, 3), dt.date(2008, 6, 2)])
def test_what_is_recommended_is_held_first(on: dt.date) -> None:
    recs = with_policy(Programme.example()).recommend(on)
    found = recs.what_would_it_take()
    first = [code for code, needed in found.items() if any("hold" in each for each in kinds(needed))]
    assert first
    for code in first[::20]:
        check(recs[code], found[code])
    one = next(code for code in first if len(found[code].answers[0].moves) == 1)
    assert found[one].answers[0].changes.with_attendances[0].session == recs[one].session
    assert recs[one].what_would_it_take(session=found[one].session, never="hold").no_way == "not_enough"


def test_moves_cost_what_is_said() -> None:
    full = [{**small()["partners"][0], "sessions_a_year": 1}]
    rec = programme(partners=full).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet", costs={"relay_extended": 1.5})
    check(rec, needed)
    assert kinds(needed) == [["relay"], ["relay_extended"]]
    assert [answer.cost for answer in needed] == [1, 1.5]
    assert "coût : 1,5" in needed.answers[1].text("fr")
    assert "coût" not in needed.answers[0].text("fr")
    dear = rec.what_would_it_take(session="site_internet", costs={"relay_extended": 2})
    assert kinds(dear) == [["relay"]]
    assert kinds(rec.what_would_it_take(session="site_internet", never="relay")) == [["relay_extended"]]


def test_what_is_left_out_is_said() -> None:
    bare: dict[str, Any] = {"partners": [], "sessions": [], "attendances": []}
    rec = programme(**bare).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="b_geo", never=["relay", "wait"])
    check(rec, needed)
    assert needed.no_way == "out_of_reach"
    assert "Changements écartés à votre demande : trouver un relais, attendre." in str(needed)
    assert "Changes left out at your request: find a relay, wait." in needed.text("en")


ASKED = st.sampled_from(SESSIONS)
DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31))


@given(data(), DAYS, ASKED, st.sets(st.sampled_from(KINDS), min_size=1, max_size=5))
@examples(8)
def test_forbidden_moves_never_appear(raw: dict[str, Any], on: dt.date, session: str, never: set[str]) -> None:
    rec = Programme.model_validate(raw).recommend(on)["T0"]
    needed = rec.what_would_it_take(session=session, never=sorted(never))
    moves = [move for answer in needed for move in answer.moves]
    moves += needed.nearest.moves if needed.nearest else []
    assert never.isdisjoint(move.kind for move in moves)
    check(rec, needed)


@given(
    data(),
    DAYS,
    ASKED,
    st.dictionaries(st.sampled_from(KINDS), st.sampled_from([0.25, 0.5, 1.5, 2.0, 4.0]), max_size=6),
    st.sampled_from(KINDS),
    st.sampled_from([1.25, 3.0]),
)
@examples(12)
def test_a_greater_cost_makes_nothing_cheaper(  # noqa: PLR0913, PLR0917 - drawn
    raw: dict[str, Any], on: dt.date, session: str, costs: dict[str, float], kind: str, times: float
) -> None:
    rec = Programme.model_validate(raw).recommend(on)["T0"]
    before = rec.what_would_it_take(session=session, costs=costs)
    after = rec.what_would_it_take(session=session, costs={**costs, kind: costs.get(kind, 1.0) * times})
    assert bool(before) == bool(after)
    if before:
        assert after.answers[0].cost >= before.answers[0].cost
    check(rec, before)


@pytest.mark.usefixtures("english")
def test_kinds_and_costs_are_checked() -> None:
    recs = programme().recommend(ON)
    with pytest.raises(UnknownCodeError, match=r"unknown move: 'walk'; did you mean need, axis, confirm") as error:
        recs["T1"].what_would_it_take(session="sig", never=["walk"])
    assert "changement inconnu" in error.value.text("fr")
    with pytest.raises(UnknownCodeError, match="did you mean travel"):
        recs.what_would_it_take(costs={"travle": 2})
    with pytest.raises(ValueError, match=r"costs\['need'\]"):
        recs.what_would_it_take(costs={"need": 0})
    with pytest.raises(ValueError, match=r"costs\['need'\]"):
        recs["T1"].what_would_it_take(session="sig", costs={"need": float("inf")})


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_region(golden: Golden, lang: Any) -> None:
    """What the region is told, and what came nearest where nothing is enough."""
    found = with_policy(Programme.example()).recommend(dt.date(2007, 9, 3)).what_would_it_take()
    some = [*list(found.values())[::9], *(needed for needed in found.values() if needed.nearest)]
    golden(f"needed_region_{lang}.txt", "\n".join(needed.text(lang) for needed in some) + "\n")
