"""What is possible in a period is what the engine calls possible, day by day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from prai_match import Programme
from prai_match.calendar import dates
from prai_match.offers import sift
from prai_match.plan import together
from prai_match.testing import programmes
from thorough import examples

if TYPE_CHECKING:
    from prai_match import Recommendations
    from prai_match.packing import Inputs

DAYS = st.dates(dt.date(2006, 11, 1), dt.date(2008, 12, 31))


class Coded:
    """What is prepared for a period, by codes."""

    def __init__(self, inputs: Inputs) -> None:
        frames = inputs.snapshot.frames
        code = {
            number: frame[name]
            for number, name, frame in (
                ("t", "territory", frames.territories),
                ("s", "session", frames.sessions),
                ("p", "partner", frames.partners),
                ("r", "trainer", frames.trainers),
            )
        }
        demands = inputs.demands.select("n", wants=code["t"].gather(inputs.demands["t"]))
        places = inputs.places.select(
            "g", "id", host=code["t"].gather(inputs.places["t"]), session=code["s"].gather(inputs.places["s"])
        )
        seats = inputs.seats.join(demands, on="n").join(places, on="g")
        self.seats = set(seats.select("wants", "session", "host", "id").iter_rows())
        new = places.filter(pl.col("id").is_null())
        relays = inputs.relays.join(new, on="g")
        self.relays = set(relays.select("session", "host", partner=code["p"].gather(relays["p"])).iter_rows())
        leads = inputs.leads.join(new, on="g").join(inputs.free, on="z")
        self.days = set(leads.select("session", "host", code["r"].gather(leads["r"]), "date").iter_rows())
        dear = inputs.unpriced.join(new, on="g")
        self.unpriced = set(dear.select("session", "host", code["r"].gather(dear["r"])).iter_rows())

    def holds(self, session: str, host: str, trainer: str | None, day: dt.date) -> bool:
        """Whether a trainer can be there; where money is limited, nobody comes whose cost isn't known."""
        return (session, host, trainer, day) in self.days or (session, host, trainer) in self.unpriced


def agrees(recs: Recommendations) -> int:
    """Hold each offer against what is prepared; return how many there are."""
    known = Coded(together(recs.answers).inputs)
    offers = [(rec, rec.offer) for rec in recs if rec.offer is not None]
    for rec, offer in offers:
        assert (rec.territory, offer.session, offer.host, offer.joins) in known.seats
        if offer.joins is None:
            assert (offer.session, offer.host, offer.partner) in known.relays
            # A host attends too: whom a guest is offered there may not know the host's own axis.
            assert offer.host != rec.territory or known.holds(offer.session, offer.host, offer.trainer, offer.day)
    return len(offers)


@given(programmes(case="busy"), DAYS)
@examples(30)
def test_what_is_offered_is_possible(prog: Programme, on: dt.date) -> None:
    agrees(prog.recommend(on=on))


@pytest.mark.parametrize(
    ("region", "on"),
    [
        ("midi_pyrenees", dt.date(2007, 9, 3)),
        ("midi_pyrenees", dt.date(2008, 5, 5)),
        ("occitanie_2026", dt.date(2026, 9, 7)),
    ],
)
def test_what_a_region_is_offered_is_possible(region: str, on: dt.date) -> None:
    assert agrees(Programme.example(region).recommend(on)) > 50


def own_places(recs: Recommendations) -> int:
    """Hold what the engine calls possible at each own place against what is prepared; return how many there are."""
    day, policy = recs.answers.snapshot, recs.answers.policy
    frames, known = day.frames, Coded(together(recs.answers).inputs)
    chosen = {*day.replacements["t"]}  # to whom an officer's choice alone is planned
    cells = sift(day, policy, frames.territories["t"], alone=True)
    here = [at for at in cells.possible.nonzero()[0] if cells.t[at] not in chosen]
    for at in here:
        host, session = frames.territories["territory"][int(cells.t[at])], frames.sessions["session"][int(cells.s[at])]
        trainer, date = frames.trainers["trainer"][int(cells.r[at])], dates(cells.day[at : at + 1].astype("int64"))[0]
        assert (host, session, host, None) in known.seats
        assert (session, host, frames.partners["partner"][int(cells.p[at])]) in known.relays
        assert known.holds(session, host, trainer, date)
    return len(here)


@given(programmes(case="busy"), DAYS)
@examples(30)
def test_the_first_day_of_each_own_place_is_among_those_of_its_trainer(prog: Programme, on: dt.date) -> None:
    own_places(prog.recommend(on=on))


@pytest.mark.parametrize(
    ("region", "on"), [("midi_pyrenees", dt.date(2007, 9, 3)), ("occitanie_2026", dt.date(2026, 9, 7))]
)
def test_so_is_that_of_each_own_place_of_a_region(region: str, on: dt.date) -> None:
    assert own_places(Programme.example(region).recommend(on)) > 50
