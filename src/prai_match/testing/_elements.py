"""Strategies of the parts of a programme: catalogue, calendar, budget, pace and actors."""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final, get_args

from hypothesis import strategies as st

from prai_match import model
from prai_match.needs import Lexicon
from prai_match.testing._any_model import FIRST, LAST, days, unknown_or

PERIOD = model.Period(start=FIRST, end=LAST)
_THEME = "theme"
_PRIOR, _LAG = st.sampled_from([0.5, 0.2, 0.8]), st.sampled_from([90, 60, 0])
_MODULES = 3
_REFRESH: Final = st.sampled_from([None, None, 3, 12])
_KINDS: Final = tuple(model.Kind(of=of, id=f"own_{of}", name=model.Text(fr=of, en=of)) for of in get_args(model.KindOf))


def both(text: str) -> model.Text:
    """Return a text that is the same in French and English."""
    return model.Text(fr=text, en=text)


@st.composite
def catalogues(draw: st.DrawFn, including: Collection[str] = ()) -> model.Catalogue:
    """Catalogues of one to four workshops, with the identifiers and axes of the bundled lexicon, and buffets before.

    Args:
        including: Identifiers of sessions that each also has, such as those that a policy names.

    Example:
        >>> from hypothesis import find
        >>> [session.id for session in find(catalogues(), lambda found: len(found.workshops) == 2).sessions]
        ['buffet_0', 'dematerialisation', 'organisation_interne']
    """
    axes = Lexicon.bundled().workshops
    names = draw(st.lists(st.sampled_from(sorted(axes)), min_size=1, max_size=4, unique=True).map(sorted))
    names = sorted({*names, *(name for name in including if not name.startswith("buffet"))})
    kinds = draw(st.sampled_from([(), _KINDS]))
    workshops = tuple(draw(_workshops(name, axes.get(name, ()), kinds)) for name in names)
    kind = _kind("buffets", kinds)
    every: dict[str, Any] = {"core": both("core"), "themes": (_THEME,)}
    buffets = tuple(
        model.Buffet(
            id=f"buffet_{n}",
            name=both(f"Buffet {n}"),
            kind=draw(kind),
            refresh_after=draw(_REFRESH),
            **draw(_half_days()),
            **every,
        )
        for n in range(draw(st.integers(1, 2)))
    )
    buffets += tuple(
        model.Buffet(id=name, name=both(name), **every)
        for name in sorted(set(including) - {*names, *(buffet.id for buffet in buffets)})
    )
    edges = {
        (buffet.id, target)
        for buffet in buffets
        for target in draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    }
    pairs = [(one, other) for one in names for other in names if one < other]
    edges |= set(draw(st.lists(st.sampled_from(pairs), max_size=1))) if pairs else set()
    edges = draw(st.sampled_from([edges, edges, edges, set()]))  # with none, each may lead to every other
    return model.Catalogue(
        themes=(model.Theme(id=_THEME, name=both("Thème")),),
        buffets=buffets,
        workshops=workshops,
        kinds=kinds,
        follow_ups=tuple(
            model.FollowUp(source=one, target=other, prior=draw(_PRIOR), lag_days=draw(_LAG))
            for one, other in sorted(edges)
        ),
    )


@st.composite
def _workshops(draw: st.DrawFn, name: str, axes: Sequence[str], kinds: Sequence[model.Kind]) -> model.Workshop:
    axes = draw(st.sampled_from([(), axes[:2]]))
    return model.Workshop(
        id=name,
        name=both(name),
        core=both("core"),
        theme=_THEME,
        axes=tuple(model.Axis(id=axis, name=both(axis)) for axis in axes),
        scope=draw(st.builds(model.Scope, covers=st.sampled_from([(), (both(name),)]))),
        cost=draw(st.sampled_from([Decimal(0), Decimal(100), None])),
        kind=draw(_kind("workshops", kinds)),
        refresh_after=draw(_REFRESH),
        **draw(_half_days(axes)),
    )


