"""Faults planted in the default policy and in the engine, each with what must find it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from prai_match import Policy, offers
from prai_match.calendar import NEVER, _open_days
from prai_match.needs import state_codes
from prai_match.offers import _actors, _blocks, _day, _levels, _preparation, _rulebook, _snapshot
from prai_match.packing import Counts, _draft
from prai_match.plan import _conditions, _plan
from prai_match.policy import Values

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
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
    "a condition that always holds": (changed("trainer_within_reach", require="distance_km >= 0"), "no dead rule"),
    "a territory favoured": (DEFAULT.prefer("territory = '200066231'", id="ours", stage="territory", weight=2), "no favourite"),
    "a trainer left out": (DEFAULT.require("trainer <> 'rival'", id="rival", stage="trainer"), "no favourite"),
}  # fmt: skip

LIVES: dict[str, tuple[Policy, str]] = {
    # a policy, and the law of a programme's life that it breaks
    "renewal and history forgotten": (DEFAULT.without("not_attended"), "nothing twice"),
    "buffet not asked first": (
        DEFAULT.without("buffet_or_need_first"),
        "no workshop before its buffet or a strong need",
    ),
    "people not counted": (DEFAULT.without("enough_people").without("enough_for_trainer"), "enough people"),
}


def _order_dependent_tie(monkeypatch: pytest.MonkeyPatch) -> None:
    numbered = _preparation._number

    def in_order_of_rows(frame: pl.DataFrame, code: str, number: str, *more: str) -> pl.DataFrame:
        return frame.with_row_index(number) if number in {"r", "p"} else numbered(frame, code, number, *more)

    monkeypatch.setattr(_preparation, "_number", in_order_of_rows)


def _last_code_of_a_tie(monkeypatch: pytest.MonkeyPatch) -> None:
    def last(ruling: _rulebook.LevelRuling, numbers: Any) -> Any:
        keys = ruling.units * 2**24 + numbers
        return np.where(ruling.place == _rulebook.PASSES, keys, ruling.place.astype(np.int64) - _rulebook.PASSES - 1)

    monkeypatch.setattr(_actors, "keys_of", last)
    monkeypatch.setattr(_actors, "number_in", lambda keys: keys % 2**24)


def _future_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(day: _day.Day) -> Any:
        spells = day.frames.spells.rows
        return state_codes(spells, day.today + 365, day.renewals[spells["t"]])

    monkeypatch.setattr(_day.Day, "states", property(seen))


def _renewal_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    never = property(lambda day: np.full(day.frames.territories.height, -NEVER))
    monkeypatch.setattr(_day.Day, "renewals", never)


def _attended_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    attended = _blocks.Block.attended

    def by_nobody(block: _blocks.Block) -> dict[str, Values]:
        return {name: Values(np.zeros_like(values.value)) for name, values in attended(block).items()}

    for name in ("attended", "attended_before", "refresher"):
        monkeypatch.setitem(_blocks._MADE, name, by_nobody)


def _cost_without_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    def cost(rows: _levels.LevelRows, **_: bool) -> Values:
        (fee, known), room = rows["fee"], rows["session_cost"].value
        return Values(np.round(fee + room, 2), known)

    monkeypatch.setattr(_levels.LevelRows, "_cost", cost)


def _money_spent_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def earned(day: _day.Day) -> float:
        budget = day.frames.budget
        return 0.0 if budget is None else -float(budget.other_spending)

    monkeypatch.setattr(_day.Day, "spent", property(earned))


def _another(monkeypatch: pytest.MonkeyPatch, **settings: Callable[[Any], Any]) -> None:
    """The engine is given the programme with other settings, each made from the programme's own."""
    prepare = offers.prepare

    def other(programme: Any) -> offers.Frames:
        changes = {name: change(getattr(programme, name)) for name, change in settings.items()}
        return prepare(programme.model_copy(update=changes))

    for module in (offers, _snapshot):
        monkeypatch.setattr(module, "prepare", other)


def _notice_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    _another(monkeypatch, notice_days=lambda _: 0)


def _budget_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    _another(monkeypatch, budget=lambda _: None)


def _freeze_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    _another(monkeypatch, calendar=lambda calendar: calendar.model_copy(update={"blackouts": ()}))


def _holidays_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_open_days, "are_public_holidays", lambda first, last, _: np.zeros(last + 1 - first, bool))


def _lag_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = property(lambda block: np.full(block.shape, NEVER))
    monkeypatch.setattr(_blocks.Block, "_release", at_once)


def _trainer_twice_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    init = _draft.Draft.__init__

    class Never(Counts):
        def add(self, *_: object) -> None:
            """Forget it."""

    def forgetful(self: _draft.Draft, tables: Any) -> None:
        init(self, tables)
        for counts in (self.left.team, self.left.paced, self.left.teaching):
            counts.__class__ = Never

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
    "budget forgotten": (_budget_forgotten, READ | {"costs are within the budget"}),
    "freeze forgotten": (_freeze_forgotten, READ | {"no session on a closed day", "trainers are free"}),
    "holidays forgotten": (_holidays_forgotten, READ | {"no session on a closed day", "trainers are free"}),
    "lag forgotten": (_lag_forgotten, READ | {"trainers are free"}),
    "a trainer twice a day": (_trainer_twice_a_day, {"plans are valid"}),
    "twice a day, unchecked": (_unchecked_twice_a_day, {"no trainer twice a day"}),
    "a plan beyond the budget": (_plan_beyond_the_budget, {"plans are valid"}),
}
