"""A backtest computed by hand, what counts and what doesn't, and when it is refused."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from typing import Any

import polars as pl
import pytest

from histories import LOOSE, SPLIT, UNTIL, Came, history
from made import POLICY, SESSIONS, programme as made_programme
from prai_match import BacktestError, Policy, PolicyError, Programme
from prai_match.backtest import BASELINES, Backtest, _history, rankings
from prai_match.followups import attended

MARCH, MAY = dt.date(2007, 3, 1), dt.date(2007, 5, 1)
BEFORE: list[Came] = [
    (1, "b_web", MARCH),
    (1, "site_internet", MAY),
    (2, "b_web", MARCH),
    (3, "b_geo", MARCH),
    (4, "b_web", MARCH),
    (4, "site_internet", MAY),
    (6, "b_geo", MARCH),
    (6, "sig", MAY),
    (7, "b_geo", MARCH),
    (7, "sig", MAY),
]
AFTER: list[Came] = [
    (1, "b_web", dt.date(2007, 7, 1)),  # again: not judged
    (2, "site_internet", dt.date(2007, 7, 1)),
    (3, "sig", dt.date(2007, 8, 1)),
    (3, "b_web", dt.date(2007, 8, 15)),
    (4, "teleservices", dt.date(2007, 11, 1)),  # after the horizon
    (5, "sig", dt.date(2007, 9, 29)),  # on its last day
    (6, "teleservices", SPLIT),  # on the split: known
]


def run(*came: Came, **asked: Any) -> Backtest:
    changes = {name: asked.pop(name) for name in ("sessions", "calendar") if name in asked}
    territories = max(number for number, *_ in came)
    return history(territories, came, **changes).backtest(**{"splits": [SPLIT], **LOOSE, **asked})


def value(found: Backtest, ranker: str, measure: str) -> float:
    return float(found.measures.filter(ranker=ranker, measure=measure)["value"].item())


def ranked(prog: Programme, policies: dict[str, Policy] | None = None) -> pl.DataFrame:
    """What could be offered on the split, by each ranker."""
    possible = _history.candidates(prog, attended(prog), SPLIT)
    return _history.among(rankings(prog, SPLIT, policies), possible)


def order(came: list[Came], ranker: str, territory: int) -> list[str]:
    found = ranked(history(max(number for number, *_ in came), came))
    return found.filter(ranker=ranker, territory=f"T{territory:02}").sort("rank")["session"].to_list()


def test_baselines_are_measured_as_by_hand() -> None:
    found = run(*BEFORE, *AFTER)
    # Popularity: b_geo 3, b_web 3, sig 2, site_internet 2, teleservices 1. The truths come third for T02, first and
    # second for T03, third for T05.
    assert value(found, "popularity", "hit_1") == pytest.approx(1 / 3)
    assert value(found, "popularity", "hit_3") == 1
    assert value(found, "popularity", "mrr") == pytest.approx((1 / 3 + 1 + 1 / 3) / 3)
    assert value(found, "popularity", "ndcg") == pytest.approx((0.5 + 1 + 0.5) / 3)
    # After b_web came site_internet, after b_geo sig: T02 and T03 are right at once.
    for ranker in ("markov", "rules"):
        assert value(found, ranker, "hit_1") == pytest.approx(2 / 3)
        assert value(found, ranker, "mrr") == pytest.approx((1 + 1 + 1 / 3) / 3)
    # One truth among 4, two among 4, one among 5.
    assert value(found, "random", "hit_1") == pytest.approx((1 / 4 + 2 / 4 + 1 / 5) / 3)
    assert value(found, "random", "hit_3") == pytest.approx((3 / 4 + 1 + 3 / 5) / 3)


def test_several_truths_make_one_case_with_one_ndcg() -> None:
    case = run(*BEFORE, *AFTER).cases.filter(ranker="popularity", territory="T03").row(0, named=True)
    assert (case["truths"], case["candidates"], case["first"], case["hit_1"]) == (2, 4, 1, 1.0)
    late = [(1, "b_web", MARCH), (2, "teleservices", dt.date(2007, 7, 1)), (2, "sig", dt.date(2007, 7, 2))]
    case = run(*late).cases.filter(ranker="popularity", territory="T02").row(0, named=True)
    # b_web, b_geo, sig, site_internet, teleservices: the truths are third and fifth.
    gain = 1 / math.log2(4) + 1 / math.log2(6)
    assert case["ndcg"] == pytest.approx(gain / (1 + 1 / math.log2(3)))
    assert (case["first"], case["hit_1"], case["hit_3"], case["mrr"]) == (3, 0, 1, pytest.approx(1 / 3))


def test_what_counts_is_told() -> None:
    found = run(*BEFORE, *AFTER)
    assert found.splits.row(0, named=True) == {
        "split": SPLIT,
        "territories": 7,
        "known": 11,
        "cases": 3,
        "without": 4,
        "truths": 4,
        "booked": 0,
        "repeated": 1,
    }
    assert found.territories == 3
    assert repr(found) == "<Backtest: 1 splits, 3 cases of 3 territories>"
    assert found.cases.filter(ranker="default")["territory"].to_list() == ["T02", "T03", "T05"]


def test_attendances_at_sessions_booked_by_the_split_are_truths_and_told() -> None:
    held = {"id": "h", "session": "sig", "date": "2007-08-01"}
    for booked_on, told in (("2007-05-31", 1), ("2007-06-01", 1), ("2007-06-02", 0), (None, 0)):
        booking = held | ({"booked_on": booked_on} if booked_on else {})
        found = run(*BEFORE, *AFTER, sessions=[{**booking, "host": "T01"}])
        assert (found.splits["truths"].item(), found.splits["booked"].item()) == (4, told)
        its_own = run(*BEFORE, *AFTER, sessions=[{**booking, "host": "T03"}]).splits
        assert (its_own["truths"].item(), its_own["repeated"].item()) == (4 - told, 1 + told), "it isn't offered"


def test_after_a_renewal_what_was_attended_before_is_a_candidate_again() -> None:
    election = {"date": "2007-05-20", "name": {"fr": "Élection", "en": "Election"}}
    found = run(*BEFORE, *AFTER, calendar={"elections": [election]})
    assert found.splits["repeated"].item() == 0
    assert found.cases.filter(ranker="default", territory="T01")["candidates"].item() == 5
    between = {"date": "2007-06-20", "name": {"fr": "Élection", "en": "Election"}}
    found = run(*BEFORE, *AFTER, calendar={"elections": [between]})
    assert found.splits["repeated"].item() == 1


def test_markov_goes_by_the_last_buffet_and_rules_by_the_surest() -> None:
    came = [*BEFORE, (8, "b_web", MARCH), (8, "b_geo", dt.date(2007, 3, 2)), (9, "b_web", MARCH)]
    came.append((9, "site_internet", MAY))
    # Rules: b_web leads to site_internet for 3 of 5, b_geo to sig for 2 of 4.
    assert order(came, "rules", 8) == ["site_internet", "sig", "teleservices"]
    assert order(came, "markov", 8) == ["sig", "site_internet", "teleservices"]
    assert order(came, "popularity", 8) == ["site_internet", "sig", "teleservices"]


def test_rules_need_support_and_later_days() -> None:
    once = [(1, "b_web", MARCH), (1, "sig", MAY), (2, "b_web", MARCH), (3, "b_geo", MARCH), (3, "site_internet", MARCH)]
    # Each pair was seen once, or on the same day: popularity decides, then the code.
    assert order(once, "rules", 2) == ["b_geo", "sig", "site_internet", "teleservices"]
    assert order(once, "markov", 2) == ["sig", "b_geo", "site_internet", "teleservices"]
    assert order(once, "markov", 3) == ["b_web", "sig", "teleservices"]


def test_new_and_repeated_sessions_are_judged_apart_and_together() -> None:
    found = run(*BEFORE, *AFTER)
    events = found.events.filter(measure="hit_1")
    cases = {kind: rows["cases"].max() for (kind,), rows in events.group_by("events")}
    assert cases == {"all": 4, "new": 3, "repeat": 1}  # T01 comes to the buffet again
    new = dict(events.filter(events="new").select("ranker", "value").iter_rows())
    assert all(new[ranker] == value(found, ranker, "hit_1") for ranker in ("default", *BASELINES))
    again = dict(events.filter(events="repeat").select("ranker", "value").iter_rows())
    # T01 attended the workshop last; as often as the buffet, which is more popular.
    assert (again["recency"], again["frequency"], again["popularity"], again["random"]) == (0, 1, 1, 0.5)
    assert again["default"] == 0  # nothing is to be attended again
    every = events.filter(events="all", ranker="frequency").row(0, named=True)
    assert (every["territories"], every["cases"]) == (4, 4)


def test_what_is_known_of_few_is_called_descriptive() -> None:
    told = run(*BEFORE, *AFTER, level=0.8).text("en")
    assert "Repeats, among sessions attended before (1 case, 1 territory): descriptive figures, " in told


def test_a_policy_that_offers_nothing_misses() -> None:
    none = POLICY.require("population > 2000", id="large_only")
    found = run(*BEFORE, *AFTER, policies={"none": none, "default": POLICY})
    cases = found.cases.filter(ranker="none", territory="T02").row(0, named=True)
    assert (cases["offered"], cases["first"], cases["hit_1"], cases["mrr"], cases["ndcg"]) == (False, None, 0, 0, 0)
    assert value(found, "none", "coverage") < value(found, "default", "coverage")
    assert value(found, "popularity", "coverage") == 1


def test_a_policy_that_offers_again_is_ranked_on_the_same_candidates() -> None:
    again = POLICY.without("not_attended")
    found = ranked(history(7, BEFORE), {"again": again})
    offered = history(7, BEFORE).recommend(SPLIT, top=8, policy=again).ranking()
    assert offered.join(found.filter(ranker="again"), on=["territory", "session"], how="anti").height > 0
    assert (
        found.filter(ranker="again")
        .join(found.filter(ranker="popularity"), on=["territory", "session"], how="anti")
        .is_empty()
    )
    assert (found.group_by("ranker", "territory").agg((pl.col("rank").max() == pl.len()).alias("dense"))["dense"]).all()


def test_policies_are_compared_with_each_other_and_with_the_best_baseline() -> None:
    found = run(*BEFORE, *AFTER, policies={"one": POLICY, "two": POLICY})
    hit = found.differences.filter(measure="hit_1")
    assert hit.filter(ranker="one")["other"].to_list() == ["two", *BASELINES]
    assert hit.filter(ranker="two")["other"].to_list() == list(BASELINES)
    same = hit.filter(other="two").row(0, named=True)
    assert (same["difference"], same["low"], same["best"]) == (0, None, False)
    for row in hit.iter_rows(named=True):
        apart = value(found, row["ranker"], "hit_1") - value(found, row["other"], "hit_1")
        assert row["difference"] == pytest.approx(apart, abs=1e-8)
    best = hit.filter(pl.col("best"), ranker="one")["other"].item()
    assert value(found, best, "hit_1") == max(value(found, name, "hit_1") for name in BASELINES)


FOLLOWS = Policy.from_toml("""
id = "follows"
name = { fr = "Suites", en = "Follow-ups" }
[[rule]]
id = "new"
stage = "session"
require = "NOT attended"
unknown = "refuse"
reason = "all_attended"
fr = "f"
en = "e"
[[rule]]
id = "follow_up"
stage = "session"
prefer = "follow_probability"
weight = 1
fr = "f"
en = "e"
""")
"""A policy that reads no relay and no trainer."""


def test_without_relays_or_trainers_the_rules_that_read_none_rank() -> None:
    came = [*BEFORE, *AFTER]
    relay = {"id": "p", "name": "Relais", "kind": "adm", "departements": ["09", "31"]}
    trainer = {"id": "t", "organisation": "O", "role": "R", "home": "09001", "latitude": 43.2, "longitude": 1.5}
    trainer |= {"reach_km": 500, "expertise": [{"session": session} for session in SESSIONS]}
    whole = history(7, came, partners=[relay], trainers=[trainer]).backtest([SPLIT], {"follows": FOLLOWS}, **LOOSE)
    reading = FOLLOWS.prefer("partner_hosted", id="of_partner", stage="partner", weight=50)
    reading = reading.prefer("trainer_rating / 4", id="of_trainer", stage="trainer", weight=50)
    policies = {"follows": FOLLOWS, "reading": reading}
    found = history(7, came, partners=[], trainers=[]).backtest([SPLIT], policies, **LOOSE)
    assert (whole.stand_ins, found.stand_ins) == ({}, {"partners": ("of_partner",), "trainers": ("of_trainer",)})
    assert value(found, "follows", "hit_1") > 0
    as_whole = whole.cases.filter(ranker="follows").drop("ranker")
    assert all(found.cases.filter(ranker=name).drop("ranker").equals(as_whole) for name in policies)


def test_what_stands_in_for_relays_and_trainers_is_told() -> None:
    came = [*BEFORE, *AFTER]
    found = history(7, came, partners=[]).backtest([SPLIT], {"default": POLICY}, **LOOSE)
    (rules,) = found.stand_ins.values()
    assert "partner_covers" in rules
    assert not {"partner_present", "trainer_knows_session", "equity"} & {*rules}
    told = found.text("en")
    assert (
        "The programme has no relay partner: offers are ranked as if one were always free, for every session." in told
    )
    assert f"Rules left out, because they read a relay: {', '.join(rules)}." in told
    none = history(7, came, trainers=[]).backtest([SPLIT], {"follows": FOLLOWS}, **LOOSE)
    assert none.stand_ins == {"trainers": ()}
    assert "pour toutes les sessions. Aucune règle ne lit ces données." in none.text("fr")


def test_equity_counts_offers_and_hits_by_departement_and_service() -> None:
    found = run(*BEFORE, *AFTER)
    places = found.equity.filter(by="departement", ranker="popularity")
    # T03 and T05 are in 09, T02 in 31.
    assert places.select("group", "asked", "offered", "cases", "hit_1").rows() == [
        ("09", 4, 4, 2, 0.5),
        ("31", 3, 3, 1, 0.0),
    ]
    assert value(found, "popularity", "equity_hits") == pytest.approx(1 / 3)
    assert value(found, "popularity", "equity_offers") == 0
    served = found.equity.filter(by="service", ranker="popularity")
    assert served.select("group", "asked").rows() == [("0", 1), ("1", 2), ("2", 3), ("3+", 1)]


def test_ranks_are_counted_over_all_offers() -> None:
    found = run(*BEFORE, *AFTER).by_rank.filter(ranker="popularity")
    assert found.select("rank", "offers").rows() == [(1, 7), (2, 7), (3, 6), (4, 3), (5, 1)]
    assert found["attended"][0] == pytest.approx(1 / 7)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"splits": []}, "splits: give at least one day"),
        ({"horizon_days": 0}, "horizon_days: 0 is not valid; give a whole number from 1 to"),
        ({"replications": 99}, "replications: 99 is not valid; give a whole number of at least 100"),
        ({"level": 1}, "level: 1 is not valid; give a number above 0 and below 1"),
        ({"precision": 0.6}, "precision: 0.6 is not valid; give a number above 0 and at most 0.5"),
        ({"policies": {}}, "policies: give at least one"),
        ({"policies": {"random": POLICY}}, "none has the name of a baseline"),
        ({"strength": 0}, "strength: 0 is not valid; give a number above 0"),
    ],
)
def test_numbers_out_of_range_are_refused(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        run(*BEFORE, *AFTER, **asked)


def test_a_policy_of_another_catalogue_is_refused() -> None:
    other = POLICY.require("session <> 'nowhere'", id="known_only")
    with pytest.raises(PolicyError):
        run(*BEFORE, *AFTER, policies={"other": other})


def test_of_too_few_territories_figures_are_descriptive() -> None:
    sure, few = run(*BEFORE, *AFTER), run(*BEFORE, *AFTER, level=0.95, precision=0.15)
    assert (sure.descriptive, few.descriptive) == (False, True)
    assert few.measures.drop("low", "high").equals(sure.measures.drop("low", "high"))
    assert sure.measures["low"].count() > 0
    ends = [*(few.measures, few.differences, few.by_rank, few.events)]
    assert not sum(frame.select(pl.col("low", "high").count()).sum_horizontal().sum() for frame in ends)
    assert few.calibration["observed_low"].count() == few.interest["plain_low"].count() == 0
    english, french = few.text("en"), few.text("fr")
    assert "43 are needed to know a share within 15 points" in english
    assert "Descriptive figures: too few territories to conclude. No interval is computed" in english
    assert "Chiffres descriptifs : trop peu de territoires pour conclure." in french
    assert all(word not in english for word in ("Conclusion: better", "Conclusion: worse", "In brackets"))
    assert "Descriptive" not in sure.text("en")


@pytest.mark.parametrize(("precision", "needed"), [(0.5, 4), (0.3, 11), (0.15, 43), (0.1, 97), (0.05, 385)])
def test_how_many_are_needed_follows_from_the_precision(precision: float, needed: int) -> None:
    """Those of the textbooks: z = 1.96, a proportion of one half."""
    assert needed == math.ceil(1.959964**2 * 0.25 / precision**2)
    found = run(*BEFORE, *AFTER, level=0.95, precision=precision)
    assert (found.asked.needed, found.territories, found.descriptive) == (needed, 3, True)


def test_a_history_without_a_case_is_refused() -> None:
    with pytest.raises(BacktestError) as caught:
        run(*BEFORE)
    assert "found no territory that attended, after a split, a session that could be offered to it" in str(caught.value)
    assert "aucun territoire qui ait suivi, après une date de coupure" in caught.value.text("fr")
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems  # noqa: S301 - our own


def test_a_split_without_a_past_or_a_future_is_refused_all_at_once() -> None:
    days = [dt.date(2006, 12, 1), dt.date(2007, 9, 3), SPLIT]
    with pytest.raises(BacktestError) as caught:
        run(*BEFORE, *AFTER, splits=days)
    first, second = caught.value.problems
    assert second.where == "splits: 2006-12-01"
    assert "no attendance by that day" in second.text("en")
    assert first.where == "splits: 2007-09-03"
    assert "a horizon that ends on 1 January 2008, after the end of the history (31 December 2007)" in first.text("en")
    assert "un horizon qui finit le 1er janvier 2008" in first.text("fr")


def test_a_history_without_attendances_is_refused() -> None:
    empty = history(3, [])
    with pytest.raises(BacktestError, match="no attendance by that day"):
        empty.backtest([SPLIT], **LOOSE)
    with pytest.raises(BacktestError, match="after the end of the history"):
        empty.backtest([SPLIT])


def test_the_history_is_complete_until_its_last_attendance_or_need() -> None:
    came = [*BEFORE, (5, "sig", dt.date(2007, 8, 1))]
    with pytest.raises(BacktestError, match=r"after the end of the history \(1 August 2007\)"):
        history(7, came).backtest([SPLIT], **LOOSE | {"until": None})
    need = {"collectivity": "09001", "date": "2007-10-01", "workshop": "sig"}
    found = history(7, came, needs=[need]).backtest([SPLIT], **LOOSE | {"until": None})
    assert found.asked.until == dt.date(2007, 10, 1)


def test_a_day_with_an_hour_or_twice_is_the_day() -> None:
    twice = run(*BEFORE, *AFTER, splits=[SPLIT, dt.datetime(2007, 6, 1, 12), SPLIT])  # noqa: DTZ001 - as people give it
    assert twice.measures.equals(run(*BEFORE, *AFTER).measures)


def test_a_blackout_ranks_what_comes_after_it() -> None:
    closed = {"blackouts": [{"start": "2007-05-15", "end": "2007-06-15", "reason": {"fr": "Gel", "en": "Freeze"}}]}
    assert value(run(*BEFORE, *AFTER, calendar=closed), "default", "coverage") > 0


def test_reads_as_a_frame() -> None:
    found = run(*BEFORE, *AFTER)
    assert pl.DataFrame(found).equals(found.to_polars())
    assert found.to_polars() is found.measures


@pytest.fixture(scope="module")
def bundled() -> Backtest:
    days = [dt.date(2007, month, 1) for month in (3, 4, 5, 6, 9, 10)]
    return Programme.example().backtest(days)


def test_on_the_bundled_region_the_policy_beats_popularity(bundled: Backtest) -> None:
    against = bundled.differences.filter(ranker="default", measure="hit_1")
    assert against.filter(other="popularity")["low"].item() > 0.12
    assert against.filter(other="random")["low"].item() > 0.2
    assert bundled.splits["cases"].to_list() == [52, 43, 38, 30, 57, 50], "what was booked is none"
    assert bundled.territories == 74


def test_the_bundled_region_is_too_small_for_narrow_intervals() -> None:
    found = Programme.example().backtest([dt.date(2007, 9, 3)], precision=0.1)
    assert (found.descriptive, found.territories, found.asked.needed) == (True, 57, 97)


def test_columns_of_a_policy_are_joined() -> None:
    asked = POLICY.with_column("asked", "boolean").prefer("asked", id="asked", kind="workshop", weight=5)
    extra = {"territory": ["T02"], "asked": [True]}
    found = run(*BEFORE, *AFTER, policies={"asked": asked}, extra=extra)
    assert found.policies == ("asked",)
    assert made_programme().period.end > UNTIL
