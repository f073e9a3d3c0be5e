"""What was offered and what came of it, counted by hand; interest, plain and corrected for exposure."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, strategies as st

from exposures import TRUTH, covers, drawn, judged
from histories import LOOSE, SPLIT, UNTIL, Came, days, histories, history
from made import SESSIONS
from thorough import examples

if TYPE_CHECKING:
    import random

    from goldens import Golden
    from prai_match import Programme
    from prai_match.backtest import Backtest

PAST: Came = (1, "b_web", dt.date(2007, 2, 1))
COUNTED = ("standing", "offers", "taken", "untaken", "censored", "attended", "followed", "without")


def on(month: int, day: int) -> dt.date:
    return dt.date(2007, month, day)


def offer(n: int, date: dt.date, event: str = "made", session: str = "sig", **more: Any) -> dict[str, Any]:
    return {"territory": f"T{n:02}", "session": session, "date": date, "event": event, **more}


def counts(came: list[Came], offers: list[dict[str, Any]], **changes: Any) -> dict[str, int]:
    """What is counted of the session ``sig`` that isn't 0."""
    asked = {"splits": [SPLIT], **LOOSE, "horizon_days": changes.pop("horizon_days", 60)}
    found = history(9, [PAST, *came], decisions=offers, **changes).backtest(**asked)
    row = found.exposure.filter(session="sig").row(0, named=True)
    return {name: row[name] for name in COUNTED if row[name]}


def test_followed_without_and_no_taker_are_told_apart() -> None:
    came = [(1, "sig", on(7, 1)), (2, "sig", on(7, 1)), (3, "sig", on(9, 1)), (4, "sig", on(6, 2))]
    offers = [offer(1, on(6, 10)), offer(3, on(6, 10)), offer(5, on(6, 10)), offer(6, on(8, 20))]
    # T01 comes after its offer, T02 and T04 without one, T03 too late, T05 never; that of T06 is after the horizon.
    told = {"offers": 3, "taken": 1, "untaken": 2, "attended": 3, "followed": 1, "without": 2}
    assert counts(came, offers) == told


def test_the_horizon_of_an_offer_begins_with_it() -> None:
    offers = [offer(2, on(7, 12)), offer(3, on(7, 11))]  # T02 comes on the last day, T03 the day after
    told = counts([(2, "sig", on(9, 10)), (3, "sig", on(9, 10)), (4, "sig", on(7, 1))], offers)
    assert (told["taken"], told["untaken"]) == (1, 1)


def test_an_attendance_follows_an_offer_of_its_session_made_before_its_day() -> None:
    came: list[Came] = [(n, "sig", on(7, 1)) for n in range(2, 9)]
    offers = [offer(2, on(5, 1)), offer(3, on(7, 1)), offer(4, on(6, 20), session="b_geo"), offer(9, on(6, 20))]
    assert counts(came, offers)["without"] == 7
    assert counts(came, [*offers, offer(7, on(5, 2)), offer(8, on(6, 30))])["followed"] == 2


def test_who_came_before_the_offer_is_not_exposed_by_it() -> None:
    assert counts([(2, "sig", on(6, 20))], [offer(2, on(6, 25))]) == {"attended": 1, "without": 1}


def test_the_first_offer_counts() -> None:
    assert counts([(2, "sig", on(7, 1))], [offer(2, on(6, 5)), offer(2, on(6, 25))])["offers"] == 1


def test_an_offer_stands_until_it_is_answered() -> None:
    answers = ("accepted", "declined", "unanswered", "replaced")
    offers = [offer(n, on(5, 10)) for n in range(2, 8)]
    offers += [offer(n, SPLIT, event) for n, event in enumerate(answers, 2)]
    # T06 answers after the split, T07 never; that of T08 is too old.
    offers += [offer(6, on(6, 2), "declined"), offer(8, on(4, 1))]
    assert counts([(9, "sig", on(7, 1))], offers) == {"standing": 2, "attended": 1, "without": 1}


