"""Laws of the rules of a policy, one by one, on the engine's columns of every candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from prai_match import offers
from prai_match.policy import points
from prai_match.testing._broken_laws import expect

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from prai_match._front import Programme
    from prai_match.policy import Column, Policy, Preference, Requirement

Direction = Literal[1, -1]
"""1: better as it rises, -1: worse."""

_RISING: tuple[str, ...] = (
    "need_score", "need_served", "leads_to_need", "leads_to_new", "follows", "follow_probability", "session_rating",
    "elected_and_technician", "service_gap", "people", "budget_left", "partner_covers", "partner_carries",
    "partner_room", "partner_hosted", "partner_brings_both", "trainer_knows_session", "trainer_knows_axis",
    "trainer_rating", "reach_km",
)  # fmt: skip
_FALLING: tuple[str, ...] = (
    "need_age_days", "attended", "in_blackout", "trainer_wait_days", "trainer_load", "distance_km", "cost",
)  # fmt: skip
_BETTER: Direction = 1
_WORSE: Direction = -1
DIRECTIONS: dict[str, Direction] = dict.fromkeys(_RISING, _BETTER) | dict.fromkeys(_FALLING, _WORSE)
"""The way in which the default policy is meant to move with the library's own columns."""

_SITUATIONS = 20_000


def candidates(programme: Programme, on: dt.date, policy: Policy, extra: pl.DataFrame | None) -> pl.DataFrame:
    """Return every territory, session, partner and trainer with the columns that rules read, from the engine."""
    frames = offers.prepare(programme, programme.lexicon)
    own = offers.joined(extra, policy, frames)
    snapshot = offers.Snapshot(frames, on, programme.follow_ups(on), own)
    sessions = offers.stopped(snapshot, frames.territories.select("t")).select("t", "s", "x")
    every = sessions.join(frames.partners.select("p"), how="cross").join(frames.trainers.select("r"), how="cross")
    wide = offers.with_columns(snapshot, every) if every.height else every
    if own is None or not every.height:
        return wide
    names = [name for name in own.columns if name not in wide.columns]
    return wide.join(own.select("t", *names), on="t", how="left") if names else wide


def check_directions(
    policy: Policy, monotone: Mapping[str, Direction], frame: pl.DataFrame, values: Mapping[str, object]
) -> None:
    """Raise a column by itself, and see that no rule moves against what is declared."""
    for name, sign in monotone.items() if frame.height else ():
        column = policy.vocabulary.column(name)
        for rule in policy.requirements:
            if name in rule.condition.columns:
                _check(rule, rule.holds.cast(pl.Float64), column, sign, rule.condition.numbers, frame, values)
        for preference in policy.preferences:
            if name in preference.value.columns:
                numbers = preference.value.numbers
                _check(preference, preference.contribution, column, sign, numbers, frame, values)


def _check(  # noqa: PLR0913, PLR0917 - what is moved, and by what
    rule: Requirement | Preference,
    value: pl.Expr,
    column: Column,
    sign: Direction,
    numbers: Iterable[float],
    frame: pl.DataFrame,
    values: Mapping[str, object],
) -> None:
    before = frame.select(value.alias("value"))["value"]
    own = pl.col(column.name)
    for most in points(column, numbers, ()).drop_nulls():
        higher = pl.when(own < most).then(pl.lit(most)).otherwise(own).alias(column.name)
        after = frame.with_columns(higher).select(value.alias("value"))["value"]
        wrong = frame.select(was=own, before=before, after=after).filter(sign * (after - before) < 0)
        if wrong.height:
            was, less, more = wrong.row(0)
            sentence = f"{column.name} rises from {was} to {most} and it goes from {less:g} to {more:g}"
            expect("monotonicity", False, sentence, rule.id, **values)  # noqa: FBT003 - it doesn't hold


class Deciding:
    """The rules that are not seen to decide yet, at first every one."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.requirements = {rule.id: rule for rule in policy.requirements}  # those that alone refused no candidate
        self.preferences = {rule.id: rule for rule in policy.preferences}  # those that gave every candidate the same
        self._firsts: dict[str, float] = {}
        self.count = 0  # candidates that were looked at

    def __bool__(self) -> bool:
        """Whether there are any left."""
        return bool(self.requirements or self.preferences)

    def look(self, frame: pl.DataFrame) -> None:
        """Take out the rules that decide among the candidates of ``frame``."""
        self.count += frame.height
        self._alone(frame, list(self.requirements.values()), self._policy.requirements)
        for rule in list(self.preferences.values()) if frame.height else ():
            values = frame.select(value=rule.contribution)["value"].unique()
            first = self._firsts.setdefault(rule.id, values[0])
            if values.n_unique() > 1 or values[0] != first:
                del self.preferences[rule.id]

    def search(self) -> None:
        """Take out the rules that decide in some situation that the constants of the policy tell apart."""
        for rule in list(self.requirements.values()):
            beside = [
                other
                for other in self._policy.requirements
                if not set(other.condition.columns).isdisjoint(rule.condition.columns)
            ]
            self._alone(self._situations([each.condition.columns for each in beside]), [rule], beside)
        for preference in list(self.preferences.values()):
            values = self._situations([preference.value.columns]).select(value=preference.contribution)["value"]
            if values.n_unique() > 1:
                del self.preferences[preference.id]

    def _alone(self, frame: pl.DataFrame, rules: list[Requirement], among: Iterable[Requirement]) -> None:
        """Take out the requirements that refuse a candidate which every other one accepts."""
        if not frame.height or not rules:
            return
        broken = pl.sum_horizontal(~rule.holds for rule in among)
        alone = frame.select((~rule.holds & (broken == 1)).any().alias(rule.id) for rule in rules).row(0, named=True)
        for name, decides in alone.items():
            if decides:
                del self.requirements[name]

    def _situations(self, columns: Iterable[Iterable[str]]) -> pl.DataFrame:
        """Return situations in which each column has any of its values, whatever the others have."""
        conditions = [*(rule.condition for rule in self._policy.requirements)]
        conditions += [rule.value for rule in self._policy.preferences]
        numbers = {number for each in conditions for number in each.numbers}
        texts = {text for each in conditions for text in each.texts}
        names = sorted({name for each in columns for name in each})
        values = (points(self._policy.vocabulary.column(name), numbers, texts) for name in names)
        return pl.DataFrame(
            [each.sample(_SITUATIONS, with_replacement=True, seed=place) for place, each in enumerate(values)]
        )
