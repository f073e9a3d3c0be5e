"""Entry point: the answers for a programme and a day."""

import datetime as dt
from collections.abc import Iterable
from concurrent.futures import Executor
from typing import Any, TypedDict

import polars as pl

from prai_match import _arguments as given
from prai_match.followups import FollowUps, follow_ups_of
from prai_match.model import ProgrammeData
from prai_match.offers import Frames, Snapshot, by_council, extra_columns, frames_of, on_day, seen_on
from prai_match.policy import Policy, policy_of
from prai_match.recommend._answers import Answers
from prai_match.recommend._rank import rank, rank_side_by_side


class RecommendationOptions(TypedDict, total=False):
    """Keywords of `Programme.recommend`."""

    top: int
    policy: Policy | None
    territories: str | Iterable[str] | None
    follow_ups: FollowUps | None
    extra: Any
    executor: Executor | None


@given.takes(territories=given.optional(given.keys))
def recommend(  # noqa: PLR0913 - all but the day by keyword
    programme: ProgrammeData,
    on: dt.date,
    *,
    top: int = 3,
    policy: Policy | None = None,
    territories: str | Iterable[str] | None = None,
    follow_ups: FollowUps | None = None,
    extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
    executor: Executor | None = None,
) -> Answers:
    """Recommend the next session, relay partner and trainer of every territory (see `Programme.recommend`)."""
    seen = seen_on(programme, on)
    policy = (policy or policy_of(programme)).checked(seen)
    snapshot = day_of(seen, on, policy, follow_ups, extra)
    selection = _rows(snapshot.frames, territories)
    snapshot = by_council(snapshot, policy, selection["t"])
    if executor is None:
        ranking = rank(snapshot, policy, top, selection)
    else:
        ranking = rank_side_by_side(snapshot, policy, top, selection, executor)
    return Answers(programme, snapshot, policy, ranking, selection, top, follow_ups)


def day_of(
    seen: ProgrammeData,
    on: dt.date,
    policy: Policy,
    follow_ups: FollowUps | None = None,
    extra: Any = None,  # noqa: ANN401 - as above
) -> Snapshot:
    """Return the snapshot of a programme on a day, with the columns that the policy declares."""
    frames = frames_of(seen)
    columns = extra_columns(extra, policy, frames)
    if follow_ups is None and columns is None:
        return on_day(seen, on)
    return Snapshot(frames, on, follow_ups or follow_ups_of(seen, on), columns)


def _rows(frames: Frames, territories: Iterable[str] | None) -> pl.DataFrame:
    if territories is None:
        return frames.territories
    every = frames.memo.once("codes", lambda: dict(frames.territories["territory", "t"].rows()), frames.territories)
    codes = [given.code(territory, every, "territory", "territories") for territory in territories]
    return frames.territories[sorted({every[code] for code in codes})]