def test_an_offer_that_was_replaced_was_not_received_and_what_replaced_it_was() -> None:
    came = [(2, "sig", on(7, 1)), (3, "sig", on(7, 1)), (4, "sig", on(7, 1))]
    offers = [offer(2, on(6, 5), session="b_geo"), offer(2, on(6, 6), "replaced", "b_geo", replaced_by="sig")]
    offers += [offer(n, on(6, 5)) for n in (3, 4)]
    offers += [offer(n, on(6, 6), "replaced", replaced_by="b_geo") for n in (3, 4)]
    offers += [offer(4, on(6, 20))]  # again, since
    assert counts(came, offers) == {"offers": 2, "taken": 2, "attended": 3, "followed": 2, "without": 1}


def test_an_answer_alone_is_no_offer() -> None:
    answers = [offer(2, on(6, 5), event) for event in ("accepted", "declined", "unanswered")]
    assert counts([(2, "sig", on(7, 1))], answers) == {"attended": 1, "without": 1}


def test_an_offer_whose_horizon_is_not_over_or_meets_a_blackout_has_no_known_end() -> None:
    came, made = [(2, "sig", on(7, 1)), (3, "sig", on(7, 1))], [offer(2, on(6, 10)), offer(3, on(6, 9))]
    closed = {"blackouts": [{"start": "2007-08-09", "end": "2007-08-31", "reason": {"fr": "Gel", "en": "Freeze"}}]}
    told = {"offers": 2, "taken": 1, "censored": 1, "attended": 2, "followed": 2}
    assert counts(came, made, calendar=closed) == told
    assert counts(came, made, horizon_days=205) == told


def test_what_was_attended_already_is_no_exposure() -> None:
    assert counts([(2, "sig", on(5, 1)), (3, "sig", on(7, 1))], [offer(2, on(6, 10))]) == {"attended": 1, "without": 1}


def test_decisions_after_the_end_of_the_history_are_not_seen() -> None:
    came, until = [(2, "sig", on(7, 1))], on(7, 31)
    late = [offer(2, on(6, 10)), offer(2, dt.date(2007, 8, 1), "replaced", replaced_by="b_geo")]
    found = history(9, [PAST, *came], decisions=late).backtest([SPLIT], **LOOSE | {"until": until, "horizon_days": 40})
    assert found.exposure.filter(session="sig")["offers"].item() == 1


def strata(asked: set[int], offered: set[int], came: set[int], territories: int) -> Backtest:
    """Territories of one département, of which some ask for ``sig``, are offered it, and come then."""
    needs = [{"collectivity": f"09{n:03}", "date": "2007-05-01", "workshop": "sig"} for n in sorted(asked)]
    rows = [(n, "sig", on(7, 1)) for n in sorted(came)]
    made = [offer(n, on(6, 10)) for n in sorted(offered)]
    everywhere = dict.fromkeys(range(1, territories + 1), "09")
    programme = history(territories, [PAST, *rows], everywhere, needs=needs, decisions=made)
    return programme.backtest([SPLIT], until=UNTIL, replications=100)


