"""A programme prepared once, and the day that was asked about last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.followups import STRENGTH, FollowUps, attended
from prai_match.model import once
from prai_match.needs import lexicon_of
from prai_match.offers._frames import Frames, prepare
from prai_match.offers._snapshot import Snapshot

if TYPE_CHECKING:
    import datetime as dt

    from prai_match.model import ProgrammeData


def prepared(programme: ProgrammeData) -> Frames:
    """Return the frames of a programme, prepared once; its own lexicon reads its needs.

    Raises:
        LexiconError: The catalogue names a lexicon, and the programme was not loaded from its folder.

    Example:
        >>> from prai_match import Programme
        >>> programme = Programme.example()
        >>> prepared(programme) is prepared(programme)
        True
    """
    return once(programme, "frames", lambda: prepare(programme, lexicon_of(programme)))


def learned(programme: ProgrammeData, on: dt.date, strength: float = STRENGTH) -> FollowUps:
    """Return the follow-up graph learned from the history until ``on`` (see `Programme.follow_ups`).

    Raises:
        ValueError: ``strength`` isn't above 0.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> learned(Programme.example(), dt.date(2007, 9, 3)).next_sessions(["buffet_communication"])[0].session
        'site_internet'
    """
    return FollowUps.learned(programme.catalogue, attended(programme), on, strength=strength)


def on_day(programme: ProgrammeData, on: dt.date) -> Snapshot:
    """Return what is known on a day; the day that was asked about last is kept: it is asked about again and again.

    Raises:
        LexiconError: The catalogue names a lexicon, and the programme was not loaded from its folder.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> on_day(Programme.example(), dt.date(2007, 9, 3)).first_day
        datetime.date(2007, 9, 24)
    """
    last: dict[dt.date, Snapshot] = once(programme, "day", dict)
    if on not in last:
        snapshot = Snapshot(prepared(programme), on, learned(programme, on), None)
        last.clear()
        last[on] = snapshot
    return last[on]
