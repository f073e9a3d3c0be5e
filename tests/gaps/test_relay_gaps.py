"""Where relays are missing: which gaps there are, who waits, and what each structure would serve."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import ON, crowded, programme, small, with_policy
from plan import plans
from prai_match import Programme, UnknownCodeError, io
from prai_match.gaps import table
from schemas import wrong
from thorough import examples

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match.gaps import RelayGaps
    from prai_match.plan import Plan

RELAY = small()["partners"][0]  # carries all sessions
MIDI = Programme.example()


@pytest.fixture(scope="module")
def midi() -> RelayGaps:
    """The gaps of the bundled region."""
    return MIDI.relay_gaps(ON)


def gaps(**changes: Any) -> RelayGaps:
    return plans.programme(**changes).relay_gaps(ON)


def causes(found: RelayGaps) -> dict[str, str]:
    return dict(found.gaps.select("session", "cause").iter_rows())


def test_a_programme_whose_relays_cover_and_carry_all_with_room_has_no_gap() -> None:
    found = gaps()
    assert (bool(found), found.gaps.height, found.structures.height) == (False, 0, 0)
    assert found.text("fr").splitlines()[-1].startswith("Dans chaque département, chaque session a un relais")


def test_the_cause_is_the_nearest_thing_that_fails() -> None:
    away = {**RELAY, "id": "away", "departements": ["31"]}
    assert set(causes(gaps(partners=[away], sessions=[], attendances=[])).values()) == {"covers"}
    some = causes(gaps(partners=[{**RELAY, "carries": ["b_web", "sig"]}]))
    assert some == dict.fromkeys(["b_geo", "site_internet", "teleservices"], "carries")
    full = gaps(partners=[{**RELAY, "sessions_a_year": 1}])  # of which h1 is in the year around all days
    assert set(causes(full).values()) == {"room"}
    assert {*full.gaps["partners"].explode(empty_as_null=False)} == {"adm09"}
    both = causes(gaps(partners=[{**RELAY, "sessions_a_year": 1, "carries": ["b_web"]}]))
    assert both == {"b_web": "room"} | dict.fromkeys(["b_geo", "sig", "site_internet", "teleservices"], "carries")


def test_a_relay_that_left_covers_nothing() -> None:
    left = gaps(partners=[{**RELAY, "until": "2007-08-31"}])
    assert set(causes(left).values()) == {"covers"}


def test_what_a_policy_has_a_relay_for_is_no_gap() -> None:
    made = programme(partners=[{**RELAY, "carries": ["b_web"]}])
    assert made.relay_gaps(ON).gaps.height == 4
    lenient = made.policy.without("partner_carries")
    assert made.with_policy(lenient).relay_gaps(ON).gaps.height == 0


def test_those_wait_who_have_no_seat() -> None:
    found = gaps(partners=[{**RELAY, "carries": ["b_web", "b_geo", "sig", "teleservices"]}])
    (row,) = found.gaps.rows(named=True)
    assert (row["session"], row["needs"], row["people"], row["seated"]) == ("site_internet", 2, 11, 0)
    waits = found.waiting.filter(session="site_internet", seated=False)
    assert row["territories"] == waits.height
    assert {"T1", "T2"} <= {*waits["territory"]}
    season = plans.programme(partners=[RELAY]).recommend(ON).together()
    held = season.sessions.filter(session="site_internet")["id"]
    assert "T1" in season.seats.filter(pl.col("session").is_in(held.implode()))["territory"]


def test_a_need_to_be_confirmed_waits_too() -> None:
    partners = [{**RELAY, "carries": ["b_web"]}]
    later = plans.programme(partners=partners).relay_gaps(dt.date(2008, 6, 2))  # the council was renewed in March
    assert later.gaps.filter(session="site_internet").select("needs", "people").row(0) == (2, 11)


def _served(season: Plan, structure: str, takes: list[str], departement: str) -> tuple[int, int, int, Any]:
    """Sessions, territories, people and cost, counted by hand from the public frames."""
    hosts = {each.id for each in season.inputs.programme.territories if each.departement == departement}
    held = [
        row
        for row in season.sessions.iter_rows(named=True)
        if row["partner"] == structure and row["session"] in takes and row["host"] in hosts and not row["booked"]
    ]
    codes = {row["id"] for row in held}
    seats = [row for row in season.seats.iter_rows(named=True) if row["session"] in codes]
    people = sum(row["elected"] + row["technicians"] for row in seats)
    costs = [row["cost"] for row in held]
    return len(held), len({row["territory"] for row in seats}), people, None if None in costs else sum(costs)


def check(made: Programme, found: RelayGaps, most: int = 100) -> None:
    """A structure, added to the programme, serves what was said."""
    before = made.recommend(found.answers.on).together()
    for row in found.structures.head(most).iter_rows(named=True):
        after = made.with_partners([found.partner(row["departement"], row["structure"])])
        season = after.recommend(found.answers.on).together()
        said = (row["sessions"], row["territories"], row["people"], row["cost"])
        assert said == _served(season, row["structure"], row["takes"], row["departement"])
        assert row["more_seats"] == season.seats.height - before.seats.height
        assert row["waited"] <= row["territories"]
        gone = after.relay_gaps(found.answers.on, top=1).gaps.filter(departement=row["departement"])
        assert not {*gone["session"]} & {*row["takes"]}


def test_a_structure_of_the_bundled_region_serves_what_was_said() -> None:
    found = MIDI.relay_gaps(dt.date(2008, 6, 2))
    assert found.structures["structure"][0] == "cg32"
    check(MIDI, found)


@examples(12)
@given(crowded(), st.sampled_from([["b_web"], ["sig"], ["site_internet", "b_geo"]]), st.integers(0, 3))
def test_of_any_programme(data: dict[str, Any], carries: list[str], limit: int) -> None:
    for partner in data["partners"]:
        partner |= {"carries": carries, "sessions_a_year": limit}
    made = with_policy(Programme.model_validate(data))
    found = made.relay_gaps(ON, top=2)
    numbers = found.gaps.select("people", "needs", "territories").rows()
    assert numbers == sorted(numbers, reverse=True)
    assert [*found.gaps["rank"]] == [*range(1, found.gaps.height + 1)]
    check(made, found, 2)


def test_the_order_of_rows_changes_nothing() -> None:
    data = plans.data(partners=[{**RELAY, "carries": ["b_web"]}, *small()["partners"][1:]])
    data["partners"][1] |= {"carries": ["b_geo"], "sessions_a_year": 1}
    found = plans.programme(**data).relay_gaps(ON)
    turned = {name: rows[::-1] if isinstance(rows, list) else rows for name, rows in data.items()}
    other = plans.programme(**turned).relay_gaps(ON)
    assert other.to_json() == found.to_json()
    assert other.waiting.equals(found.waiting)


def test_structures_are_tried_for_the_first_gaps_alone() -> None:
    assert MIDI.relay_gaps(ON, top=1).structures.height
    with pytest.raises(ValueError, match="top"):
        MIDI.relay_gaps(ON, top=0)


def test_a_structure_that_is_not_there_is_unknown(midi: RelayGaps) -> None:
    with pytest.raises(UnknownCodeError, match="cg32"):
        midi.partner("32", "cg31")


def test_what_a_structure_would_do_more_is_named() -> None:
    partners = [{**RELAY, "carries": ["b_web"], "sessions_a_year": 1}]
    found = plans.programme(partners=partners).relay_gaps(ON)
    own = found.structures.row(0, named=True)
    assert (own["structure"], own["changes"]) == ("adm09", ["carries", "room"])
    more = found.partner("09", "adm09")
    assert more.sessions_a_year == 1 + found.gaps.height
    assert {*more.carries} == {"b_web", *found.gaps["session"]}


def test_the_largest_epci_of_the_register_and_kinds_are_tried(midi: RelayGaps) -> None:
    rows = midi.structures
    assert rows.filter(kind="epci")["name"].to_list() == [
        "CA Grand Auch Coeur de Gascogne",
        "CC de la Lomagne Gersoise",
    ]
    assert rows.filter(structure="adm_32").select("kind", "sessions_a_year").row(0) == ("adm", 8)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(("region", "day"), [("midi_pyrenees", ON), ("occitanie_2026", dt.date(2026, 9, 7))])
def test_texts(golden: Golden, region: str, day: dt.date, lang: Any) -> None:
    golden(f"{region}.{lang}.txt", Programme.example(region).relay_gaps(day).text(lang))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_texts_of_relays_that_are_full_and_of_none(golden: Golden, lang: Any) -> None:
    data = plans.data()
    data["partners"] = [{**RELAY, "sessions_a_year": 1}, {**RELAY, "id": "adm31", "departements": ["31"]}]
    full = plans.programme(**data)
    none = plans.programme(partners=[], sessions=[], attendances=[])
    golden(f"made.{lang}.txt", full.relay_gaps(ON).text(lang) + "\n" + none.relay_gaps(ON).text(lang))


def test_the_table_and_json(midi: RelayGaps) -> None:
    for lang in ("fr", "en"):
        rows = table(midi, lang)
        assert rows.height == midi.gaps.height
        assert "Gers (32)" in rows.row(0)
    assert io.encoded(table(midi, "fr"), "xlsx")
    data = midi.to_json()
    assert wrong("relay_gaps", data) == []
    assert (data["on"], len(data["gaps"]), len(data["structures"])) == ("2007-09-03", 6, 6)
    assert pl.DataFrame(midi).equals(midi.gaps.with_columns(pl.col("partners").list.join(" ")))
    assert repr(midi) == "<RelayGaps on 2007-09-03: 6 gaps, 6 structures>"


def test_no_person_is_named() -> None:
    partners = [{**RELAY, "name": "Mairie, M. Dupont, jean.dupont@mairie.fr", "carries": ["b_web"]}]
    found = plans.programme(partners=partners).relay_gaps(ON)
    assert "dupont" not in found.text("fr").lower()
    assert "dupont" not in found.html("fr").lower()
    assert "dupont" not in str(table(found, "fr").rows()).lower()