def by_hand(
    found: Backtest, asked: set[int], offered: set[int], came: set[int], most: float = 10
) -> tuple[float, float]:
    """Interest and the share of clipped weights, by Newton's method on all effects at once."""
    n = found.splits["territories"].item()
    everyone = range(1, n + 1)
    groups = [["all"] * n, ["all"] * n, ["09"] * n, [(k - 1) * 4 // n for k in everyone]]
    groups += [[k == 1 for k in everyone], [k in asked for k in everyone]]
    columns = np.array([[value == each for value in group] for group in groups for each in sorted(set(group))], float).T
    taken = np.array([k in offered for k in everyone], float)
    start, effects = math.log((taken.sum() + 1) / (n - taken.sum() + 1)), np.zeros(columns.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-start - columns @ effects))
        curve = (columns.T * (chance * (1 - chance))) @ columns + np.eye(len(effects))
        effects += np.linalg.solve(curve, columns.T @ (taken - chance) - effects)
    weight = 1 / chance[taken > 0]
    clipped = np.minimum(weight / weight.mean(), most)
    comes = np.array([k in came for k in everyone if k in offered], float)
    return float((clipped * comes).sum() / clipped.sum()), float((weight / weight.mean() > most).mean())


def test_corrected_interest_is_as_by_hand() -> None:
    asked = {n for n in range(1, 101) if n % 2}
    offered = {n for n in range(1, 101) if n % 4 or n % 5 == 0} - set(range(2, 101, 6))
    came = {n for n in offered if n % 2 and n % 7} | {n for n in offered if n % 10 == 0}
    found = strata(asked, offered, came, 100)
    row = found.interest.row(by_predicate=pl.col("session") == "sig", named=True)
    value, clipped = by_hand(found, asked, offered, came)
    assert (row["corrected"], row["clipped"]) == (pytest.approx(value, abs=1e-3), clipped)
    assert row["plain"] == pytest.approx(len(came) / 100)
    share = len(came) / len(offered)
    assert row["corrected_low"] < row["corrected"] < row["corrected_high"]
    assert row["corrected"] < share - 0.01  # who asks is offered it more often, and comes more often
    every = found.interest.row(-1, named=True)
    assert every["session"] is None
    assert {**every, "session": "sig"} == row  # nothing else was offered


def test_a_weight_is_clipped_and_told() -> None:
    asked = set(range(1, 281))
    offered = {n for n in asked if n % 20} | {400}
    came = {n for n in offered if n % 3} - {400}
    found = strata(asked, offered, came, 400)
    row = found.interest.row(by_predicate=pl.col("session") == "sig", named=True)
    value, clipped = by_hand(found, asked, offered, came)
    assert clipped == 1 / len(offered)
    assert row["clipped"] == pytest.approx(clipped)
    assert row["corrected"] == pytest.approx(value, abs=1e-3)
    assert value > by_hand(found, asked, offered, came, math.inf)[0] + 0.01


@pytest.mark.parametrize(
    ("offered", "came", "lack"),
    [(42, 20, "territories"), (43, 4, "taken"), (43, 39, "untaken"), (43, 5, None), (43, 38, None)],
)
def test_too_few_offers_are_told(offered: int, came: int, lack: str | None) -> None:
    alone = set(range(51, 100))  # come without an offer: a backtest has cases
    found = strata(set(), set(range(1, offered + 1)), set(range(1, came + 1)) | alone, 100)
    row = found.interest.row(by_predicate=pl.col("session") == "sig", named=True)
    assert (row["territories"], row["taken"], row["untaken"]) == (offered, came, offered - came)
    assert row["lack"] == lack
    assert (row["corrected"] is None) == (row["clipped"] is None) == (lack is not None)
    other = found.interest.row(by_predicate=pl.col("session") == "b_geo", named=True)
    assert (other["plain"], other["corrected"], other["lack"]) == (0.0, None, "territories")
    assert found.interest["session"].to_list() == [*sorted(SESSIONS), None]


def test_one_territory_offered_twice_is_one() -> None:
    made = [offer(n, day) for n in range(1, 30) for day in (on(4, 5), on(6, 10))]
    came = [(n, "sig", on(7, 1)) for n in range(20, 90)]
    programme = history(90, [PAST, *came], decisions=made)
    row = programme.backtest([on(4, 1), SPLIT], until=UNTIL, horizon_days=60).interest.row(-1, named=True)
    assert (row["territories"], row["taken"] + row["untaken"], row["lack"]) == (29, 58, "territories")


def test_without_offers_nothing_is_corrected() -> None:
    found = history(9, [PAST, (2, "sig", on(7, 1))]).backtest([SPLIT], **LOOSE)
    assert found.interest["session"].to_list() == sorted(SESSIONS)
    assert found.interest["corrected"].to_list() == [None] * len(SESSIONS)
    assert found.exposure["offers"].sum() == 0
    assert "No offer is recorded in the 120 days after a split" in found.text("en")
    assert "Aucune offre n’est enregistrée dans les 120 jours qui suivent" in found.text("fr")


def test_needs_of_later_days_change_no_chance_of_an_offer() -> None:
    made = drawn(0)
    later = [{"collectivity": f"09{n:03}", "date": "2007-06-02", "workshop": "sig"} for n in range(1, 200, 3)]
    asked: dict[str, Any] = {"splits": [SPLIT], "until": UNTIL, "replications": 100}
    assert made.with_needs(later).backtest(**asked).interest.equals(made.backtest(**asked).interest)


decided = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(SESSIONS),
        days,
        st.sampled_from(["made", "made", "accepted", "declined", "unanswered", "replaced"]),
    ),
    max_size=30,
)


