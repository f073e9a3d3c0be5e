"""Laws that every policy must keep: on single rules, and on drawn programmes."""

import datetime as dt
import random
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Literal

import numpy as np
import polars as pl
from hypothesis import HealthCheck, Phase, given, settings as hypothesis_settings, strategies as st
from numpy.typing import NDArray

from prai_match import offers, policy as rules
from prai_match._front import Programme, Recommendations
from prai_match.policy import GRID, Policy, Preference, Requirement, Values, columns_of, points, situations
from prai_match.testing._any_model import FIRST, LAST, days
from prai_match.testing._broken_laws import BrokenLawError, expect
from prai_match.testing._choices import joined_columns
from prai_match.testing._elements import catalogues
from prai_match.testing._programmes import SMALL, programmes
from prai_match.testing._variants import answers, rebuilt, rename, reordered, shuffled

Drawn = tuple[Programme, dt.date, pl.DataFrame | None]

Direction = Literal[1, -1]
"""1 if offers get better as the column rises, -1 if worse."""

_RISING: tuple[str, ...] = (
    "need_score", "need_served", "need_to_confirm", "needs", "leads_to_need", "leads_to_new", "refresher", "follows",
    "follow_probability", "next_probability", "session_rating", "elected_and_technician", "service_gap", "people",
    "budget_left",
    "partner_covers", "partner_carries", "partner_room", "partner_hosted", "partner_brings_both",
    "trainer_knows_session", "trainer_knows_axis", "trainer_rating", "reach_km", "needs_waiting", "longest_wait_days",
    "needs_since_renewal", "opens_probability", "opens_need", "opens_people", "trainer_fits_axis",
    "trainer_people",
)  # fmt: skip
_FALLING: tuple[str, ...] = (
    "need_age_days", "attended", "attended_before", "open_days", "trainer_wait_days", "trainer_load", "distance_km",
    "cost", "sessions_received",
)  # fmt: skip
DIRECTIONS: dict[str, Direction] = {**dict.fromkeys(_RISING, 1), **dict.fromkeys(_FALLING, -1)}
"""The direction in which the default policy should change with the library's own columns."""

_SITUATIONS = 20_000


def candidates(programme: Programme, on: dt.date, policy: Policy, extra: pl.DataFrame | None) -> pl.DataFrame:
    """Return every territory, session, partner and trainer with the columns that rules read, from the engine."""
    frames = offers.prepare(programme)
    own = offers.extra_columns(extra, policy, frames)
    snapshot = offers.Snapshot(frames, on, programme.follow_ups(on), own)
    sessions = offers.sessions_of(snapshot, frames.territories["t"])
    every = sessions.join(frames.partners.select("p"), how="cross").join(frames.trainers.select("r"), how="cross")
    wide = offers.with_columns(snapshot, every, policy=policy) if every.height else every
    if own is None or not every.height:
        return wide
    names = [name for name in own.columns if name not in wide.columns]
    return wide.join(own.select("t", *names), on="t", how="left") if names else wide


def check_directions(
    policy: Policy, monotone: Mapping[str, Direction], frame: pl.DataFrame, values: Mapping[str, object]
) -> None:
    """Raise one column at a time, and check that no rule moves against the declared direction."""
    reading = (
        (policy.vocabulary.column(name), sign, rule, expression)
        for name, sign in (monotone.items() if frame.height else ())
        for rule, expression in rules.expressions(policy)
        if name in expression.columns
    )
    columns = columns_of(frame)
    for column, sign, rule, expression in reading:
        own, before = columns[column.name], _of(rule, columns)
        axis = points(column, expression.numbers, ())
        for most in axis.value if axis.known is None else axis.value[axis.known]:
            higher = np.maximum(own.value, most)
            raised = Values(higher if own.known is None else np.where(own.known, higher, own.value), own.known)
            after = _of(rule, {name: columns[name] for name in expression.columns} | {column.name: raised})
            if len(wrong := np.flatnonzero(sign * (after - before) < 0)):
                was, less, more = (each[wrong[0]] for each in (own.value, before, after))
                sentence = f"{column.name} rises from {was} to {most} and it goes from {less:g} to {more:g}"
                expect("monotonicity", False, sentence, rule.id, **values)  # noqa: FBT003 - it doesn't hold


