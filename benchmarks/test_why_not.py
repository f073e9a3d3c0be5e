"""The speed of explaining every session that lost, for the whole of France, beside recommending, in one run."""

from __future__ import annotations

import _france
from _measured import in_turns, keep
from prai_match import explain, offers
from test_recommend import GRAPH, POLICY, engine


def test_why_not_for_all_losers_of_france() -> None:
    frames = _france.frames(_france.tables())
    winners = engine(frames).offers.filter(rank=1)

    def lost() -> int:
        day = offers.Snapshot(frames, _france.ON, GRAPH, None)  # with nothing of it computed yet
        furthest = offers.furthest(day, POLICY, frames.territories)
        return explain.losers(day, POLICY, furthest, winners, None).height

    times = in_turns({"why not": lost, "recommend": lambda: engine(frames)}, rounds=3)
    keep("why_not", times["why not"], times["recommend"], ratio=2.5, sessions=lost())
