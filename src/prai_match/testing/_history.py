"""Strategies of the history of a given programme, and of phrases in which people express needs."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from prai_match.model import (
    SUBJECTS,
    Attendance,
    Decision,
    HeldSession,
    Model,
    Need,
    ProgrammeData,
    Registration,
    Rows,
    kinds_of,
)
from prai_match.needs import Lexicon
from prai_match.testing._any_model import days, unknown_or
from prai_match.testing._elements import ratings
from prai_match.testing._noise import unaccented

Row = TypeVar("Row", bound=Model)

_FRAMES = (
    "{}",
    "Besoin : {}",
    "{} pour la commune",
    "Nous souhaitons {}",
    "La mairie voudrait être accompagnée : {}",
    "Bonjour, {}. Merci d'avance.",
)
_TYPED: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower, unaccented)


@dataclass(frozen=True, slots=True)
class NeedText:
    """A phrase and the workshop that it asks for.

    Attributes:
        text: The phrase.
        workshop: Identifier of the workshop.
        term: The lexicon's term in it.

    Example:
        >>> from hypothesis import find
        >>> from prai_match.testing import need_texts
        >>> need = find(need_texts(), lambda found: found.workshop == "sig")
        >>> need.workshop, need.term in need.text
        ('sig', True)
    """

    text: str
    workshop: str
    term: str


def need_texts(lexicon: Lexicon | None = None) -> st.SearchStrategy[NeedText]:
    """French phrases with one strong term of a lexicon in a usual sentence, with or without accents.

    Args:
        lexicon: The lexicon of the terms; by default, the bundled one.

    Example:
        >>> from hypothesis import find
        >>> found = find(need_texts(), lambda found: found.workshop == "sig")
        >>> found.term in found.text
        True
    """
    return st.deferred(lambda: _phrases(_terms(lexicon or Lexicon.bundled())))


@st.composite
def _phrases(draw: st.DrawFn, terms: tuple[tuple[str, str], ...]) -> NeedText:
    term, workshop = draw(st.sampled_from(terms))
    frame, write = draw(st.sampled_from(_FRAMES)), draw(st.sampled_from(_TYPED))
    return NeedText(write(frame.format(term)), workshop, term)


def _terms(lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    strong = [term for term in lexicon.compiled.table.terme if term.niveau == "fort"]
    terms = {(words, term.atelier) for term in strong for words in term.mots if "{" not in words}
    return tuple(sorted(terms, key=lambda pair: (len(pair[0]), pair)))


@st.composite
def needs(
    draw: st.DrawFn,
    programme: ProgrammeData,
    *,
    on: st.SearchStrategy[dt.date] | None = None,
    texts: st.SearchStrategy[NeedText] | None = None,
) -> Need:
    """Needs that a programme can be given.

    Args:
        programme: The programme whose collectivities ask for its workshops.
        on: Their days; by default, those of the programme's period.
        texts: Phrases of needs without a workshop (see `need_texts`); with None, every need states its workshop, if the
            programme has one.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Programme
        >>> find(needs(Programme.example()), lambda found: True).people
        1
    """
    collectivity, date = draw(st.sampled_from(_members(programme))), draw(_days(programme, on))
    people, workshops = draw(unknown_or(st.integers(1, 25))), programme.catalogue.workshops
    if not workshops or (texts is not None and draw(st.booleans())):
        return Need(collectivity=collectivity, date=date, text="" if texts is None else draw(texts).text, people=people)
    workshop = draw(st.sampled_from(workshops))
    return Need(
        collectivity=collectivity,
        date=date,
        people=people,
        workshop=workshop.id,
        axis=draw(st.sampled_from([None, *(axis.id for axis in workshop.axes)])),
        score=draw(st.sampled_from([None, None, None, 62.5])),  # a fourth were read in words that are forgotten
        channel=draw(st.sampled_from(["other", *kinds_of(programme.catalogue, "channels")[-2:]])),
    )


@st.composite
def attendances(
    draw: st.DrawFn,
    programme: ProgrammeData,
    *,
    on: st.SearchStrategy[dt.date] | None = None,
    collectivities: Sequence[str] | None = None,
    sessions: Sequence[str] | None = None,
) -> Attendance:
    """Attendances that a programme can be given, of at least one person; their numbers may be unknown.

    If only the programme is given, half of them are at a session that it held, and half of the others meet a need.

    Args:
        programme: The programme whose collectivities attend its sessions.
        on: Their days; by default, those of the programme's period.
        collectivities: Codes of those that attend; by default, all those of its territories.
        sessions: Identifiers of the sessions; by default, all of them.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Programme
        >>> came = find(attendances(Programme.example()), lambda found: True)
        >>> came.elected + came.technicians >= 1
        True
    """
    elected = draw(unknown_or(st.integers(0, 12)))
    alone = on is None and collectivities is None and sessions is None
    held = _one_of(draw, programme.sessions) if alone else None
    need = _one_of(draw, programme.needs) if alone and not held else None
    if need is not None:
        collectivities, sessions, on = [need.collectivity], need.workshop and [need.workshop], _since(programme, need)
    return Attendance(
        collectivity=draw(st.sampled_from(collectivities or _members(programme))),
        session=held.session if held else draw(st.sampled_from(sessions or _sessions(programme))),
        date=held.date if held else draw(_days(programme, on)),
        held=held.id if held else None,
        elected=elected,
        technicians=draw(unknown_or(st.integers(int(elected == 0), 4))),
        rating=draw(ratings()),
    )


@st.composite
def held_sessions(
    draw: st.DrawFn,
    programme: ProgrammeData,
    *,
    id: str = "h_new",  # noqa: A002 - the name of the field
    on: st.SearchStrategy[dt.date] | None = None,
) -> HeldSession:
    """Held sessions that a programme can be given; if no days are given, half of them meet a need.

    Args:
        programme: The programme with the territories, relays and trainers.
        id: Their identifier.
        on: Their days; by default, those of the programme's period.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Programme
        >>> find(held_sessions(Programme.example(), id="s_new"), lambda found: True).id
        's_new'
    """
    need = _one_of(draw, programme.needs) if on is None else None
    wanted = [each for each in programme.catalogue.sessions if need and need.workshop == each.id]
    session = draw(st.sampled_from(wanted or programme.catalogue.sessions))
    if need is not None:
        on = _since(programme, need)
    return HeldSession(
        id=id,
        session=session.id,
        axis=draw(st.sampled_from([None, *(axis.id for axis in session.axes)])),
        date=draw(_days(programme, on)),
        host=draw(st.sampled_from([territory.id for territory in programme.territories])),
        partner=draw(st.sampled_from([None, *(partner.id for partner in programme.partners)])),
        trainer=draw(st.sampled_from([None, *(trainer.id for trainer in programme.trainers)])),
        cost=draw(unknown_or(st.integers(0, 2000).map(Decimal))),
    )


@st.composite
def registrations(draw: st.DrawFn, programme: ProgrammeData) -> Registration:
    """Registrations that a programme can be given; it must have a session held or booked.

    Args:
        programme: The programme whose collectivities register for its sessions.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Programme
        >>> find(registrations(Programme.example()), lambda found: found.people is not None).people
        1
    """
    return Registration(
        session=draw(st.sampled_from([each.id for each in programme.sessions])),
        collectivity=draw(st.sampled_from(_members(programme))),
        people=draw(unknown_or(st.integers(1, 12))),
    )


@st.composite
def decisions(draw: st.DrawFn, programme: ProgrammeData, *, on: st.SearchStrategy[dt.date] | None = None) -> Decision:
    """Decisions that a programme can be given, on needs, on offers and, if it has any, on booked sessions.

    Half of those on needs concern an existing one, on a later day unless days are given.

    Args:
        programme: The programme with the needs, offers and sessions.
        on: Their days; by default, those of the programme's period.

    Example:
        >>> from hypothesis import find
        >>> from prai_match import Programme
        >>> find(decisions(Programme.example()), lambda found: found.territory is not None).event
        'made'
    """
    codes = {
        "collectivity": _members(programme),
        "territory": [territory.id for territory in programme.territories],
        "held": [session.id for session in programme.sessions],
    }
    subject = draw(st.sampled_from([name for name, known in codes.items() if known]))
    event = draw(st.sampled_from(SUBJECTS[subject]))
    every = _sessions(programme)
    sessions: dict[str, list[str | None]] = {"collectivity": [None, *every], "territory": [*every], "held": [None]}
    if subject == "collectivity" and (need := _one_of(draw, programme.needs)):
        codes[subject], sessions[subject] = [need.collectivity], [None, need.workshop]
        on = _since(programme, need) if on is None else on
    said = {
        "date": draw(_days(programme, on)),
        "event": event,
        subject: draw(st.sampled_from(codes[subject])),
        "session": draw(st.sampled_from(sessions[subject])),
        "replaced_by": draw(st.sampled_from(every)) if event == "replaced" else None,
    }
    for name in ("partner", "trainer") if subject == "territory" else ():
        said[name] = draw(st.sampled_from([None, *(actor.id for actor in getattr(programme, f"{name}s"))]))
    return Decision.model_validate(said)


def _one_of(draw: st.DrawFn, rows: Rows[Row]) -> Row | None:
    """Draw one row of a table in half of the cases, where it has any."""
    return rows[draw(st.integers(0, len(rows) - 1))] if len(rows) and draw(st.booleans()) else None


def _since(programme: ProgrammeData, need: Need) -> st.SearchStrategy[dt.date]:
    return days(need.date, max(need.date, programme.period.end))


def _members(programme: ProgrammeData) -> list[str]:
    return [member for territory in programme.territories for member in territory.members]


def _sessions(programme: ProgrammeData) -> list[str]:
    return [session.id for session in programme.catalogue.sessions]


def _days(programme: ProgrammeData, on: st.SearchStrategy[dt.date] | None) -> st.SearchStrategy[dt.date]:
    return days(programme.period.start, programme.period.end) if on is None else on
