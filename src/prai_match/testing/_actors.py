"""Strategies of who takes part: territories with their collectivities, relay partners and trainers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from prai_match.model import Collectivity, Expertise, HostingRecord, Period, RelayPartner, Territory, Trainer
from prai_match.testing._any_model import days, unknown_or

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.model import ProgrammeData

DEPARTEMENTS = ("09", "31")
_SOUTH, _WEST, _STEP_NORTH, _STEP_EAST = 43.05, 1.05, 0.2, 0.3
"""Spots of a grid, more than 20 km apart: no two are in one square of the engine."""


def ratings() -> st.SearchStrategy[float | None]:
    """Ratings from 1 to 4 to a tenth, or none."""
    return st.none() | st.integers(10, 40).map(lambda tenths: tenths / 10)


@st.composite
def territories(draw: st.DrawFn, most: int = 6) -> tuple[Territory, ...]:
    """One to ``most`` territories of two communes each, more than 20 km apart, in one or two départements.

    Example:
        >>> from hypothesis import find
        >>> [territory.members for territory in find(territories(), lambda found: len(found) == 2)]
        [('09001', '09002'), ('09011', '09012')]
    """
    spot = st.tuples(st.integers(0, 4), st.integers(0, 4))
    spots = draw(st.lists(spot, min_size=1, max_size=most, unique=True))
    return tuple(
        Territory(
            id=f"T{n}",
            name=f"Territoire {n}",
            departement=draw(st.sampled_from(DEPARTEMENTS)),
            members=(f"09{n:02}1", f"09{n:02}2"),
            population=draw(st.integers(0, 50_000)),
            latitude=round(_SOUTH + _STEP_NORTH * row, 2),
            longitude=round(_WEST + _STEP_EAST * column, 2),
        )
        for n, (row, column) in enumerate(spots)
    )


def collectivities(territories: Sequence[Territory]) -> tuple[Collectivity, ...]:
    """Return the communes of territories."""
    return tuple(
        Collectivity(code=code, name=code, kind="commune", departement=territory.departement)
        for territory in territories
        for code in territory.members
    )


@st.composite
def relay_partners(draw: st.DrawFn, programme: ProgrammeData, id: str = "p_new") -> RelayPartner:  # noqa: A002
    """Relay partners that a programme can be given.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Programme
        >>> find(relay_partners(Programme.example()), lambda found: True).id
        'p_new'
    """
    sessions = [session.id for session in programme.catalogue.sessions]
    return RelayPartner(
        id=id,
        name=f"Relais {id}",
        kind=draw(st.sampled_from(["adm", "conseil_general", "epci"])),
        departements=tuple(draw(st.lists(st.sampled_from(DEPARTEMENTS), min_size=1, max_size=2, unique=True))),
        carries=tuple(draw(st.lists(st.sampled_from(sessions), max_size=3, unique=True))),
        sessions_a_year=draw(st.none() | st.integers(0, 4)),
        hosted=draw(st.sampled_from([(), (HostingRecord(departement="09", sessions=4),)])),
        brings=draw(st.sampled_from([("elected",), ("elected", "technicians")])),
    )


@st.composite
def trainers(draw: st.DrawFn, programme: ProgrammeData, id: str = "r_new") -> Trainer:  # noqa: A002 - the name of the field
    """Trainers that a programme can be given.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Programme
        >>> find(trainers(Programme.example()), lambda found: True).id
        'r_new'
    """
    sessions, period = programme.catalogue.sessions, programme.period
    middle = period.start + (period.end - period.start) / 2
    return Trainer(
        id=id,
        organisation="Organisme",
        role="Intervenant",
        expertise=tuple(
            Expertise(
                session=session.id,
                axes=tuple(draw(st.lists(st.sampled_from([axis.id for axis in session.axes]), max_size=2, unique=True)))
                if session.axes
                else (),
            )
            for session in draw(
                st.lists(st.sampled_from(sessions), min_size=1, max_size=5, unique_by=lambda each: each.id)
            )
        ),
        home=programme.collectivities[0].code,
        latitude=round(_SOUTH + _STEP_NORTH * draw(st.integers(0, 4)), 2),
        longitude=_WEST,
        reach_km=float(draw(st.integers(0, 150))),
        free=draw(st.sampled_from([(), (Period(start=period.start, end=middle),)])),
        taken=tuple(draw(st.lists(days(period.start, period.end), max_size=3))),
        sessions_a_month=draw(unknown_or(st.integers(0, 4))),
        fee=draw(unknown_or(st.integers(0, 900).map(Decimal))),
        rating=draw(ratings()),
    )
