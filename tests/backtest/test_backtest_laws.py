"""What holds of every backtest: only the past is seen, measures are within bounds, order doesn't matter."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import os
import subprocess
import sys
from statistics import NormalDist
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import assume, given, strategies as st

from exact import exact
from histories import LOOSE, SPLIT, UNTIL, Came, histories, history, knowing
from made import SESSIONS
from prai_match import BacktestError, Programme
from prai_match.backtest import Backtest, rankings
from thorough import examples

if TYPE_CHECKING:
    import random
    from collections.abc import Callable


SPLITS = [dt.date(2007, 4, 2), SPLIT]
FRAMES = (
    "splits",
    "measures",
    "differences",
    "calibration",
    "by_rank",
    "equity",
    "exposure",
    "interest",
    "cases",
    "pairs",
)


def tried(programme: Programme, **asked: object) -> Backtest:
    """The backtest; a history that can't tell is no example."""
    try:
        return programme.backtest(**{"splits": SPLITS, **LOOSE, **asked})
    except BacktestError:
        assume(False)  # noqa: FBT003 - as hypothesis has it
        raise


def same(one: Backtest, other: Backtest) -> None:
    for name in FRAMES:
        assert getattr(one, name).equals(getattr(other, name)), name


@given(histories)
@examples(12)
def test_measures_are_within_bounds(came: list[Came]) -> None:
    found = tried(history(6, came))
    values = {(row["ranker"], row["measure"]): row["value"] for row in found.measures.iter_rows(named=True)}
    for (ranker, measure), measured in values.items():
        if measured is not None:
            assert measured >= 0, (ranker, measure)
            assert measure == "log_loss" or measured <= 1
    for ranker in ("default", "popularity", "markov", "rules", "random"):
        assert values[ranker, "hit_1"] <= values[ranker, "hit_3"]
        assert values[ranker, "hit_1"] <= values[ranker, "mrr"]
    spread = found.measures.drop_nulls("low")
    assert (spread["low"] < spread["high"]).all()
    cases = found.splits["cases"].sum()
    assert (found.measures.filter(measure="hit_1")["count"] == cases).all()
    assert found.splits.select((pl.col("cases") + pl.col("without") == pl.col("territories")).all()).item()


@given(histories, st.randoms(use_true_random=False))
@examples(8)
def test_the_order_of_rows_and_of_territories_does_not_matter(came: list[Came], dice: random.Random) -> None:
    programme = history(6, came)
    shuffled = came.copy()
    dice.shuffle(shuffled)
    other = history(6, shuffled)
    territories = list(other.territories)
    dice.shuffle(territories)
    same(tried(programme), tried(other.model_copy(update={"territories": tuple(territories)})))


@given(histories)
@examples(8)
def test_what_comes_after_the_horizon_changes_nothing(came: list[Came]) -> None:
    until = SPLIT + dt.timedelta(days=120)
    until = until + dt.timedelta(days=30)
    kept = [one for one in came if one[2] <= until]
    same(tried(history(6, came), until=until), tried(history(6, kept), until=until))


def test_a_ranking_is_the_same_without_the_future() -> None:
    """The whole bundled region, beside the same programme with all that was not known on the day deleted."""
    programme = Programme.example()
    for on in (dt.date(2007, 3, 1), dt.date(2007, 10, 1), dt.date(2008, 9, 1)):
        held, decisions = (getattr(programme, name).to_polars() for name in ("sessions", "decisions"))
        past = {
            "decisions": decisions.filter(pl.col("date") <= on),
            "needs": programme.needs.to_polars().filter(pl.col("date") <= on),
            "attendances": programme.attendances.to_polars().filter(pl.col("date") <= on),
            "sessions": held.filter(pl.coalesce("booked_on", "date") <= on),
        }
        past["registrations"] = programme.registrations.to_polars().filter(
            pl.col("session").is_in(past["sessions"]["id"].implode())
        )
        fields = {name: getattr(programme, name) for name in Programme.model_fields if name not in past}
        deleted = Programme.model_validate(fields | past)
        assert len(deleted.attendances) < len(programme.attendances)
        assert exact(rankings(deleted, on)) == exact(rankings(programme, on))


NEXT = st.lists(st.sampled_from(SESSIONS), min_size=2, max_size=6)


