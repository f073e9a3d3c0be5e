"""What the history of a programme tells a simulation: each number by hand, laws, and numbers found again."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

import made
from calibrated import HISTORY, by_history, numbers, shuffled
from prai_match import Programme
from prai_match.errors import PraiError
from prai_match.register import haversine_km
from prai_match.simulate import Behaviour, Scenario, parameters
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.simulate import Outcomes

MEAN = 0.5 * 20  # the default of the needs in a year, as it weighs


def seen() -> Programme:
    """Two sessions in the four months before July 2007, of which the second has registrations."""
    small = made.small()
    web = {"collectivity": "09001", "session": "site_internet", "date": "2007-05-15", "held": "h2"}
    second = {"id": "h2", "session": "site_internet", "date": "2007-05-15", "host": "T1", "partner": "adm09"}
    return made.programme(
        sessions=[*small["sessions"], second],
        attendances=[
            *small["attendances"],
            {**web, "elected": 2, "technicians": 0, "rating": 3.0},
            {**web, "collectivity": "09003", "elected": 1, "technicians": 1},
        ],
        needs=[
            *small["needs"],
            {"collectivity": "09004", "date": "2007-03-20", "channel": "buffet", "workshop": "teleservices"},
            {"collectivity": "09006", "date": "2007-04-20", "text": "Aide pour refaire la toiture de l'école."},
        ],
        registrations=[
            {"session": "h2", "collectivity": code, "people": people}
            for code, people in (("09001", 3), ("09003", 2), ("09006", 2))
        ],
    )


def away(degrees: float) -> float:
    """How many of those invited come from so far to the north, of those who would come at home."""
    place = pl.DataFrame({"north": [43.2], "east": [1.5], "far": [43.2 + degrees]})
    km = place.select(haversine_km("north", "east", "far", "east")).item()
    return math.exp(-float(km) / 200)


def test_each_number_counted_by_hand() -> None:
    told = numbers(seen(), dt.date(2007, 7, 20))
    pairs, alone = 0.7**6 + 2 * 0.7**2, 0.3**6 + 2 * 0.3**2  # only officials, only technicians, of 6, 2 and 2 people
    together = (20 * 0.5 + 2 - 3 + pairs + alone) / (20 + pairs + alone)
    by_hand = {
        ("sessions_a_month", None): ((24 * 0.35 + 2) / (24 + 2 * 4), 2),  # two relays, from March to June
        ("relay_weights", "adm09"): ((4 + 2) / (4 + 1), 2),
        ("relay_weights", "cg09"): (4 / (4 + 1), 0),
        ("channels", "other"): ((20 * 0.07 + 4) / 24, 4),
        ("channels", "mail"): (20 * 0.27 / 24, 0),
        ("channels", "phone"): (0.0, 0),
        ("interest", "site_internet"): ((4 + 2) / (4 + 1), 2),
        ("interest", "sig"): (1.0, 1),
        ("interest", "teleservices"): (4 / 5, 0),  # asked for after a buffet alone
        ("unclear", None): ((40 * 0.06 + 1) / 45, 5),
        ("stated", None): ((40 * 0.15 + 4) / 45, 5),
        ("asks_after_buffet", None): ((20 * 0.6 + 1) / 21, 1),
        ("asks_after_workshop", None): (20 * 0.12 / 22, 2),
        ("usual_people", None): ((20 * 4 + 10) / 23, 3),
        ("together", None): (together, 3),
        ("elected", None): ((40 * 0.6 + 7 - together * (alone - pairs)) / 50, 10),
        ("rating", None): ((40 * 3.58 + 3) / 41, 1),
        ("rating_buffet", None): ((40 * 3.35 + 3.5) / 41, 1),
        ("rates", None): ((40 * 0.88 + 2) / 43, 3),
        ("comes", None): ((40 * 0.9 + 4) / (40 + 3 + 2 * away(0.2) + 2 * away(0.4)), 7),
    }
    for key, (value, count) in by_hand.items():
        assert told[key] == (pytest.approx(value, abs=1e-6), count, "history"), key
    # Three territories of the mean size: of all neighbours a third attended from March on, two thirds from May on.
    rate, count, _ = told["asks_a_year", None]
    asked = sum(6 * (1 - math.exp(-rate / 12 * (1 + 2 * heard))) for heard in (1 / 3, 2 / 3))
    assert rate * 20 + asked == pytest.approx(MEAN + 4, abs=1e-4)
    assert count == 4


def test_late_attendances_have_raised_a_part_of_their_needs() -> None:
    attended = made.small()["attendances"]
    late = {**attended[0], "collectivity": "09001", "date": "2007-05-20", "held": None}
    told = numbers(made.programme(attendances=[*attended, late]), dt.date(2007, 6, 1))
    assert told["asks_after_buffet", None][0] == pytest.approx(20 * 0.6 / (20 + 1 + 9 / 26), abs=1e-6)


def test_without_a_history_all_is_the_default(example: Programme) -> None:
    none: dict[str, Any] = dict.fromkeys(HISTORY, ())
    for programme in (made.programme(**none), example.model_copy(update=none)):
        told, defaults = numbers(programme, dt.date(2008, 1, 1)), Behaviour()
        assert {origin for _, _, origin in told.values()} == {"default"}
        assert {count for _, count, _ in told.values()} == {None}
        for (name, of), (value, _, _) in told.items():
            default = getattr(defaults, name)
            assert value == (default.get(of) if isinstance(default, dict) else None if of else _plain(default))


def _plain(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def test_what_a_scenario_gives_is_its_own(example: Programme) -> None:
    given = Scenario.of("given", comes=0.9, channels={"visit": 1.0}, freeze_known_days=0)
    told = numbers(example, dt.date(2008, 1, 1), given)
    assert told["comes", None] == (0.9, None, "scenario")
    assert [of for name, of in told if name == "channels"] == ["visit"]
    assert told["freeze_known_days", None] == (0.0, None, "scenario")
    assert told["elected", None][2] == "history"


@pytest.mark.parametrize(("lang", "said"), [("fr", "avant le 1er janvier 2008"), ("en", "before 1 January 2008")])
def test_each_number_says_where_it_comes_from(example: Programme, lang: Any, said: str) -> None:
    frame = by_history(example, dt.date(2008, 1, 20), Scenario.of("given", comes=0.8)).parameters(lang)
    sources = dict(frame.select("parameter", "source").iter_rows())
    assert said in sources["elected"]
    assert sources["size"] == parameters()["size"].source(lang)
    assert sources["comes"] in {"Given by the scenario.", "Donné par le scénario."}
    assert frame["parameter"].unique(maintain_order=True).to_list() == list(parameters())


def test_a_simulation_is_that_of_the_numbers_that_the_history_tells(example: Programme) -> None:
    start, end = dt.date(2007, 9, 1), dt.date(2007, 12, 31)
    told: dict[str, Any] = {}
    for (name, of), (value, _, origin) in numbers(example, start).items():
        if origin == "history":
            told[name] = value if of is None else {**told.get(name, {}), of: value}
    scenarios = [Scenario(name="now"), Scenario.of("told", **told), Scenario.of("defaults", **Behaviour().model_dump())]
    found = example.simulate(scenarios, start, end, replications=2)
    apart = found.differences().group_by("scenario").agg(pl.col("low", "high").abs().max())
    assert apart.filter(scenario="told").row(0)[1:] == (0.0, 0.0)
    assert apart.filter(scenario="defaults").row(0)[1:] > (0.0, 0.0)


def test_a_default_that_is_given_is_another_simulation(tmp_path: Path) -> None:
    small, days = made.programme(), (dt.date(2008, 1, 1), dt.date(2008, 1, 31))
    small.simulate(Scenario(name="now"), *days, replications=1, folder=tmp_path)
    with pytest.raises(PraiError):
        small.simulate(Scenario.of("now", comes=0.9), *days, replications=1, folder=tmp_path)


@given(made.crowded(), st.randoms(use_true_random=False))
@examples(30)
def test_the_order_of_rows_changes_nothing(drawn: dict[str, Any], chance: Any) -> None:
    start = dt.date(2007, 7, 1)
    told = numbers(Programme.model_validate(drawn), start)
    assert numbers(Programme.model_validate(shuffled(drawn, chance)), start) == told


@given(made.crowded(), st.dates(dt.date(2006, 10, 1), dt.date(2008, 12, 1)))
@examples(30)
def test_numbers_are_within_the_bounds_of_their_fields(drawn: dict[str, Any], start: dt.date) -> None:
    values: dict[str, Any] = {}
    for (name, of), (value, count, origin) in numbers(Programme.model_validate(drawn), start).items():
        if origin == "history":
            assert count >= 0
            values[name] = value if of is None else {**values.get(name, {}), of: value}
    Behaviour.model_validate(values)
    assert sum(values.get("channels", {"visit": 1.0}).values()) == pytest.approx(1, abs=1e-4)


@given(st.integers(0, 5), st.integers(0, 5), st.integers(1, 4))
@examples(20)
def test_more_history_moves_from_the_default_to_what_was_seen(unclear: int, clear: int, times: int) -> None:
    each = {"collectivity": "09001", "date": "2007-05-02", "channel": "visit"}
    texts = ["Aide pour refaire la toiture de l'école."] * unclear + ["Refonte du site internet."] * clear
    needs = [{**each, "text": text} for text in texts] or [{**each, "workshop": "sig"}]
    seen_share = unclear / len(needs)
    found = [
        numbers(made.programme(needs=needs * n), dt.date(2007, 8, 1))["unclear", None][0] for n in (times, 5 * times)
    ]
    order = sorted([0.06, seen_share])
    assert order[0] - 1e-6 <= min(found) <= max(found) <= order[1] + 1e-6
    assert abs(found[1] - seen_share) <= abs(found[0] - seen_share)


KNOWN: dict[str, Any] = {
    "elected": 0.5,
    "together": 0.2,
    "asks_after_buffet": 0.3,
    "asks_after_workshop": 0.3,
    "rates": 0.6,
    "unclear": 0.2,
    "stated": 0.3,
    "rating": 3.2,
    "rating_buffet": 3.0,
}
INTEREST = {
    "sig": 3.0,
    "site_internet": 0.3,
    "dematerialisation": 0.8,
    "teleservices": 0.6,
    "organisation_interne": 0.3,
}
CHANNELS = {"visit": 0.1, "mail": 0.1, "survey": 0.1, "web": 0.1, "other": 0.3, "phone": 0.3}
RELAYS = {"adm09": 2.0, "adm31": 2.0, "adm12": 0.5, "adm81": 0.5, "adm65": 0.5, "adm82": 0.5, "cg32": 0.5}


def test_what_a_simulation_was_played_with_is_found_again(example: Programme) -> None:
    empty = example.model_copy(update=dict.fromkeys(HISTORY, ()))
    relays: dict[str, Any] = {"sessions_a_month": 0.6, "relay_weights": RELAYS}
    asks: dict[str, Any] = {"asks_a_year": 1.0, "interest": INTEREST, "channels": CHANNELS}
    played = Scenario.of("played", **KNOWN, **relays, **asks)
    outcomes = empty.simulate(played, dt.date(2006, 9, 1), dt.date(2007, 12, 31), replications=1)
    told = {key: value for key, (value, _, _) in numbers(outcomes.again(0), dt.date(2008, 1, 1)).items()}
    for name, value in KNOWN.items():
        assert told[name, None] == pytest.approx(value, abs=0.12 if name.startswith("rating") else 0.06), name
    assert told["asks_a_year", None] == pytest.approx(1.0, rel=0.2)
    for channel, share in CHANNELS.items():
        assert told["channels", channel] == pytest.approx(share, abs=0.05), channel
    for workshop, weight in INTEREST.items():
        assert told["interest", workshop] == pytest.approx(weight, abs=0.25), workshop
    # Sessions are seen, not the time that relays had for more.
    assert 0.35 <= told["sessions_a_month", None] <= 0.6
    assert min(told["relay_weights", "adm09"], told["relay_weights", "adm31"]) > 1.4
    assert max(told["relay_weights", "adm12"], told["relay_weights", "cg32"]) < 1


def test_the_first_months_are_held_against_the_last_of_the_history(outcomes: Outcomes, example: Programme) -> None:
    found = outcomes.against_history().filter(scenario="baseline")
    measures = ["decided", "needs", "buffets", "elected", "elected_share", "served", "technicians", "workshops"]
    assert found["measure"].to_list() == measures
    assert found["month"].to_list() == [dt.date(2007, 3, 1)] * 2 + [dt.date(2007, 4, 1)] * 6  # March has no notice
    assert set(found["months"]) == {4}  # from November on
    first, last = dt.date(2006, 11, 1), dt.date(2007, 2, 28)
    home = {code: each.id for each in example.territories for code in each.members}
    came = [each for each in example.attendances if each.date <= last]
    elected = sum(each.elected or 0 for each in came)
    technicians = sum(each.technicians or 0 for each in came)
    history = dict(found.select("measure", "history").iter_rows())
    assert history["decided"] == sum(first <= (each.booked_on or each.date) <= last for each in example.sessions) / 4
    assert history["needs"] == sum(each.date <= last for each in example.needs) / 4
    assert history["served"] == len({(home[each.collectivity], each.session, each.date) for each in came}) / 4
    assert (history["elected"], history["technicians"]) == (elected / 4, technicians / 4)
    assert history["elected_share"] == elected / (elected + technicians)
    held = [each.session for each in example.sessions if each.date <= last]
    assert history["workshops"] == sum(not each.startswith("buffet") for each in held) / 4
    assert history["buffets"] == len(held) / 4 - history["workshops"]
    monthly = outcomes.monthly("served").filter(scenario="baseline", month=dt.date(2007, 4, 1)).row(0, named=True)
    served = found.filter(measure="served").row(0, named=True)
    assert [served[name] for name in ("low", "median", "high")] == [monthly[name] for name in ("low", "median", "high")]
    assert served["within"] == (served["low"] <= served["history"] <= served["high"])


def test_months_without_a_history_are_held_against_nothing() -> None:
    empty = made.programme(**dict.fromkeys(HISTORY, ()))
    found = empty.simulate(Scenario(name="now"), dt.date(2008, 9, 1), dt.date(2008, 10, 31), replications=1)
    assert found.against_history().is_empty()
    frozen = made.programme().simulate(Scenario(name="now"), dt.date(2008, 2, 1), dt.date(2008, 3, 31), replications=1)
    assert frozen.against_history().is_empty()
