"""Faults planted in the default policy and in the engine, each with what must find it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import Policy, offers
from prai_match.needs import states
from prai_match.offers import _actors, _columns, _day, _frames, _snapshot, _stages
from prai_match.plan import _conditions, _draft, _plan

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

DEFAULT = Policy.default()


def changed(rule: str, **fields: Any) -> Policy:
    """The default policy with some fields of a rule replaced."""
    return DEFAULT.with_rules(row.model_copy(update=fields) if row.id == rule else row for row in DEFAULT.rows.rule)


POLICIES: dict[str, tuple[Policy, str]] = {
    # a policy, and the law that `assert_policy_laws` must find broken
    "flipped sign of a preference": (changed("equity", prefer="1 - service_gap"), "monotonicity"),
    "flipped comparison": (changed("trainer_within_reach", require="distance_km >= reach_km"), "monotonicity"),
    "negation dropped": (changed("not_attended", require="attended"), "monotonicity"),
    "far trainers preferred": (changed("trainer_near", prefer="distance_km / (reach_km + 1)"), "monotonicity"),
    "weight of 0": (DEFAULT.with_weights(follow_up=0), "no dead rule"),
    "unit mistaken": (changed("need_strength", prefer="need_served * 0 + 1"), "no dead rule"),
    "AND read as OR": (
        changed("enough_people", require="people >= min_seats OR people >= 0"), "no dead rule",
    ),
    "a condition that always holds": (changed("trainer_not_overloaded", require="trainer_load >= 0"), "no dead rule"),
    "a territory favoured": (DEFAULT.prefer("territory = '200066231'", id="ours", weight=2), "no favourite"),
    "a trainer left out": (DEFAULT.require("trainer <> 'rival'", id="rival", stage="trainer"), "no favourite"),
}  # fmt: skip

LIVES: dict[str, tuple[Policy, str]] = {
    # a policy, and the law of a programme's life that it breaks
    "freeze dropped": (DEFAULT.without("no_blackout"), "no session in a freeze"),
    "renewal and history forgotten": (DEFAULT.without("not_attended"), "nothing twice"),
    "buffet not asked first": (
        DEFAULT.without("buffet_or_need_first"),
        "no workshop before its buffet or a strong need",
    ),
    "budget dropped": (DEFAULT.without("within_budget"), "costs are within the budget"),
    "people not counted": (DEFAULT.without("enough_people"), "enough people"),
}


def _order_dependent_tie(monkeypatch: pytest.MonkeyPatch) -> None:
    numbered = _frames._number

    def in_order_of_rows(frame: pl.DataFrame, code: str, number: str, *more: str) -> pl.DataFrame:
        return frame.with_row_index(number) if number in {"r", "p"} else numbered(frame, code, number, *more)

    monkeypatch.setattr(_frames, "_number", in_order_of_rows)


def _last_code_of_a_tie(monkeypatch: pytest.MonkeyPatch) -> None:
    best = _stages.best

    def last(candidates: pl.DataFrame, group: Any, number: str) -> pl.DataFrame:
        most = candidates[number].max() if candidates.height else 0
        other = best(candidates.with_columns((most - pl.col(number)).alias(number)), group, number)
        return other.with_columns((most - pl.col(number).cast(pl.Int64)).cast(pl.UInt32).alias(number))

    monkeypatch.setattr(_stages, "best", last)


def _future_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    later = dt.timedelta(days=365)
    seen = property(
        lambda self: states(self.frames.lives, self.on + later, self.frames.calendar.renewed_before(self.on))
    )
    monkeypatch.setattr(_day.Day, "needs", seen)


def _renewal_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_day.Day, "renewal", property(lambda _: _day._BEGINNING))


def _attended_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    attended = _columns._attended
    monkeypatch.setattr(_columns, "_attended", lambda snapshot: attended(snapshot).filter(pl.lit(value=False)))


def _cost_without_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    cost = (pl.col("fee") + pl.col("session_cost")).round(2).alias("cost")
    monkeypatch.setattr(_frames.Frames, "cost", cost)


def _money_spent_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = _columns.programme_columns

    def unspent(snapshot: offers.Snapshot) -> dict[str, pl.Expr]:
        budget = snapshot.frames.budget
        total = None if budget is None else float(budget.total)
        return {**columns(snapshot), "budget_left": pl.lit(total, pl.Float64)}

    monkeypatch.setattr(_columns, "programme_columns", unspent)
    monkeypatch.setattr(_actors, "programme_columns", unspent)


def _notice_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = offers.prepare

    def at_once(programme: Any, lexicon: Any) -> offers.Frames:
        return prepare(programme.model_copy(update={"notice_days": 0}), lexicon)

    for module in (offers, _snapshot):
        monkeypatch.setattr(module, "prepare", at_once)


def _trainer_twice_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    init = _draft.Draft.__init__

    class Never(set[Any]):
        def add(self, element: object) -> None:
            """Forget it."""

    def forgetful(self: _draft.Draft, tables: Any) -> None:
        init(self, tables)
        self.busy, self.hosting = Never(), Never()

    monkeypatch.setattr(_draft.Draft, "__init__", forgetful)


def _unchecked_twice_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, and the plan's own check sees nothing: only the second reading does."""
    _trainer_twice_a_day(monkeypatch)
    violations = _conditions.violations
    monkeypatch.setattr(_plan, "violations", lambda book: violations(book).clear())


def _plan_beyond_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_draft.Draft, "affords", lambda *_: True)


READ = {"every requirement is kept", "the best is offered", "scores are those of the rules"}
"""Laws that a second reading of the programme finds broken."""

ENGINE: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], set[str]]] = {
    # how the fault is planted, and the laws of which one must be found broken
    "order-dependent tie": (_order_dependent_tie, {"the best is offered", "order changes nothing"}),
    "the last code wins a tie": (_last_code_of_a_tie, {"the best is offered"}),
    "the future seen": (
        _future_seen,
        READ | {"the future is never seen", "no workshop before its buffet or a strong need"},
    ),
    "renewal ignored": (_renewal_ignored, READ | {"no workshop before its buffet or a strong need"}),
    "attended by nobody": (_attended_by_nobody, READ | {"nothing twice"}),
    "cost without travel": (_cost_without_travel, READ | {"costs are within the budget"}),
    "money spent forgotten": (_money_spent_forgotten, READ | {"costs are within the budget"}),
    "notice forgotten": (_notice_forgotten, READ | {"trainers are free"}),
    "a trainer twice a day": (_trainer_twice_a_day, {"plans are valid"}),
    "twice a day, unchecked": (_unchecked_twice_a_day, {"no trainer twice a day"}),
    "a plan beyond the budget": (_plan_beyond_the_budget, {"plans are valid"}),
}