@given(NEXT)
@examples(8)
def test_who_knows_the_truth_is_always_right(following: list[str]) -> None:
    numbers = range(1, len(following) + 1)
    came = [(n, session, SPLIT + dt.timedelta(days=n)) for n, session in zip(numbers, following, strict=True)]
    past = next(session for session in SESSIONS if session != following[0])
    came.append((1, past, dt.date(2007, 1, 15)))
    told = {"territory": [f"T{n:02}" for n in numbers], "coming": following}
    programme = history(len(following), came)
    found = tried(programme, splits=[SPLIT], policies={"knowing": knowing()}, extra=told)
    measured = found.measures.filter(pl.col("measure").is_in(["hit_1", "hit_3", "mrr", "ndcg"]), ranker="knowing")
    assert measured["value"].to_list() == [1, 1, 1, 1]
    assert measured["low"].to_list() == [None] * 4


@pytest.mark.parametrize(("candidates", "truths"), [(5, 1), (5, 2), (4, 3), (4, 4), (2, 1)])
def test_chance_is_the_mean_over_every_order(candidates: int, truths: int) -> None:
    past = list(SESSIONS[candidates:])
    later = list(SESSIONS[:truths])
    came = [(1, session, dt.date(2007, 2, 1)) for session in past] or [(2, "sig", dt.date(2007, 2, 1))]
    came += [(1, session, dt.date(2007, 7, 1)) for session in later]
    found = history(2, came).backtest([SPLIT], **LOOSE).cases.filter(ranker="random", territory="T01")
    orders = list(itertools.permutations(SESSIONS[:candidates]))

    def mean(measure: Callable[[list[int]], float]) -> float:
        places = ([order.index(session) + 1 for session in later] for order in orders)
        return math.fsum(measure(ranks) for ranks in places) / len(orders)

    ideal = math.fsum(1 / math.log2(1 + rank) for rank in range(1, truths + 1))
    assert found["hit_1"].item() == pytest.approx(mean(lambda ranks: min(ranks) == 1))
    assert found["hit_3"].item() == pytest.approx(mean(lambda ranks: min(ranks) <= 3))
    assert found["mrr"].item() == pytest.approx(mean(lambda ranks: 1 / min(ranks)))
    assert found["ndcg"].item() == pytest.approx(mean(lambda ranks: sum(1 / math.log2(1 + r) for r in ranks) / ideal))


def _halves(territories: int) -> list[Came]:
    """Half of the territories attend what popularity puts first, half what it puts last; each once."""
    numbers = range(1, territories + 1)
    came = [(n, "b_web", dt.date(2007, 2, 1)) for n in numbers]
    return came + [(n, "b_geo" if n % 2 else "teleservices", dt.date(2007, 7, 1)) for n in numbers]


def test_intervals_are_as_wide_as_theory_says() -> None:
    found = history(90, _halves(90)).backtest([SPLIT], until=UNTIL)
    row = found.measures.filter(ranker="popularity", measure="hit_1").row(0, named=True)
    assert row["value"] == 0.5
    theory = NormalDist().inv_cdf(0.975) * math.sqrt(0.25 / 90)
    assert (row["high"] - row["low"]) / 2 == pytest.approx(theory, rel=0.12)


def test_cases_of_one_territory_are_drawn_together() -> None:
    """Twice the same split says nothing more: days next to each other, with the same truths, give the same width."""
    programme = history(90, _halves(90))
    once = programme.backtest([SPLIT], until=UNTIL)
    thrice = programme.backtest([SPLIT, dt.date(2007, 6, 2), dt.date(2007, 6, 3)], until=UNTIL)
    assert thrice.splits["cases"].to_list() == [90, 90, 90]
    for measure in ("hit_1", "mrr"):
        one, three = (
            found.measures.filter(ranker="popularity", measure=measure).select("value", "low", "high").row(0)
            for found in (once, thrice)
        )
        assert one == pytest.approx(three)


def test_the_seed_changes_the_intervals_and_nothing_else() -> None:
    programme = history(60, _halves(60))
    one, again, other = (programme.backtest([SPLIT], until=UNTIL, seed=seed) for seed in (1, 1, 2))
    same(one, again)
    assert one.measures["value"].equals(other.measures["value"])
    assert not one.measures["low"].equals(other.measures["low"])


def test_the_same_from_another_process_with_other_threads() -> None:
    code = (
        "import datetime as dt, hashlib\n"
        "from prai_match import Programme\n"
        "found = Programme.example().backtest([dt.date(2007, 5, 2), dt.date(2007, 9, 3)], replications=100)\n"
        f"frames = [getattr(found, name) for name in {FRAMES}]\n"
        "written = ''.join(frame.write_json() for frame in frames) + found.text('fr')\n"
        "print(hashlib.sha256(written.encode()).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "POLARS_MAX_THREADS": threads},
        ).stdout
        for seed, threads in (("1", "1"), ("2", "2"))
    }
    assert len(digests) == 1
