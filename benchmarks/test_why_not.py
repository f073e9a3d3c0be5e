"""The speed of explaining every session that lost, for the whole of France, beside recommending, in one run."""

from __future__ import annotations

import _france
from prai_match import FollowUps, Policy, explain, offers, recommend
from prai_match.model import Catalogue
from test_recommend import measured

MOST = 5


def test_why_not_for_all_losers_of_france() -> None:
    frames, policy = _france.frames(_france.tables()), Policy.default()

    def fresh() -> offers.Snapshot:
        """The day, with nothing of it computed yet."""
        return offers.Snapshot(frames, _france.ON, FollowUps.declared(Catalogue(themes=())), None)

    def ranked() -> recommend.Ranking:
        return recommend.rank(fresh(), policy, 3, frames.territories)

    winners = ranked().offers.filter(rank=1)

    def lost() -> int:
        day = fresh()
        furthest = offers.furthest(day, policy, frames.territories)
        return explain.losers(day, policy, furthest, winners, None).height

    seconds, less, ratio = measured(lost, ranked, rounds=7)
    print(f"\nwhy_not for the {lost():,} sessions that lost: {seconds * 1000:.0f} ms; recommend {less * 1000:.0f} ms")
    print(f"  {ratio:.1f} x the time of recommend (target: at most {MOST})")