def _programme(came: list[Came], rows: list[tuple[int, str, dt.date, str]]) -> Programme:
    other = {"replaced": {"replaced_by": "b_geo"}}
    decisions = [offer(n, day, event, session, **other.get(event, {})) for n, session, day, event in rows]
    return history(6, [PAST, *came], decisions=decisions)


@given(histories, decided, st.randoms(use_true_random=False))
@examples(12)
def test_counts_add_up_and_the_order_of_decisions_does_not_matter(
    came: list[Came], rows: list[tuple[int, str, dt.date, str]], dice: random.Random
) -> None:
    came = [*came, (6, "sig", on(7, 1)), (6, "b_geo", on(7, 2))]
    found = _programme(came, rows).backtest([on(4, 2), SPLIT], **LOOSE)
    shuffled = rows.copy()
    dice.shuffle(shuffled)
    other = _programme(came, shuffled).backtest([on(4, 2), SPLIT], **LOOSE)
    assert found.exposure.equals(other.exposure)
    assert found.interest.equals(other.interest)
    table = found.exposure
    assert (table["offers"] == table["taken"] + table["untaken"] + table["censored"]).all()
    assert (table["attended"] == table["followed"] + table["without"]).all()
    assert (table["offers"] + table["attended"] <= table["candidates"] + table["taken"] + table["censored"]).all()
    assert table["attended"].sum() == found.splits["truths"].sum()
    shares = found.interest.select("plain", "corrected", "clipped").unpivot().drop_nulls()["value"]
    assert shares.is_between(0, 1).all()
    alone = _programme(came, []).backtest([on(4, 2), SPLIT], **LOOSE)
    assert alone.exposure["followed"].sum() == 0
    assert alone.measures.equals(found.measures)  # what was offered changes no ranking


@pytest.mark.parametrize("seed", [0, 1])
def test_the_corrected_interval_covers_the_truth_and_the_plain_one_does_not(seed: int) -> None:
    assert covers(seed) == {"plain": False, "corrected": True}


def test_of_200_draws_the_corrected_interval_covers_the_truth_in_91_to_98_per_cent() -> None:
    """Interest depends on the département and on needs, and so do offers."""
    assert pytest.approx(0.425) == TRUTH
    draws = pl.DataFrame([covers(seed) for seed in range(200)])
    assert 0.91 <= draws["corrected"].mean() <= 0.98  # type: ignore[operator]
    assert draws["plain"].mean() <= 0.05  # type: ignore[operator]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_is_told_of_offers_and_interest_is_as_it_was_read(golden: Golden, lang: str) -> None:
    text = judged(0).text(lang)  # type: ignore[arg-type]
    title = {"fr": "Offres faites et intérêt\n", "en": "Offers made, and interest\n"}[lang]
    golden(f"exposure_{lang}.txt", title + text.partition(title)[2].partition("\n\nProbabilit")[0] + "\n")
