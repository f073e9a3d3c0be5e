"""Strategies of what a programme offers, when, and with what money."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from prai_match import model
from prai_match.model import Blackout, Budget, Buffet, Calendar, Catalogue, Election, FollowUp, Period, Text, Workshop
from prai_match.needs import Lexicon
from prai_match.testing._any_model import FIRST, LAST, days

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

PERIOD = Period(start=FIRST, end=LAST)
_THEME = "theme"
_PRIORS, _LAGS, _COSTS = (0.5, 0.2, 0.8), (90, 60, 0), (Decimal(0), Decimal(100), None)


def both(text: str) -> Text:
    """Return a text that is the same in French and English."""
    return Text(fr=text, en=text)


@st.composite
def catalogues(draw: st.DrawFn, including: Collection[str] = ()) -> Catalogue:
    """Catalogues of one to four workshops, with the identifiers and axes of the bundled lexicon, and buffets before.

    Args:
        including: Identifiers of sessions that each has besides, such as those that a policy names.

    Example:
        >>> from hypothesis import find
        >>> [session.id for session in find(catalogues(), lambda found: len(found.workshops) == 2).sessions]
        ['buffet_0', 'dematerialisation', 'organisation_interne']
    """
    axes = Lexicon.bundled().workshops
    names = draw(st.lists(st.sampled_from(sorted(axes)), min_size=1, max_size=4, unique=True).map(sorted))
    names = sorted({*names, *(name for name in including if not name.startswith("buffet"))})
    workshops = tuple(draw(_workshops(name, axes.get(name, ()))) for name in names)
    buffets = tuple(
        Buffet(id=f"buffet_{n}", name=both(f"Buffet {n}"), core=both("core"), themes=(_THEME,))
        for n in range(draw(st.integers(1, 2)))
    )
    buffets += tuple(
        Buffet(id=name, name=both(name), core=both("core"), themes=(_THEME,))
        for name in sorted(set(including) - {*names, *(buffet.id for buffet in buffets)})
    )
    edges = {
        (buffet.id, target)
        for buffet in buffets
        for target in draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    }
    pairs = [(one, other) for one in names for other in names if one < other]
    edges |= set(draw(st.lists(st.sampled_from(pairs), max_size=1))) if pairs else set()
    return Catalogue(
        themes=(model.Theme(id=_THEME, name=both("Thème")),),
        buffets=buffets,
        workshops=workshops,
        follow_ups=tuple(
            FollowUp(
                source=one, target=other, prior=draw(st.sampled_from(_PRIORS)), lag_days=draw(st.sampled_from(_LAGS))
            )
            for one, other in sorted(edges)
        ),
    )


@st.composite
def _workshops(draw: st.DrawFn, name: str, axes: Sequence[str]) -> Workshop:
    return Workshop(
        id=name,
        name=both(name),
        core=both("core"),
        theme=_THEME,
        axes=tuple(model.Axis(id=axis, name=both(axis)) for axis in draw(st.sampled_from([(), axes[:2]]))),
        cost=draw(st.sampled_from(_COSTS)),
    )


@st.composite
def calendars(draw: st.DrawFn, period: Period = PERIOD) -> Calendar:
    """Calendars with at most two blackouts and two elections of a period; the freeze of 2008 is among them.

    Example:
        >>> from hypothesis import find
        >>> find(calendars(), lambda calendar: len(calendar.elections) < 2)
        Calendar()
    """
    simple = draw(st.sampled_from([Calendar(), MUNICIPAL if period == PERIOD else Calendar(), None]))
    if simple is not None:
        return simple
    elections = draw(st.lists(days(period.start, period.end), max_size=2, unique=True).map(sorted))
    return Calendar(
        blackouts=tuple(draw(st.lists(blackouts(period), max_size=2))),
        elections=tuple(Election(date=day, name=both("Élection")) for day in elections),
    )


@st.composite
def blackouts(draw: st.DrawFn, period: Period = PERIOD) -> Blackout:
    """Blackouts of a day to four months that begin in a period.

    Example:
        >>> from hypothesis import find
        >>> found = find(blackouts(), lambda found: True)
        >>> found.start <= found.end
        True
    """
    start = draw(days(period.start, period.end))
    return Blackout(start=start, end=start + dt.timedelta(days=draw(st.integers(0, 120))), reason=both("Gel"))


MUNICIPAL = Calendar(
    blackouts=(Blackout(start=dt.date(2008, 2, 1), end=dt.date(2008, 5, 31), reason=both("Élections municipales")),),
    elections=(Election(date=dt.date(2008, 3, 16), name=both("Municipales 2008")),),
)
"""The freeze and the election of the model case."""


def budgets() -> st.SearchStrategy[Budget]:
    """Budgets that suffice for many sessions, for one, or for none.

    Example:
        >>> from hypothesis import find
        >>> find(budgets(), lambda found: True).total >= 0
        True
    """
    totals = st.sampled_from([Decimal(300_000), Decimal(700), Decimal(0)])
    return st.builds(Budget, total=totals, other_spending=st.sampled_from([Decimal(0), Decimal(500)]))
