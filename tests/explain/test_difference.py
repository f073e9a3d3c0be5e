"""What changed between two answers, territory by territory and by cause."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import CATALOGUE, FREEZE, ON, POLICY, both, data, programme, small, with_policy
from prai_match import Policy, Programme, Recommendations, UnknownCodeError
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from goldens import Golden
    from prai_match.explain import Difference, TerritoryDifference

MIRRORED = {"gained": "lost", "lost": "gained", "entered": "left", "left": "entered"}
OPPOSITE = {"satisfied": "refuted", "refuted": "satisfied"}
DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31))
POLICIES = st.sampled_from(
    [
        POLICY,
        POLICY.with_weights(equity=60, trainer_near=0),
        POLICY.without("enough_people").without("past_rating"),
    ]
)


@st.composite
def answers(draw: st.DrawFn) -> tuple[Recommendations, Recommendations]:
    """Two answers for one programme, or for two that share their territories."""
    raw = draw(data())
    first = Programme.model_validate(raw)
    kept = {
        name: draw(st.lists(st.sampled_from(raw[name]), unique_by=str)) if raw[name] else []
        for name in ("needs", "attendances")
    }
    second = draw(st.sampled_from([first, Programme.model_validate({**raw, **kept})]))
    return first.recommend(draw(DAYS), policy=draw(POLICIES)), second.recommend(draw(DAYS), policy=draw(POLICIES))


def compared(recs: Recommendations, territory: str) -> tuple[Any, ...]:
    rec = recs[territory]
    offer = rec.next
    return (
        rec.reason,
        *(
            (offer.session, offer.axis, offer.partner, offer.trainer, offer.score, offer.cost, offer.day)
            if offer
            else ()
        ),
    )


def identity(recs: Recommendations, territory: str) -> tuple[Any, ...]:
    offer = recs[territory].next
    return (offer.session, offer.axis, offer.partner, offer.trainer) if offer else ()


@given(answers())
@examples(10)
def test_nothing_less_itself_is_empty(pair: tuple[Recommendations, Recommendations]) -> None:
    same = pair[0] - pair[0]
    assert (len(same), bool(same), list(same), same.facts, same.to_polars().height) == (0, False, [], (), 0)


@given(answers())
@examples(12)
def test_it_holds_the_territories_that_differ_and_their_points_add_up(
    pair: tuple[Recommendations, Recommendations],
) -> None:
    before, after = pair
    difference = after - before
    differing = [rec.territory for rec in after if compared(before, rec.territory) != compared(after, rec.territory)]
    assert [changed.territory for changed in difference] == differing
    assert sum(difference.changes().values()) == len(difference) == len(differing)
    for changed in difference:
        old, new = before[changed.territory].next, after[changed.territory].next
        points = sum(cause.moved for cause in changed.causes if cause.kind == "points")
        if old and new and identity(before, changed.territory) == identity(after, changed.territory):
            assert points == new.score - old.score
        assert all(cause.moved for cause in changed.causes if cause.kind == "points")


@given(answers())
@examples(12)
def test_what_loses_its_recommendation_has_a_cause(pair: tuple[Recommendations, Recommendations]) -> None:
    for changed in pair[1] - pair[0]:
        if changed.change in {"gained", "lost"}:
            kind = "satisfied" if changed.change == "gained" else "refuted"
            assert any(cause.kind == kind for cause in changed.causes)


@given(answers())
@examples(12)
def test_the_other_way_round_mirrors_it(pair: tuple[Recommendations, Recommendations]) -> None:
    there, back = pair[1] - pair[0], pair[0] - pair[1]
    assert [changed.territory for changed in there] == [changed.territory for changed in back]
    for one, other in zip(there, back, strict=True):
        assert other.change == MIRRORED.get(one.change, one.change)
        same = identity(pair[0], one.territory) == identity(pair[1], one.territory)
        assert _rules(one, lambda kind: kind) == _rules(other, lambda kind: OPPOSITE[kind])
        assert {code: moved if same else -moved for code, moved in _moved(one).items()} == {
            code: -moved for code, moved in _moved(other).items()
        }
    assert {(_swapped(cause.code), cause.subject) for cause in there.facts} == {
        (cause.code, cause.subject) for cause in back.facts
    }


def _swapped(code: str) -> str:
    what, _, way = code.rpartition("_")
    return {"added": f"{what}_removed", "removed": f"{what}_added"}.get(way, code)


def _rules(changed: TerritoryDifference, named: Callable[[str], str]) -> set[tuple[str, str, str | None]]:
    return {(named(cause.kind), cause.code, cause.subject) for cause in changed.causes if cause.kind in OPPOSITE}


def _moved(changed: TerritoryDifference) -> dict[str, float]:
    return {cause.code: cause.moved for cause in changed.causes if cause.kind == "points"}


def changes(before: Recommendations, after: Recommendations) -> dict[str, str]:
    return {changed.territory: changed.change for changed in after - before}


def codes(difference: Difference[Recommendations]) -> list[str]:
    return [cause.code for cause in difference.facts]


NOW = programme().recommend(ON)


def test_another_day() -> None:
    freeze = programme().recommend(FREEZE)
    difference = freeze - NOW
    assert difference.changes() == {"lost": 3}
    assert (difference.before, difference.after) == (NOW, freeze)
    first = difference["T1"].causes[0]
    assert (first.kind, first.code, first.subject) == ("refuted", "open_day", "site_internet")
    assert first.sentence("en") == (
        "'Site' – no longer met: “The calendar has an open day within the horizon of offers (open days: 0).”"
    )
    assert codes(difference) == ["day"]
    assert repr(difference) == "<Difference 2007-09-03 → 2008-01-28: 3 territories changed>"
    assert (NOW - freeze).changes() == {"gained": 3}


def test_a_notebook_shows_each_kind_of_change() -> None:
    freeze, some = programme().recommend(FREEZE), programme().recommend(ON, territories=["T1"])
    for difference, named in ((freeze - NOW, 3), (NOW - freeze, 3), (some - NOW, 2), (NOW - some, 2)):
        page = difference.html("en")
        assert [f"Territoire {n}" in page for n in (1, 2, 3)] == [named == 3, True, True]  # fmt: skip


def test_another_weight_moves_every_share() -> None:
    heavier = programme().recommend(ON, policy=POLICY.with_weights(equity=20))
    difference = heavier - NOW
    assert set(difference.changes()) == {"details"}
    assert difference.facts[0].sentence("fr") == "Poids de « equity » : 10 → 20."
    assert (difference.facts[0].before, difference.facts[0].after) == (10.0, 20.0)
    assert difference["T1"].causes[0].code == "equity"


def test_other_rules() -> None:
    policy = POLICY.require("population > 5000", id="large", fr="Grands territoires.", en="Large ones.")
    difference = programme().recommend(ON, policy=policy) - NOW
    assert difference.changes() == {"lost": 3}
    assert (
        difference["T1"].causes[0].sentence("fr")
        == "« Site » – condition désormais non remplie : « Grands territoires. »"
    )
    assert [(cause.code, cause.subject) for cause in difference.facts] == [("rule_added", "large")]
    back = NOW - programme().recommend(ON, policy=policy)
    assert [cause.sentence("en") for cause in back["T1"].causes][:1] == [
        "'Site' – no longer required by the policy: “Large ones.”"
    ]
    assert codes(back) == ["rule_removed"]
    assert codes(
        programme().recommend(ON, policy=policy.without("large").require("population > 9", id="large"))
        - programme().recommend(ON, policy=policy)
    ) == ["rule_changed"]
    renamed = Policy.from_toml(
        'id = "other"\nname = { fr = "a", en = "a" }\n[[rule]]\nid = "equity"\nstage = "territory"\nprefer = "service_gap"\nweight = 1\nfr = "x"\nen = "x"\n'
    )
    assert codes(programme().recommend(ON, policy=renamed) - NOW)[0] == "policy"


def test_joined_columns() -> None:
    policy = POLICY.with_column("priority", "number").prefer("priority", id="priority", kind="workshop", weight=5)
    low, high = (
        programme().recommend(ON, policy=policy, extra={"territory": ["T1"], "priority": [value]})
        for value in (0.1, 0.9)
    )
    difference = high - low
    assert [changed.territory for changed in difference] == ["T1"]
    assert [cause.code for cause in difference["T1"].causes] == ["priority"]
    assert codes(difference) == ["extra"]
    assert codes(low - NOW) == ["rule_added", "column_added", "extra"]


@pytest.mark.french
def test_other_territories() -> None:
    some = programme().recommend(ON, territories=["T1"])
    assert changes(some, NOW) == {"T2": "entered", "T3": "entered"}
    assert changes(NOW, some) == {"T2": "left", "T3": "left"}
    assert (NOW - some)["T2"].text("en").splitlines()[0] == "Territoire 2: new territory; 'Site'"
    assert (some - NOW)["T2"].text().splitlines()[0] == "Territoire 2 : territoire retiré ; « Site »"
    raw = small()
    fewer = programme(territories=raw["territories"][:2], needs=raw["needs"][:2]).recommend(ON)
    difference = fewer - NOW
    assert difference["T3"].change == "left"
    assert "territories" in codes(difference)


@pytest.mark.french
def test_actors_who_come_go_or_change() -> None:
    raw = small()
    partners, trainers = raw["partners"], raw["trainers"]
    double = {**trainers[0], "id": "aweb", "fee": "100", "rating": 4.0}
    after = programme(trainers=[*trainers, double]).recommend(ON)
    difference = after - NOW
    assert changes(NOW, after)["T1"] == "trainer"
    text = difference["T1"].text("en")
    assert "trainer: Agence web (Formatrice) → Agence web (Formatrice)" in text
    assert "New trainer: Agence web (Formatrice)." in text
    other = programme(partners=[{**partners[1], "kind": "adm"}], sessions=[], attendances=[]).recommend(ON)
    difference = other - NOW
    assert {"partner_removed", "partner_changed", "sessions_removed", "attendances_removed"} <= set(codes(difference))
    assert "adm09" not in other.names("fr")
    assert difference.to_polars("en")["partner_before"].to_list() == ["adm09"] * 3
    assert "relais : ADM de l'Ariège → Conseil général" in str(difference["T1"])
    assert "Relais retiré : ADM de l'Ariège." in difference.text()


def test_what_is_known_of_a_territory() -> None:
    raw = small()
    long = "Refaire le site internet de la commune " * 4
    said = [
        {"collectivity": "09005", "date": "2007-08-01", "text": long},
        {"collectivity": "09006", "date": "2007-08-02", "workshop": "site_internet", "people": 9},
        {"collectivity": "09001", "date": "2007-08-02", "text": "Rien d'utile", "people": 9},
    ]
    came = {"collectivity": "09005", "session": "b_geo", "date": "2007-07-01", "elected": 1}
    after = programme(needs=[*raw["needs"], *said], attendances=[*raw["attendances"], came]).recommend(ON)
    difference = after - NOW
    facts = [cause for cause in difference["T3"].causes if cause.kind == "fact"]
    assert [(cause.code, cause.subject) for cause in facts] == [
        ("attendance_added", "b_geo"),
        ("need_added", None),
        ("need_added", "site_internet"),
    ]
    assert facts[0].fr == "Participation ajoutée : « Buffet geo », le 1er juillet 2007 (1 personne)."
    assert facts[1].fr == f"Besoin ajouté, exprimé le 1er août 2007 : « {long[:80]}… »."
    assert facts[2].en == "Need added, expressed on 2 August 2007: 'Site'."
    assert [cause.sentence("fr") for cause in difference.facts][:2] == ["1 participation de plus", "3 besoins de plus"]
    back = NOW - after
    assert [cause.sentence("en") for cause in back.facts][:2] == ["1 attendance fewer", "3 needs fewer"]
    assert [cause.code for cause in back["T3"].causes if cause.kind == "fact"] == [
        "attendance_removed",
        "need_removed",
        "need_removed",
    ]


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ({"travel_km": 40}, "travel_km", "Travel distance, km: 60 → 40."),
        ({"notice_days": 30}, "notice_days", "Days to invite people: 21 → 30."),
        ({"euros_per_km": "0.5"}, "euros_per_km", "Travel allowance, € per km: 0.35 → 0.50."),
        ({"budget": None}, "budget", "Budget less other spending: €300,000.00 → no limit."),
        ({"calendar": {}}, "calendar", "The calendar (blackouts, school holidays, elections) differs."),
        ({"catalogue": {**CATALOGUE, "follow_ups": CATALOGUE["follow_ups"][:2]}}, "catalogue", "The catalogue differs."),
    ],
)  # fmt: skip
def test_settings(change: dict[str, Any], code: str, sentence: str) -> None:
    facts = (programme(**change).recommend(ON) - NOW).facts
    assert (facts[0].code, facts[0].sentence("en")) == (code, sentence)


def test_a_setting_that_is_a_number_is_told_before_and_after() -> None:
    (cause,) = (programme(travel_km=40).recommend(ON) - NOW).facts
    assert (cause.before, cause.after) == (60.0, 40.0)


@pytest.mark.french
def test_another_reason_and_no_offer_on_either_side() -> None:
    nobody = programme(trainers=[], sessions=[], attendances=[]).recommend(ON)
    nowhere = programme(partners=[], trainers=[], sessions=[], attendances=[]).recommend(ON)
    difference = nowhere - nobody
    assert difference.changes() == {"reason": 3}
    assert difference["T1"].causes == ()
    assert "aucune cause propre au territoire" in difference.text()
    assert difference["T1"].text("en") == (
        "Territoire 1: still no recommendation: No relay partner can organise a session that is useful to this territory,"
        " either there or within travel distance (before: No qualified trainer is both within reach and free, either"
        " there or within travel distance)"
    )


@pytest.mark.french
def test_sessions_that_one_catalogue_lacks() -> None:
    raw = small()
    catalogue = {**CATALOGUE, "workshops": CATALOGUE["workshops"][1:], "follow_ups": CATALOGUE["follow_ups"][2:3]}
    trainers = [{**raw["trainers"][0], "expertise": [{"session": "b_web"}]}, raw["trainers"][1]]
    other = programme(catalogue=catalogue, trainers=trainers, needs=raw["needs"][2:]).recommend(ON)
    assert (other - NOW)["T1"].change in {"session", "lost"}
    assert "« Site »" in (other - NOW)["T1"].text()
    assert "Besoin supprimé, exprimé le 2 mai 2007 : « Site »." in (other - NOW)["T1"].text()


def test_it_reads_as_a_table() -> None:
    difference = programme().recommend(FREEZE) - NOW
    table = difference.to_polars("en")
    assert table.columns == [
        "territory", "name", "change", "said", "session_before", "session_after", "axis_before", "axis_after",
        "host_before", "host_after", "joins_before", "joins_after", "partner_before", "partner_after", "trainer_before",
        "trainer_after", "score_before", "score_after", "cost_before", "cost_after", "day_before", "day_after",
        "reason_before", "reason_after", "priority_before", "priority_after", "because",
    ]  # fmt: skip
    row = table.row(0, named=True)
    assert (row["said"], row["session_before"], row["session_after"], row["reason_after"]) == (
        "recommendation lost",
        "site_internet",
        None,
        "no_open_day",
    )
    assert pl.DataFrame(difference).equals(difference.to_polars())
    assert difference.causes("en").filter(pl.col("territory").is_null())["code"].to_list() == ["day"]
    assert {*difference.causes()["territory"].drop_nulls()} == {"T1", "T2", "T3"}
    assert (NOW - NOW).to_polars().schema == difference.to_polars().schema
    assert (NOW - NOW).causes().schema == difference.causes().schema


def test_it_reads_as_a_mapping_of_what_changed() -> None:
    difference = NOW - programme().recommend(ON, territories=["T1"])
    assert "T2" in difference
    assert "T1" not in difference
    with pytest.raises(UnknownCodeError, match="unknown changed territory: 'T1'"):
        difference["T1"]
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'; did you mean fr, en"):
        difference.text("de")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        NOW - 1  # type: ignore[operator]


def test_hostile_text_is_inert_in_notebooks() -> None:
    raw = small()
    hostile = "<script>alert(1)</script>{0}{name}"
    raw["territories"][0]["name"] = hostile
    raw["trainers"][0]["organisation"] = hostile
    raw["catalogue"] = {**CATALOGUE, "workshops": [{**w, "name": both(hostile)} for w in CATALOGUE["workshops"]]}
    made = programme(**raw)
    difference = made.recommend(FREEZE) - made.recommend(ON)
    for html in (difference._repr_html_(), difference["T1"]._repr_html_()):
        assert "<script>" not in html
        assert "&lt;script&gt;" in html
    assert hostile in difference.text()


@pytest.mark.french
def test_notebooks_show_the_first_rows(region_programme: Programme) -> None:
    september, december = (region_programme.recommend(dt.date(2007, month, 3)) for month in (9, 12))
    html = (december - september)._repr_html_()
    assert html.count("<tr>") == 11
    assert "… et 90 autres lignes" in html
    assert "<table" not in (september - september)._repr_html_()


@pytest.fixture(scope="module")
def region_programme() -> Programme:
    return with_policy(Programme.example())


@pytest.mark.french
def test_an_autumn_of_the_region(region_programme: Programme, golden: Golden) -> None:
    september, december = (region_programme.recommend(dt.date(2007, month, 3)) for month in (9, 12))
    difference = december - september
    golden("autumn_fr.txt", "\n".join(difference.text().splitlines()[:13]) + "\n")
    golden("autumn_200072106_fr.txt", difference["200072106"].text() + "\n")
    assert (
        difference.text("en").splitlines()[0]
        == "From 3 September 2007 to 3 December 2007: 100 recommendations change, of 101."
    )
    assert str(september - september) == "Au 3 septembre 2007 : aucune recommandation ne change."
