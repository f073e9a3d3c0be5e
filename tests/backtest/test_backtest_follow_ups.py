"""The follow-up graph's probabilities on what came after: pairs, log-loss, calibration, the strength chosen."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from histories import SPLIT, UNTIL, Came, history
from made import CATALOGUE
from prai_match import BacktestError, FollowUps, Programme
from prai_match.backtest import STRENGTHS, Backtest, choose_strength
from prai_match.followups import attended

SHORT: dict[str, Any] = {
    "horizon_days": 60,
    "level": 0.5,
    "precision": 0.5,
    "replications": 100,
    "until": dt.date(2007, 9, 15),
}
CAME: list[Came] = [
    (3, "b_geo", dt.date(2007, 3, 1)),
    (1, "b_web", dt.date(2007, 7, 1)),
    (1, "site_internet", dt.date(2007, 8, 30)),  # the last day of its horizon
    (2, "b_web", dt.date(2007, 7, 31)),  # the last day of the split's; its own is not over by the 15th of September
    (2, "site_internet", dt.date(2007, 8, 15)),
]


def run(came: list[Came], **changes: Any) -> Backtest:
    return history(4, came, **changes).backtest([SPLIT], **SHORT)


def loss(found: Backtest, model: str) -> float | None:
    return found.measures.filter(ranker=model, measure="log_loss")["value"].item()  # type: ignore[no-any-return]


def test_pairs_begin_after_the_split_and_end_within_the_history() -> None:
    found = run(CAME).pairs
    assert found.select("source", "target", "territory", "followed", "censored").rows() == [
        ("b_web", "site_internet", "T01", True, False),
        ("b_web", "site_internet", "T02", True, True),
        ("b_web", "teleservices", "T01", False, False),
        ("b_web", "teleservices", "T02", False, True),
    ]


@pytest.mark.parametrize(
    ("start", "end", "censored"),
    [
        ("2007-08-30", "2007-09-30", True),
        ("2007-08-31", "2007-09-30", False),
        ("2007-06-01", "2007-07-02", True),
        ("2007-06-01", "2007-07-01", False),
    ],
)
def test_a_horizon_that_meets_a_blackout_does_not_count(start: str, end: str, *, censored: bool) -> None:
    calendar = {"blackouts": [{"start": start, "end": end, "reason": {"fr": "Gel", "en": "Freeze"}}]}
    found = run(CAME, calendar=calendar).pairs.filter(territory="T01")
    assert found["censored"].to_list() == [censored, censored]


def test_what_was_attended_before_its_source_is_no_follow_up() -> None:
    came = [*CAME, (1, "teleservices", dt.date(2007, 7, 1))]
    assert run(came).pairs.filter(territory="T01")["target"].to_list() == ["site_internet"]


def declared(target: str) -> float:
    """How probably it follows b_web within 60 days, before any history."""
    prior, lag = {"site_internet": (0.5, 60), "teleservices": (0.2, 90)}[target]
    return float(prior * (1 - 2 ** (-60 / lag)))


def test_the_log_loss_is_as_by_hand() -> None:
    found = run(CAME)
    site, tele = map(declared, ("site_internet", "teleservices"))
    assert loss(found, "declared") == pytest.approx(-(math.log(site) + math.log(1 - tele)) / 2)
    # One follow-up began before the split, and wasn't followed within 60 days: 2 of 3 at risk do as declared.
    survival, alive = 1.0, [1 - 0.5 * (1 - 2 ** (-day / 60)) for day in range(61)]
    for before, after in pairwise(alive):
        survival *= 1 - 2 * (before - after) / (2 * before + 1)
    assert loss(found, "pooled") == pytest.approx(-(math.log(1 - survival) + math.log(survival)) / 2)
    assert loss(found, "follow_ups") == loss(found, "declared")


def test_the_learned_probabilities_are_those_of_the_split() -> None:
    before = [(4, "b_web", dt.date(2007, 1, 10)), (4, "site_internet", dt.date(2007, 2, 1))]
    found = run([*CAME, *before])
    came = attended(history(4, [*CAME, *before]))
    graph = FollowUps.learned(history(4, CAME).catalogue, came, SPLIT, horizon_days=60).graph
    site, tele = (graph.edges["b_web", target]["probability"] for target in ("site_internet", "teleservices"))
    assert declared("site_internet") < site < 1
    assert tele < declared("teleservices")
    assert loss(found, "follow_ups") == pytest.approx(-(math.log(site) + math.log(1 - tele)) / 2)
    assert found.calibration.select("low", "high", "pairs", "predicted", "observed").rows() == [
        (0.0, 0.1, 1, pytest.approx(tele), 0.0),
        (0.3, 0.4, 1, pytest.approx(site), 1.0),
    ]
    error = found.measures.filter(measure="calibration_error")["value"].item()
    assert error == pytest.approx((tele + 1 - site) / 2)


@pytest.mark.french
def test_without_a_pair_there_is_no_log_loss() -> None:
    found = run([(3, "b_geo", dt.date(2007, 3, 1)), (4, "sig", dt.date(2007, 7, 1))])
    assert found.pairs.is_empty()
    assert found.calibration.is_empty()
    assert found.measures.filter(kind="graph").is_empty()
    assert "L’issue d’aucune suite n’est connue" in found.text()


def _cohorts(
    before: int, followed_before: int, after: int, followed_after: int, *, online: int = 0, **changes: Any
) -> Programme:
    """Territories that attend b_web before and after the split; some go on to the website, or to online services."""
    came: list[Came] = []
    for first, many, followed, month in ((0, before, followed_before, 1), (before, after, followed_after, 7)):
        came += [(first + n, "b_web", dt.date(2007, month, 10)) for n in range(1, many + 1)]
        came += [(first + n, "site_internet", dt.date(2007, month + 1, 10)) for n in range(1, followed + 1)]
        came += [(first + many - n, "teleservices", dt.date(2007, month + 1, 10)) for n in range(many * online // 100)]
    return history(before + after, came, **changes)


def test_little_smoothing_is_chosen_where_history_is_right() -> None:
    # Declared: 50 % go on to the website, 20 % to online services. Nobody did, before and after.
    found = choose_strength(_cohorts(50, 0, 50, 0), [SPLIT], until=UNTIL)
    assert (found.best, found.chosen) == (0.5, 0.5)
    losses = found.losses["log_loss"].to_list()
    assert losses == sorted(losses)


def test_much_smoothing_is_chosen_where_what_is_declared_is_right() -> None:
    found = choose_strength(_cohorts(6, 0, 60, 30), [SPLIT], until=UNTIL)
    assert found.chosen == 1000
    assert found.losses.height == len(STRENGTHS)
    assert found.losses["strength"].is_sorted()
    assert found.losses.filter(pl.col("strength") == found.best)["above"].item() == 0


def test_one_standard_error_allows_more_smoothing_than_the_best() -> None:
    catalogue = CATALOGUE | {"follow_ups": CATALOGUE["follow_ups"][:2]}
    found = choose_strength(_cohorts(40, 16, 60, 24, online=12, catalogue=catalogue), [SPLIT], until=UNTIL)
    assert (found.best, found.chosen) == (50, 1000)
    assert found.losses.filter(strength=1000).select(pl.col("above").is_between(0, pl.col("error"))).item()


def test_a_strength_is_judged_as_the_backtest_judges_it() -> None:
    programme = _cohorts(20, 5, 60, 20)
    found = choose_strength(programme, [SPLIT], (3,), until=UNTIL)
    judged = programme.backtest([SPLIT], until=UNTIL, strength=3)
    assert found.losses["log_loss"].item() == loss(judged, "follow_ups")
    assert judged.strength == 3
    graph = programme.follow_ups(SPLIT, strength=3).graph.edges["b_web", "site_internet"]
    assert 5 / 20 < graph["probability"] < 0.5 * (1 - 2 ** (-120 / 60))


def test_too_few_follow_ups_are_refused() -> None:
    with pytest.raises(BacktestError) as caught:
        choose_strength(_cohorts(20, 5, 30, 10), [SPLIT], until=UNTIL)
    assert "found 30 territories with a follow-up that began after a split" in caught.value.text("en")
    assert (
        "territoires dont une suite a commencé après une date de coupure et dont l’issue est connue : 30"
        in caught.value.text("fr")
    )


@pytest.mark.parametrize("strengths", [(), (0, 1), (-1,)])
def test_strengths_are_above_0(strengths: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="strengths: "):
        choose_strength(_cohorts(1, 0, 1, 0), [SPLIT], strengths)


@pytest.mark.french
def test_strengths_read_as_a_frame_and_say_what_was_chosen() -> None:
    found = choose_strength(_cohorts(50, 0, 50, 0), [SPLIT], (2, 1, 2.5), until=UNTIL)
    assert pl.DataFrame(found).equals(found.to_polars())
    assert repr(found) == "<Strengths: 1 chosen, 1 the least loss, 100 pairs>"
    assert "Strength chosen: 1." in found.text("en")
    assert "- 2,5\n" in found.text("fr")
    assert "Force retenue : 1." in found._repr_html_().replace("\N{NO-BREAK SPACE}", " ")


def test_on_the_bundled_region_no_strength_is_better_than_ten_by_more_than_an_error() -> None:
    days = [dt.date(2007, 3, 1), dt.date(2007, 5, 1), dt.date(2008, 6, 2), dt.date(2008, 7, 1)]
    found = choose_strength(Programme.example(), days, horizon_days=90)
    ten = found.losses.filter(strength=10)
    assert ten["above"].item() <= ten["error"].item()
    assert found.pairs > 100