def _of(rule: Requirement | Preference, columns: Mapping[str, Values]) -> NDArray[Any]:
    """Return the value of a rule: 1 where a requirement holds, the points of a preference."""
    return rule.holds(columns) * 1.0 if isinstance(rule, Requirement) else rule.units(columns) / GRID


class Deciding:
    """The rules that haven't been seen to decide yet; at first, all."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        own = (rule for rule in policy.requirements if not rule.limit)
        self.requirements = {rule.id: rule for rule in own}  # those that were never alone in refusing
        self.preferences = {
            rule.id: rule for rule in (*policy.preferences, *policy.priorities)
        }  # those that gave all candidates the same
        self._firsts: dict[str, float] = {}
        self.count = 0  # number of candidates examined

    def __bool__(self) -> bool:
        return bool(self.requirements or self.preferences)

    def look(self, frame: pl.DataFrame) -> None:
        """Remove the rules that decide among the candidates of ``frame``."""
        self.count += frame.height
        if not frame.height:
            return
        columns = columns_of(frame)
        self._alone(columns, list(self.requirements.values()), self._policy.requirements)
        for rule in list(self.preferences.values()):
            units = rule.units(columns)
            if (units != self._firsts.setdefault(rule.id, units[0])).any():
                del self.preferences[rule.id]

    def search(self) -> None:
        """Remove the rules that decide in some situation that the constants of the policy distinguish."""
        for rule in list(self.requirements.values()):
            beside = [one for one in self._policy.requirements if {*one.condition.columns} & {*rule.condition.columns}]
            self._alone(self._situations([each.condition.columns for each in beside]), [rule], beside)
        for preference in list(self.preferences.values()):
            if np.ptp(preference.units(self._situations([preference.value.columns]))):
                del self.preferences[preference.id]

    def _alone(self, columns: Mapping[str, Values], some: list[Requirement], among: Iterable[Requirement]) -> None:
        """Remove the requirements that refuse a candidate which all others accept."""
        refuses = {rule.id: ~rule.holds(columns) for rule in among}
        is_one = sum(refuses.values(), np.int64(0)) == 1
        for rule in some:
            if (refuses[rule.id] & is_one).any():
                del self.requirements[rule.id]

    def _situations(self, columns: Iterable[Iterable[str]]) -> dict[str, Values]:
        """Return situations that combine the values of columns freely."""
        numbers = {number for _, each in rules.expressions(self._policy) for number in each.numbers}
        texts = {text for _, each in rules.expressions(self._policy) for text in each.texts}
        names = sorted({name for each in columns for name in each})
        axes = {name: points(self._policy.vocabulary.column(name), numbers, texts) for name in names}
        return situations(axes, _SITUATIONS)


_ALL, _NAMES = 99, ("territory", "partner", "trainer")

LAWS = hypothesis_settings(
    max_examples=30,
    deadline=None,
    report_multiple_bugs=False,
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
"""Default settings of the search for each law: thirty programmes.

