"""What became of offers and bookings, by relay, trainer and kind of session, as columns of a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from lively import DECISIONS, ON, day, programme
from made import POLICY
from prai_match import Policy, Programme, offers
from prai_match.offers import Slicer, _columns
from prai_match.testing import Candidate, Oracle, decisions
from thorough import examples

if TYPE_CHECKING:
    from prai_match.model import Decision

FIGURES = ("answers", "acceptance", "no_answer", "bookings", "cancellation")
NAMES = {"kind": "kind", "partner": "partner", "trainer": "trainer"}
RATED = (
    POLICY.prefer("kind_acceptance", id="kinds", weight=20)
    .prefer("partner_acceptance * partner_cancellation", id="relays", stage="partner", weight=20)
    .prefer("trainer_no_answer + trainer_answers / 9", id="trainers", stage="trainer", weight=20)
)
Rates = dict[str, tuple[float | None, ...]]


def rates(made: Programme, on: dt.date = ON) -> Rates:
    """The five figures of each kind, relay and trainer."""
    snapshot = day(made, on)
    frames = snapshot.frames
    every = offers.sessions_of(snapshot, frames.territories["t"])
    every = every.join(frames.partners.select("p"), how="cross").join(frames.trainers.select("r"), how="cross")
    wide = offers.with_columns(snapshot, every)
    rows = [row for of in NAMES for row in wide.select(of, *(f"{of}_{name}" for name in FIGURES)).unique().rows()]
    assert len(rows) == 2 + len(made.partners) + len(made.trainers), "a rate is the same for every territory"
    return {code: tuple(figures) for code, *figures in rows}


def said(day: str, event: str, **offer: Any) -> dict[str, Any]:
    return {"date": day, "event": event, "territory": "A1", "session": "sig", **offer}


def of_bob(*rows: dict[str, Any]) -> tuple[float | None, ...]:
    """How many answers, and the shares accepted and left without one, with these decisions."""
    return rates(programme(decisions=rows))["bob"][:3]


def test_rates_count_answers_and_bookings_until_the_day() -> None:
    assert rates(programme(decisions=DECISIONS)) == {
        # One of its three sessions, h6, is cancelled; h7 was too, and is confirmed since.
        "buffet": (1, 0, 0, 3, 1 / 3),
        "workshop": (2, 0.5, 0.5, 5, 0),
        "adm09": (2, 0.5, 0.5, 6, 1 / 6),
        "cdg31": (1, 0, 0, 1, 0),
        "syn": (0, None, None, 0, None),
        "anna": (1, 0, 0, 3, 1 / 3),
        "bob": (2, 0.5, 0.5, 4, 0),
        "carl": (0, None, None, 0, None),
        "dora": (0, None, None, 0, None),
        "eve": (0, None, None, 0, None),
    }


@pytest.mark.parametrize(
    ("on", "answers", "cancelled"),
    [("2007-07-19", (0, None, None), 0), ("2007-07-20", (1, 0, 1), 0), ("2007-08-09", (1, 1, 0), 0),
     ("2007-08-10", (1, 1, 0), 0.25), ("2007-08-20", (1, 1, 0), 0), ("2007-09-04", (2, 1, 0), 0)],
)  # fmt: skip
def test_of_two_answers_the_later_counts_once_it_is_there(
    on: str, answers: tuple[float | None, ...], cancelled: float
) -> None:
    found = rates(programme(decisions=DECISIONS), dt.date.fromisoformat(on))["bob"]
    assert (found[:3], found[4]) == (answers, cancelled)


def test_an_offer_is_the_one_that_was_made_last() -> None:
    bob = {"trainer": "bob"}
    made, again = said("2007-07-01", "made", **bob), said("2007-08-01", "made", **bob)
    assert of_bob(made, said("2007-07-09", "declined"), said("2007-07-10", "accepted")) == (1, 1, 0)
    assert of_bob(made, said("2007-07-09", "declined"), again, said("2007-08-09", "accepted")) == (2, 0.5, 0)
    assert of_bob(made, again, said("2007-08-09", "accepted")) == (1, 1, 0), "no answer is awaited any more"
    assert of_bob(made) == of_bob(made, said("2007-08-09", "replaced", replaced_by="b_web")) == (0, None, None)
    assert of_bob(said("2007-08-09", "accepted", **bob)) == (1, 1, 0), "an answer to what nobody wrote down"
    assert of_bob(made, said("2007-08-09", "accepted", trainer="dora")) == (0, None, None), "with whom it was accepted"


def test_on_one_day_an_acceptance_comes_last_and_no_answer_is_of_an_offer_before() -> None:
    made, again = (said(date, "made", trainer="bob") for date in ("2007-07-01", "2007-08-01"))
    rows = [said("2007-08-01", event) for event in ("accepted", "declined", "unanswered")]
    assert of_bob(made, *rows) == of_bob(made, *rows[::-1]) == (1, 1, 0)
    assert of_bob(made, *rows[1:]) == (1, 0, 0)
    assert of_bob(again, rows[2], made) == (1, 0, 1), "that of July"
    assert of_bob(again, rows[0], made) == (1, 1, 0), "that of the day"


def test_a_booking_is_cancelled_from_the_day_on_which_it_is_known() -> None:
    row = {"date": "2007-08-01", "event": "cancelled", "held": "h4"}
    made = programme(decisions=[row])
    shares = [rates(made, ON + dt.timedelta(days=days))["cdg31"][3:] for days in (-1, 0)]
    assert shares == [(0, None), (1, 1)]


@given(data=st.data(), on=st.dates(dt.date(2007, 8, 20), dt.date(2007, 9, 10)))
@examples(20)
def test_rates_are_those_read_in_plain_python_whatever_the_order_and_the_future(
    data: st.DataObject, on: dt.date
) -> None:
    days = st.dates(dt.date(2007, 8, 20), dt.date(2007, 9, 10))
    rows: list[Decision] = data.draw(st.lists(decisions(programme(), on=days), max_size=30))
    made = programme(decisions=rows)
    found, oracle = rates(made, on), Oracle(made, on)
    assert rates(programme(decisions=data.draw(st.permutations(rows))), on) == found
    assert rates(programme(decisions=[row for row in rows if row.date <= on]), on) == found
    assert all((accepted or 0) + (none or 0) <= 1 for _, accepted, none, *_ in found.values())
    for session, partner, trainer in zip(("sig", "b_web") * 3, made.partners * 2, made.trainers, strict=False):
        facts = oracle.facts(Candidate("A1", session, None, "A1", partner.id, trainer.id))
        for of in NAMES:
            assert found[str(facts[of])] == tuple(facts[f"{of}_{name}"] for name in FIGURES)


def test_a_programme_that_hears_more_counts_it() -> None:
    before = programme()
    offers.frames_of(before)
    told = before.with_decisions(DECISIONS)
    answers = [offers.frames_of(each).answers for each in (before, told, programme(decisions=DECISIONS))]
    assert answers[0].is_empty()
    assert answers[1].equals(answers[2])
    assert offers.frames_of(told.with_needs([{"collectivity": "09001", "date": "2007-09-01", "workshop": "sig"}])).answers.equals(answers[2])  # fmt: skip


def test_parts_and_the_whole_rank_by_the_same_rates() -> None:
    whole = day(programme(decisions=DECISIONS))
    ranked = offers.furthest(whole, RATED, whole.frames.territories, alone=True).drop("h")
    without = offers.furthest(day(), RATED, whole.frames.territories, alone=True)
    assert not ranked["score"].equals(without["score"])
    found = []
    for part in Slicer(whole, RATED).parts(whole.frames.territories):
        offered = offers.furthest(part.snapshot, RATED, part.snapshot.frames.territories, alone=True).drop("h")
        found.append(offered.with_columns(t=part.territories.gather(offered["t"])))
    assert pl.concat(found).sort("t", "s").equals(ranked.sort("t", "s"))


def test_rates_that_no_rule_reads_are_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(_columns, "rates", fail)
    made = programme(decisions=DECISIONS)
    assert made.recommend(ON, policy=Policy.default()).to_polars().height == len(made.territories)
    for policy in (
        RATED,
        Policy.default().prefer("people > 0", id="told", weight=900, en="{kind_answers:offer|offers}"),
    ):
        with pytest.raises(AssertionError):
            made.recommend(ON, policy=policy).to_polars()


def test_a_sentence_can_say_a_rate_that_no_rule_reads() -> None:
    made = programme(decisions=DECISIONS)
    policy = POLICY.prefer("people > 0", id="told", weight=90, en="Of {kind_answers:offer|offers}, {kind_acceptance}.")
    sentences = "".join(str(rec.why("en")) for rec in made.recommend(ON, policy=policy))
    assert "Of 2 offers, 0.50." in sentences
