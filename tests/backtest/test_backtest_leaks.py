"""Leaks from the future into a backtest, each with a test of its own: what comes after a split changes nothing on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from histories import LOOSE, SPLIT, history
from made import CATALOGUE, programme, small
from prai_match import FollowUps, Policy
from prai_match.backtest import _exposure, _history, _settings, rankings
from prai_match.followups import attended

ON = dt.date(2007, 9, 3)
LATER = "2007-10-15"


ELSEWHERE = {
    "collectivities": [{"code": "46001", "name": "Ailleurs", "kind": "commune", "departement": "46", "population": 900}],
    "territories": [
        {
            "id": "T9", "name": "Ailleurs", "departement": "46", "members": ["46001"], "population": 900,
            "latitude": 44.9, "longitude": 1.5,
        }
    ],
}  # fmt: skip
"""A territory whose later history could teach something of the others: of itself, nothing is compared."""


NOTHING = Policy.default().with_weights(**{rule.id: 0 for rule in Policy.default().preferences if rule.id != "equity"})
"""Prefers nothing that tells the sessions of a territory apart."""


def ranked(*rankers: str, policy: Policy | None = None, **more: Any) -> pl.DataFrame:
    """The rankings of the small programme with more rows in some of its tables."""
    rows = {**ELSEWHERE, **{name: added for name, added in more.items() if isinstance(added, list)}}
    other = {name: value for name, value in more.items() if not isinstance(value, list)}
    made = programme(**{name: [*small()[name], *added] for name, added in rows.items()}, **other)
    found = rankings(made, ON, {"default": policy or Policy.default()})
    return found.filter(pl.col("ranker").is_in(rankers), pl.col("territory") != "T9")


def came(*rows: tuple[str, str, str], **fields: Any) -> list[dict[str, Any]]:
    names = ("collectivity", "session", "date")
    return [{**dict(zip(names, row, strict=True)), "elected": 2, **fields} for row in rows]


def test_baselines_learn_nothing_from_the_days_they_are_judged_on() -> None:
    before = came(("46001", "b_web", "2007-03-01"))
    later = came(("46001", "teleservices", LATER), ("46001", "site_internet", LATER))
    found = ranked("popularity", "markov", "rules", attendances=before)
    assert found.height > 20
    assert ranked("popularity", "markov", "rules", attendances=[*before, *later]).equals(found)


def test_habits_and_forecasts_know_nothing_of_later_days() -> None:
    before = [*small()["attendances"], *came(("09001", "b_web", "2007-03-01"))]
    later = came(("09001", "teleservices", LATER), ("09001", "site_internet", LATER))
    known, seen = (programme(attendances=[*before, *more]) for more in ([], later))
    habits = [_history.by_habit(known, attended(prog), ON, 120) for prog in (known, seen)]
    assert habits[0].keys() == habits[1].keys() == set(_history.HABITS)
    assert all(habits[0][name].equals(habits[1][name]) for name in _history.HABITS)


def test_what_is_attended_later_can_still_be_offered() -> None:
    later = programme(attendances=[*small()["attendances"], *came(("09001", "sig", LATER))])
    found = _history.candidates(programme(), attended(programme()), ON)
    assert found.filter(territory="T1", session="sig").height == 1
    assert _history.candidates(later, attended(later), ON).equals(found)


def test_what_is_booked_later_can_still_be_offered() -> None:
    held = {"session": "sig", "date": LATER, "host": "T1", "partner": "adm09", "trainer": "web"}
    booked = {
        day: [*small()["sessions"], {**held, "id": "b1", "booked_on": day}] for day in ("2007-09-03", "2007-09-04")
    }
    known, later = (
        _history.candidates(programme(sessions=rows), attended(programme()), ON) for rows in booked.values()
    )
    assert known.filter(territory="T1", session="sig").is_empty()
    assert later.equals(_history.candidates(programme(), attended(programme()), ON))


def test_the_follow_ups_of_a_ranking_are_learned_until_the_split() -> None:
    likely = NOTHING.with_weights(follow_up=50)
    members = ("09001", "09003", "09005", "46001")
    before = came(*((code, session, "2007-03-01") for code in members for session in ("b_web", "b_geo")), elected=9)
    after = came(("46001", "site_internet", LATER))  # without it, sig is as likely and comes first
    needs = [{"collectivity": code, "date": "2007-06-01", "workshop": "sig", "people": 9} for code in members[:3]]
    needs += [{**need, "workshop": "site_internet"} for need in needs]
    close = [{**edge, "prior": 0.4, "lag_days": 60} for edge in CATALOGUE["follow_ups"]]
    asked: dict[str, Any] = {"policy": likely, "needs": needs, "catalogue": {**CATALOGUE, "follow_ups": close}}
    found = ranked("default", attendances=before, **asked)
    assert found["session"].n_unique() > 1
    assert ranked("default", attendances=[*before, *after], **asked).equals(found)


def test_the_follow_ups_that_are_judged_are_learned_until_the_split() -> None:
    days = [(n, "b_web", dt.date(2007, 2, 1)) for n in range(1, 5)]
    days += [(n, "site_internet", dt.date(2007, 4, 20)) for n in (1, 2)] + [(4, "b_geo", dt.date(2007, 6, 20))]
    made = history(4, [*days, *((n, "sig", dt.date(2007, 9, 20)) for n in (3, 4))])
    asked, every = _settings.settings(made, [SPLIT], horizon_days=100, seed=0, **LOOSE)
    found = _exposure.predict(_exposure.pairs(made, every, asked), made, every, asked, 10.0)
    graph = FollowUps.learned(made.catalogue, every.filter(pl.col("date") <= SPLIT), SPLIT, horizon_days=100).edges()
    told = {
        (source, target): share for source, target, share in graph.select("source", "target", "probability").iter_rows()
    }
    assert found.height
    assert [told[source, target] for source, target in found.select("source", "target").iter_rows()] == found[
        "follow_ups"
    ].to_list()


def test_needs_of_later_days_are_not_seen_by_a_policy() -> None:
    later = [{"collectivity": f"0900{n}", "date": LATER, "workshop": "sig", "people": 9} for n in (1, 3, 5)]
    assert ranked("default", needs=later).equals(ranked("default"))


def test_sessions_that_a_trainer_leads_are_not_seen_before_they_are_booked() -> None:
    held = {"session": "b_web", "host": "T1", "trainer": "web", "partner": None, "booked_on": "2007-09-20"}
    later = [{**held, "id": f"x{n}", "date": f"2007-{10 + n // 20}-{n % 20 + 1:02}"} for n in range(40)]
    assert ranked("default", sessions=later).equals(ranked("default"))


def test_money_that_is_spent_later_is_not_spent_yet() -> None:
    later = {"id": "h9", "session": "b_geo", "date": LATER, "host": "T1", "cost": "4000"}
    found = ranked("default", budget={"total": "5000"})
    assert found.height
    assert ranked("default", budget={"total": "5000"}, sessions=[later]).equals(found)


def test_ratings_of_later_sessions_are_not_known_yet() -> None:
    liked = NOTHING.prefer("session_rating / 4", id="liked", weight=90, stage="session")
    before = came(("46001", "b_geo", "2007-03-01"), rating=3.0)
    later = came(("46001", "b_geo", LATER), rating=4.0) + came(("46001", "b_web", LATER), rating=2.0)
    found = ranked("default", policy=liked, attendances=before)
    assert ranked("default", policy=liked, attendances=[*before, *later]).equals(found)