Whether they are the same every time (``derandomize``) and where failures are stored (``database``) depends on the
Hypothesis profile that is active when `prai_match.testing` is imported.
"""


def assert_policy_laws(
    policy: Policy,
    *,
    programmes: st.SearchStrategy[Programme] | None = None,
    monotone: Mapping[str, Direction] | None = None,
    settings: hypothesis_settings | None = None,
) -> None:
    """Check that a policy keeps the laws, on drawn programmes.

    - determinism: the same programme gives the same bytes;
    - order-invariance: the order of rows, territories and rules changes nothing;
    - monotonicity, if declared: when only one column rises, no rule moves the other way;
    - no dead rule: each requirement somewhere refuses a candidate that all others accept, each preference gives some
      candidates more points than others. If drawn programmes don't show this, situations that the rules' constants
      distinguish are tried;
    - no favourite: other codes and names of territories, collectivities, partners and trainers change no score.

    Args:
        policy: The policy.
        programmes: The programmes to try it on; by default, small ones, most of them busy.
        monotone: Columns that make an offer better as they rise (1) or worse (-1); `DIRECTIONS` has those of the
            default policy.
        settings: Settings of Hypothesis: number of programmes, whether to shrink; `LAWS` by default.

    Raises:
        BrokenLawError: A law doesn't hold; it names the law and the rule, and shows the smallest programme as code.
        UnknownCodeError: ``monotone`` names an unknown column.

    Example:
        >>> from prai_match import Policy
        >>> try:
        ...     assert_policy_laws(Policy.default().require("people >= 0", id="anybody"))
        ... except BrokenLawError as error:
        ...     error.law, error.rule
        ('no dead rule', 'anybody')
    """
    search, directions = settings or LAWS, monotone or {}
    for name in directions:
        policy.vocabulary.column(name)
    strategy, deciding = programmes if programmes is not None else _usual(policy), Deciding(policy)

    def columns(programme: Programme, on: dt.date, extra: pl.DataFrame | None) -> None:
        frame = candidates(programme, on, policy, extra)
        check_directions(policy, directions, frame, _values(programme, on, policy))
        if deciding:
            deciding.look(frame)

    _search(columns, strategy, policy, search)
    deciding.search()
    for rule in (*deciding.requirements, *deciding.preferences):
        sentence = f"it decides for none of {deciding.count} candidates, nor in any situation tried"
        expect("no dead rule", not deciding, sentence, rule, policy=policy)
    _search(partial(_order, policy), strategy, policy, search)
    _search(partial(_names, policy), strategy, policy, search)


def _usual(policy: Policy) -> st.SearchStrategy[Programme]:
    """Return small programmes whose catalogues have the sessions that the policy names."""
    sessions = {text for _, each in rules.expressions(policy) for column, text in each.compared if column == "session"}
    catalogue = catalogues(including=sessions)
    busy = programmes(case="busy", sizes=SMALL, catalogue=catalogue)
    return st.one_of(busy, busy, programmes(sizes=SMALL, catalogue=catalogue))


@st.composite
def _arguments(draw: st.DrawFn, programmes: st.SearchStrategy[Programme], policy: Policy) -> Drawn:
    programme = draw(programmes)
    return programme, draw(days(FIRST, LAST)), draw(joined_columns(policy, programme))


def _search(
    law: Callable[[Programme, dt.date, pl.DataFrame | None], None],
    programmes: st.SearchStrategy[Programme],
    policy: Policy,
    search: hypothesis_settings,
) -> None:
    @search
    @given(_arguments(programmes, policy))
    def test(arguments: Drawn) -> None:
        law(*arguments)

    try:
        test()
    except BrokenLawError as error:
        error.__notes__ = []  # the message already contains what Hypothesis adds
        raise error.with_traceback(None) from None


def _values(programme: Programme, on: dt.date, policy: Policy) -> dict[str, Any]:
    return {"programme": programme, "on": on, "policy": policy}


def _recommend(programme: Programme, on: dt.date, policy: Policy, extra: pl.DataFrame | None) -> Recommendations:
    return programme.recommend(on=on, top=_ALL, policy=policy, extra=extra)


def _order(policy: Policy, programme: Programme, on: dt.date, extra: pl.DataFrame | None) -> None:
    """Recommend again, then with rows and rules in another order."""
    values, first = _values(programme, on, policy), answers(_recommend(programme, on, policy, extra))
    again = answers(_recommend(rebuilt(programme), on, policy, extra))
    expect("determinism", first == again, "the same programme gives another answer", **values)
    dice = random.Random(len(first))  # noqa: S311 - an order, not a secret
    other = answers(_recommend(shuffled(programme, dice), on, reordered(policy, dice), extra))
    expect("order-invariance", first == other, "rows and rules in another order give another answer", **values)


def _names(policy: Policy, programme: Programme, on: dt.date, extra: pl.DataFrame | None) -> None:
    """Recommend with other codes, those that rules name among them."""
    by_column = {
        column: sorted({text for _, each in rules.expressions(policy) if column in each.columns for text in each.texts})
        for column in _NAMES
    }
    other, codes = rename(programme, by_column)
    other_extra = None if extra is None else extra.with_columns(pl.col("territory").replace(codes))
    before = _scores(_recommend(programme, on, policy, extra))
    after = _scores(_recommend(other, on, policy, other_extra))
    naming = ", ".join(sorted(rule.id for rule, one in rules.expressions(policy) if {*_NAMES} & {*one.columns}))
    for code, scores in before.items():
        sentence = f"{code} has {scores}, and under the code {codes[code]} {after[codes[code]]}"
        expect("no favourite", scores == after[codes[code]], sentence, naming, **_values(programme, on, policy))


def _scores(recs: Recommendations) -> dict[str, tuple[str | None, float, dict[str, float]]]:
    return {
        rec.territory: (
            rec.reason,
            rec.priority,
            {offer.session: offer.score for offer in (rec.next, *rec.alternatives) if offer},
        )
        for rec in recs
    }