@st.composite
def _half_days(draw: st.DrawFn, axes: Sequence[str] = ()) -> dict[str, Any]:
    """How long a session lasts, and three modules at most, a third of it each: they fit whatever they are of."""
    minutes = draw(st.sampled_from([180, 60]))
    modules = st.builds(
        model.Module,
        title=st.just(both("Module")),
        minutes=st.integers(1, minutes // _MODULES),
        material=st.sampled_from([None, both("Document")]),
        axis=st.sampled_from([None, *axes]),
    )
    return {"minutes": minutes, "modules": tuple(draw(st.lists(modules, max_size=_MODULES)))}


def _kind(of: model.KindOf, kinds: Sequence[model.Kind]) -> st.SearchStrategy[str]:
    return st.sampled_from(model.kinds_of(model.Catalogue(themes=(), kinds=tuple(kinds)), of))


@st.composite
def calendars(draw: st.DrawFn, period: model.Period = PERIOD) -> model.Calendar:
    """Calendars with at most two blackouts and two elections of a period; the freeze of 2008 is among them.

    Example:
        >>> from hypothesis import find
        >>> find(calendars(), lambda calendar: len(calendar.elections) < 2)
        Calendar()
    """
    simple = draw(st.sampled_from([model.Calendar(), MUNICIPAL if period == PERIOD else model.Calendar(), None]))
    if simple is not None:
        return simple
    elections = draw(st.lists(days(period.start, period.end), max_size=2, unique=True).map(sorted))
    return model.Calendar(
        blackouts=tuple(draw(st.lists(blackouts(period), max_size=2))),
        elections=tuple(model.Election(date=day, name=both("Élection")) for day in elections),
    )


@st.composite
def blackouts(draw: st.DrawFn, period: model.Period = PERIOD) -> model.Blackout:
    """Blackouts of a day to four months that begin in a period.

    Example:
        >>> from hypothesis import find
        >>> found = find(blackouts(), lambda found: True)
        >>> found.start <= found.end
        True
    """
    start = draw(days(period.start, period.end))
    return model.Blackout(start=start, end=start + dt.timedelta(days=draw(st.integers(0, 120))), reason=both("Gel"))


MUNICIPAL = model.Calendar(
    blackouts=(
        model.Blackout(start=dt.date(2008, 2, 1), end=dt.date(2008, 5, 31), reason=both("Élections municipales")),
    ),
    elections=(model.Election(date=dt.date(2008, 3, 16), name=both("Municipales 2008")),),
)
"""The freeze and the election of the model case."""


def budgets() -> st.SearchStrategy[model.Budget]:
    """Budgets that are enough for many sessions, for one, or for none.

    Example:
        >>> from hypothesis import find
        >>> find(budgets(), lambda found: True).total >= 0
        True
    """
    totals = st.sampled_from([Decimal(300_000), Decimal(700), Decimal(0)])
    return st.builds(model.Budget, total=totals, other_spending=st.sampled_from([Decimal(0), Decimal(500)]))


@st.composite
def paces(draw: st.DrawFn) -> model.Pace:
    """Paces of at most five sessions per day, week or month, each limited or not; a relay's day always is.

    Example:
        >>> from hypothesis import find
        >>> find(paces(), lambda found: found.team.per_week is not None)
        Pace(team=TeamPace(per_week=1))
    """
    names, ordered = [*model.TeamPace.model_fields], st.lists(st.integers(1, 5), min_size=3, max_size=3).map(sorted)
    team, relay = draw(ordered), draw(ordered)
    limits = {"team": zip(names, team, strict=True), "relay": zip(names, map(min, team, relay), strict=True)}
    some = {part: {name: most for name, most in each if draw(st.booleans())} for part, each in limits.items()}
    return model.Pace.model_validate(some)


DEPARTEMENTS = ("09", "31")
_SOUTH, _WEST, _STEP_NORTH, _STEP_EAST = 43.05, 1.05, 0.2, 0.3
# Spots of a grid, more than 20 km apart: no two are in one square of the engine.


def ratings() -> st.SearchStrategy[float | None]:
    """Ratings from 1 to 4 in steps of a tenth, or none."""
    return st.none() | st.integers(10, 40).map(lambda tenths: tenths / 10)


@st.composite
def territories(draw: st.DrawFn, most: int = 6) -> tuple[model.Territory, ...]:
    """One to ``most`` territories of two communes each, more than 20 km apart, in one or two départements.

    Example:
        >>> from hypothesis import find
        >>> [territory.members for territory in find(territories(), lambda found: len(found) == 2)]
        [('09001', '09002'), ('09011', '09012')]
    """
    spots = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=most, unique=True))
    return tuple(
        model.Territory(
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


def collectivities(territories: Sequence[model.Territory]) -> tuple[model.Collectivity, ...]:
    """Return the communes of territories."""
    return tuple(
        model.Collectivity(code=code, name=code, kind="commune", departement=territory.departement)
        for territory in territories
        for code in territory.members
    )


@st.composite
def relay_partners(draw: st.DrawFn, programme: model.ProgrammeData, id: str = "p_new") -> model.RelayPartner:  # noqa: A002
    """Relay partners that a programme can be given.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Programme
        >>> find(relay_partners(Programme.example()), lambda found: True).id
        'p_new'
    """
    sessions = [session.id for session in programme.catalogue.sessions]
    return model.RelayPartner(
        id=id,
        name=f"Relais {id}",
        kind=draw(st.sampled_from(["adm", "conseil_general", *model.kinds_of(programme.catalogue, "partners")[4:]])),
        departements=tuple(draw(st.lists(st.sampled_from(DEPARTEMENTS), min_size=1, max_size=2, unique=True))),
        carries=tuple(draw(st.lists(st.sampled_from(sessions), max_size=3, unique=True))),
        sessions_a_year=draw(st.none() | st.integers(0, 4)),
        hosted=draw(st.sampled_from([(), (model.HostingRecord(departement="09", sessions=4),)])),
        brings=draw(st.sampled_from([("elected",), ("elected", "technicians")])),
        **draw(_presence(programme.period)),
    )


@st.composite
def trainers(draw: st.DrawFn, programme: model.ProgrammeData, id: str = "r_new") -> model.Trainer:  # noqa: A002
    """Trainers that a programme can be given.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Programme
        >>> find(trainers(Programme.example()), lambda found: True).id
        'r_new'
    """
    sessions, period = programme.catalogue.sessions, programme.period
    middle = period.start + (period.end - period.start) / 2
    return model.Trainer(
        id=id,
        organisation="Organisme",
        role="Intervenant",
        expertise=tuple(
            model.Expertise(
                session=session.id,
                axes=tuple(draw(st.lists(st.sampled_from([axis.id for axis in session.axes]), max_size=2, unique=True)))
                if session.axes
                else (),
            )
            for session in draw(st.lists(st.sampled_from(sessions), min_size=1, max_size=5, unique_by=lambda s: s.id))
        ),
        home=programme.collectivities[0].code,
        latitude=round(_SOUTH + _STEP_NORTH * draw(st.integers(0, 4)), 2),
        longitude=_WEST,
        reach_km=float(draw(st.integers(0, 150))),
        free=draw(st.sampled_from([(), (model.Period(start=period.start, end=middle),)])),
        taken=tuple(draw(st.lists(days(period.start, period.end), max_size=3))),
        sessions_a_month=draw(unknown_or(st.integers(0, 4))),
        fee=draw(unknown_or(st.integers(0, 900).map(Decimal))),
        rating=draw(ratings()),
        **draw(_presence(period)),
    )


def _presence(period: model.Period) -> st.SearchStrategy[dict[str, Any]]:
    """The first and the last day of a relay or trainer in the programme; most were always there, and stay."""
    middle = period.start + (period.end - period.start) / 2
    since, until = days(period.start, middle), days(middle, period.end)
    some = {7: {"since": since}, 8: {"until": until}, 9: {"since": since, "until": until}}
    return st.integers(0, 9).flatmap(lambda n: st.fixed_dictionaries(some.get(n, {})))
