"""Laws that a policy must keep, whatever it prefers, over programmes that are drawn."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from prai_match.testing._any_model import FIRST, LAST, days
from prai_match.testing._broken_laws import BrokenLawError, expect
from prai_match.testing._catalogue import catalogues
from prai_match.testing._choices import joined_columns
from prai_match.testing._columns import Deciding, candidates, check_directions
from prai_match.testing._programmes import SMALL, programmes
from prai_match.testing._variants import answers, rebuilt, rename, reordered, shuffled

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

    from prai_match._front import Programme, Recommendations
    from prai_match.policy import Policy
    from prai_match.testing._columns import Direction

    Drawn = tuple[Programme, dt.date, pl.DataFrame | None]

_ALL = 99
_NAMES = ("territory", "partner", "trainer")

LAWS = hypothesis_settings(
    max_examples=30,
    deadline=None,
    report_multiple_bugs=False,
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
"""How each law is searched where nothing else is said: thirty programmes.

Whether they are the same every time (``derandomize``) and where those that failed are kept (``database``), the profile
of Hypothesis says that is active when `prai_match.testing` is imported.
"""


def assert_policy_laws(
    policy: Policy,
    *,
    programmes: SearchStrategy[Programme] | None = None,
    monotone: Mapping[str, Direction] | None = None,
    settings: hypothesis_settings | None = None,
) -> None:
    """Check that a policy keeps the laws, over programmes that are drawn.

    - determinism: the same programme gives the same bytes again;
    - order-invariance: the order of rows, territories and rules changes nothing;
    - monotonicity, where it is declared: as one column rises alone, no rule moves the other way;
    - no dead rule: each requirement somewhere refuses what all the others accept, each preference gives some candidates
      more than others. Where the programmes drawn show none, situations that the rules' constants tell apart are tried;
    - no favourite: other codes and names of territories, collectivities, partners and trainers change no score.

    Args:
        policy: The policy.
        programmes: The programmes to try it on; small ones, most of them busy, where none are given.
        monotone: Columns that make an offer better as they rise (1) or worse (-1); `DIRECTIONS` has those of the
            default policy.
        settings: Of Hypothesis: how many programmes, whether to shrink; `LAWS` where none are given.

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
    search = settings or LAWS
    directions = monotone or {}
    for name in directions:
        policy.vocabulary.column(name)
    strategy = programmes if programmes is not None else _usual(policy)
    deciding = Deciding(policy)

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


def _usual(policy: Policy) -> SearchStrategy[Programme]:
    """Return small programmes whose catalogues have the sessions that the policy names."""
    conditions = [rule.condition for rule in policy.requirements] + [rule.value for rule in policy.preferences]
    sessions = {text for condition in conditions for column, text in condition.compared if column == "session"}
    catalogue = catalogues(including=sessions)
    busy = programmes(case="busy", sizes=SMALL, catalogue=catalogue)
    return st.one_of(busy, busy, programmes(sizes=SMALL, catalogue=catalogue))


@st.composite
def _arguments(draw: st.DrawFn, programmes: SearchStrategy[Programme], policy: Policy) -> Drawn:
    programme = draw(programmes)
    return programme, draw(days(FIRST, LAST)), draw(joined_columns(policy, programme))


def _search(
    law: Callable[[Programme, dt.date, pl.DataFrame | None], None],
    programmes: SearchStrategy[Programme],
    policy: Policy,
    search: hypothesis_settings,
) -> None:
    """Look for a programme that breaks a law."""

    @search
    @given(_arguments(programmes, policy))
    def test(arguments: Drawn) -> None:
        law(*arguments)

    try:
        test()
    except BrokenLawError as error:
        error.__notes__ = []  # what Hypothesis adds, the message says already
        raise error.with_traceback(None) from None


def _values(programme: Programme, on: dt.date, policy: Policy) -> dict[str, Any]:
    return {"programme": programme, "on": on, "policy": policy}


def _recommend(programme: Programme, on: dt.date, policy: Policy, extra: pl.DataFrame | None) -> Recommendations:
    return programme.recommend(on=on, top=_ALL, policy=policy, extra=extra)


def _order(policy: Policy, programme: Programme, on: dt.date, extra: pl.DataFrame | None) -> None:
    """Recommend again, then with rows and rules in another order."""
    values = _values(programme, on, policy)
    first = answers(_recommend(programme, on, policy, extra))
    again = answers(_recommend(rebuilt(programme), on, policy, extra))
    expect("determinism", first == again, "the same programme gives another answer", **values)
    dice = random.Random(len(first))  # noqa: S311 - an order, not a secret
    other = answers(_recommend(shuffled(programme, dice), on, reordered(policy, dice), extra))
    expect("order-invariance", first == other, "rows and rules in another order give another answer", **values)


def _names(policy: Policy, programme: Programme, on: dt.date, extra: pl.DataFrame | None) -> None:
    """Recommend with other codes, those that rules name among them."""
    rules = [(rule.id, rule.condition) for rule in policy.requirements]
    rules += [(rule.id, rule.value) for rule in policy.preferences]
    by_column = {
        column: sorted({text for _, rule in rules if column in rule.columns for text in rule.texts})
        for column in _NAMES
    }
    other, codes = rename(programme, by_column)
    columns_ = None if extra is None else extra.with_columns(pl.col("territory").replace(codes))
    before, after = (
        _scores(_recommend(each, on, policy, columns)) for each, columns in ((programme, extra), (other, columns_))
    )
    naming = ", ".join(sorted(rule for rule, condition in rules if not set(_NAMES).isdisjoint(condition.columns)))
    for code, scores in before.items():
        sentence = f"{code} has {scores}, and under the code {codes[code]} {after[codes[code]]}"
        expect("no favourite", scores == after[codes[code]], sentence, naming, **_values(programme, on, policy))


def _scores(recs: Recommendations) -> dict[str, tuple[str | None, dict[str, float]]]:
    """Return the reason of each territory, and the score of each session."""
    return {
        rec.territory: (rec.reason, {offer.session: offer.score for offer in (rec.next, *rec.alternatives) if offer})
        for rec in recs
    }
