"""Strategies of whole programmes, consistent by construction."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any, Literal, get_args

from hypothesis import strategies as st

from prai_match._front import Programme
from prai_match.model import Attendance, Attribute, Budget, Calendar, Catalogue, Expertise, Need, RelayPartner, Trainer
from prai_match.testing import _elements, _history
from prai_match.testing._attributes import with_values
from prai_match.testing._elements import DEPARTEMENTS, PERIOD, both

_WHO = attrgetter("session", "collectivity")
Case = Literal[
    "busy", "no_relay", "no_trainer", "no_capacity", "no_money", "no_need", "no_history", "one_territory",
    "all_attended",
]  # fmt: skip
"""Kinds of programmes.

``busy``: every département has a relay, every session a trainer within reach, and people ask in every territory.
``no_relay``, ``no_trainer``: without relays, without trainers. ``no_capacity``: relays and trainers can't take any
further session. ``no_money``: a budget of 0. ``no_need``, ``no_history``: without needs, without history.
``one_territory``: only one. ``all_attended``: on the last day of the period every territory has attended every session.
"""

CASES: tuple[Case, ...] = get_args(Case)
"""Every kind of programmes, by name."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The maximum sizes of a programme.

    Attributes:
        territories: At least 1.
        partners: Relay partners.
        trainers: Trainers.
        needs: Needs.
        sessions: Sessions held.
        attendances: Attendances.
        decisions: Decisions.
        registrations: Registrations for sessions.

    Example:
        >>> Sizes(territories=1).partners, Sizes().territories
        (3, 6)
    """

    territories: int = 6
    partners: int = 3
    trainers: int = 4
    needs: int = 12
    sessions: int = 4
    attendances: int = 10
    decisions: int = 4
    registrations: int = 3


SMALL = Sizes(territories=3, partners=2, trainers=2, needs=4, sessions=2, attendances=4, decisions=2, registrations=2)
"""Programmes that are quick to recommend for and to read."""


@st.composite
def programmes(  # noqa: PLR0913 - all by keyword
    draw: st.DrawFn,
    *,
    case: Case | None = None,
    sizes: Sizes | None = None,
    catalogue: st.SearchStrategy[Catalogue] | None = None,
    calendar: st.SearchStrategy[Calendar] | None = None,
    texts: st.SearchStrategy[_history.NeedText] | None = None,
    attributes: st.SearchStrategy[tuple[Attribute, ...]] | None = None,
) -> Programme:
    """Whole consistent programmes, from nearly empty to busy; they shrink to the smallest.

    Territories lie more than 20 km apart, within some 150 km; the period is that of the model case.

    Args:
        case: A kind of programmes; None means any.
        sizes: Maximum sizes; ``Sizes()`` by default.
        catalogue: Its catalogues (see `catalogues`).
        calendar: Its calendars (see `calendars`).
        texts: Phrases of needs (see `need_texts`); with None, every need states its workshop.
        attributes: Attributes (see `attributes`), whose values may be unknown; None means no attributes.

    Example:
        >>> from hypothesis import find
        >>> found = find(programmes(case="no_relay"), lambda programme: True)
        >>> found.partners, len(found.territories)
        ((), 1)
    """
    sizes = sizes or Sizes()
    members = draw(_elements.territories(1 if case == "one_territory" else sizes.territories))
    fields: dict[str, Any] = {
        "name": both("Programme"),
        "period": PERIOD,
        "catalogue": draw(_elements.catalogues() if catalogue is None else catalogue),
        "collectivities": _elements.collectivities(members),
        "territories": members,
        "needs_lapse_months": draw(st.sampled_from([24, 24, 24, 6])),
    }
    # Actors and history must fit the programme without history; it is checked as a whole with its history.
    world = Programme.model_construct(**fields)
    for name, letter, actors in (("partners", "p", _elements.relay_partners), ("trainers", "r", _elements.trainers)):
        most = getattr(sizes, name)
        fields[name] = tuple(draw(actors(world, f"{letter}{n}")) for n in range(draw(st.integers(0, most))))
    fields["calendar"] = draw(_elements.calendars() if calendar is None else calendar)
    fields["budget"] = draw(st.none() | _elements.budgets())
    fields |= _CASES[case](fields) if case in _CASES else {}

    def rows(name: str, strategy: Callable[[Programme], st.SearchStrategy[Any]]) -> None:
        drawn = strategy(Programme.model_construct(**fields))
        fields[name] = [*fields.get(name, ()), *draw(st.lists(drawn, max_size=getattr(sizes, name)))]

    rows("needs", partial(_history.needs, texts=texts))
    if case == "busy":
        fields["needs"] += _asking(draw, fields)
    world = Programme.model_construct(**fields)
    fields["sessions"] = [
        draw(_history.held_sessions(world, id=f"h{n}")) for n in range(draw(st.integers(0, sizes.sessions)))
    ]
    rows("attendances", _history.attendances)
    rows("decisions", _history.decisions)
    if draw(st.integers(0, 2)) == 2:  # noqa: PLR2004 - in a third of them sessions are booked before they are held
        fields["sessions"] = [
            each.model_copy(update={"booked_on": each.date - dt.timedelta(days=60)}) for each in fields["sessions"]
        ]
    if fields["sessions"]:
        drawn = _history.registrations(Programme.model_construct(**fields))
        fields["registrations"] = draw(st.lists(drawn, max_size=sizes.registrations, unique_by=_WHO))
    fields |= dict.fromkeys(_EMPTIED.get(case, ()), ())
    fields["pace"] = draw(st.just({}) | _elements.paces())
    if attributes is not None:
        fields = draw(with_values(fields, draw(attributes)))
    return Programme(**fields)


def _busy(fields: dict[str, Any]) -> dict[str, Any]:
    relay = RelayPartner(id="p9", name="Relais p9", kind="epci", departements=DEPARTEMENTS)
    trainer = Trainer(
        id="r9",
        organisation="Organisme",
        role="Intervenant",
        expertise=tuple(Expertise(session=session.id) for session in fields["catalogue"].sessions),
        home=fields["territories"][0].members[0],
        latitude=43.45,
        longitude=1.65,
        reach_km=150,
        sessions_a_month=4,
        fee=Decimal(300),
    )
    return {
        "partners": (*fields["partners"], relay),
        "trainers": (*fields["trainers"], trainer),
        "budget": fields["budget"] and Budget(total=max(fields["budget"].total, Decimal(700))),
    }


def _asking(draw: st.DrawFn, fields: dict[str, Any]) -> list[Need]:
    workshops = fields["catalogue"].workshops
    return [
        Need(
            collectivity=territory.members[0],
            date=PERIOD.start + dt.timedelta(days=draw(st.integers(0, 120))),
            workshop=draw(st.sampled_from(workshops)).id,
            people=draw(st.integers(10, 20)),
        )
        for territory in fields["territories"]
        if workshops
    ]


def _no_capacity(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "partners": tuple(partner.model_copy(update={"sessions_a_year": 0}) for partner in fields["partners"]),
        "trainers": tuple(trainer.model_copy(update={"sessions_a_month": 0}) for trainer in fields["trainers"]),
    }


def _all_attended(fields: dict[str, Any]) -> dict[str, Any]:
    day, elections = PERIOD.end - dt.timedelta(days=1), fields["calendar"].elections
    return {
        "attendances": [
            Attendance(collectivity=territory.members[0], session=session.id, date=day, elected=1)
            for territory in fields["territories"]
            for session in fields["catalogue"].sessions
        ],
        "calendar": fields["calendar"] if all(election.date < day for election in elections) else _elements.MUNICIPAL,
    }


_CASES = {
    "busy": _busy,
    "no_relay": lambda _: {"partners": ()},
    "no_trainer": lambda _: {"trainers": ()},
    "no_capacity": _no_capacity,
    "no_money": lambda _: {"budget": Budget(total=Decimal(0))},
    "all_attended": _all_attended,
}
_EMPTIED: dict[Case | None, tuple[str, ...]] = {
    "no_need": ("needs",),
    "no_history": ("needs", "attendances", "sessions", "decisions", "registrations"),
}
