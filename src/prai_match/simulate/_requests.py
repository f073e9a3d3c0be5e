"""What territories ask for: after a session, and by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from prai_match.simulate._draws import places
from prai_match.simulate._people import HALF_YEAR, YEAR, collectivity
from prai_match.simulate._texts import NOTHING, Texts, pick

if TYPE_CHECKING:
    from prai_match.simulate._behaviour import Behaviour
    from prai_match.simulate._bookings import Bookings
    from prai_match.simulate._draws import Flags, Floats, Ints
    from prai_match.simulate._people import Came
    from prai_match.simulate._region import Month, Region

_PEOPLE = np.array([1, 2, 3, 4, 6])
_OFTEN = np.array([1.0, 4.0, 3.0, 2.0, 1.0])
"""How many people a need is for, and how often: the assumption of the bundled region."""

SOONEST, LATEST = 3, 28
"""Days after a session within which a need that it raised is expressed."""


def interests(region: Region, behaviour: Behaviour, draws: Floats) -> Floats:
    """Return the lasting interest of each territory in each workshop, 1 on average; 0 for buffets: (W, T, S)."""
    base = np.array([behaviour.interest.get(session, 1.0) for session in region.frames.sessions["session"]])
    base = base * region.workshop
    tilt = np.exp(np.round(behaviour.inclination * (2 * draws - 1), 9)) * base
    total = tilt.sum(axis=-1, keepdims=True)
    return np.where(total > 0, tilt / np.where(total > 0, total, 1.0) * max(1, int(region.workshop.sum())), 0.0)


def favourite_axes(region: Region, draws: Floats) -> Ints:
    """Return the axis ``x`` that each territory would ask for in each session: (W, T, S)."""
    favourites = np.zeros(draws.shape, np.int64)
    for s, axes in enumerate(region.axes):
        numbers = np.array(axes)
        favourites[:, :, s] = numbers[np.floor(draws[:, :, s] * len(numbers)).astype(np.int64)]
    return favourites


def after_sessions(  # noqa: PLR0913, PLR0917 - all that a need after a session depends on
    region: Region, behaviour: Behaviour, due: Bookings, came: Came, interest: Floats, draws: dict[str, Floats]
) -> dict[str, Any]:
    """Return the needs that sessions raise: for what they lead to, as the territory is inclined."""
    row, territory = np.nonzero((came.people > 0) & came.held[:, None])
    at = (due.world[row], territory, due.session[row])
    asks = np.where(region.workshop, behaviour.asks_after_workshop, behaviour.asks_after_buffet)[at[2]]
    weights = region.prior[at[2]] * interest[at[0], territory]
    speak = (draws["asks"][at] < asks) & (weights.sum(axis=1) > 0)
    at, weights, row = tuple(each[speak] for each in at), weights[speak], row[speak]
    workshop = places(draws["aim"][at], weights) if len(row) else np.zeros(0, np.int64)
    wait = SOONEST + np.floor(draws["later"][at] * (LATEST - SOONEST + 1)).astype(np.int64)
    return {
        "w": at[0],
        "t": at[1],
        "workshop": workshop,
        "day": due.day[row] + wait,
        "text": draws["text"][at],
        "member": draws["member"][at],
        "people": draws["people"][at],
        "after": at[2],
        "channel": np.full(len(row), NOTHING),
    }


def by_themselves(  # noqa: PLR0913, PLR0917 - all that a need by itself depends on
    region: Region, behaviour: Behaviour, month: Month, ever: Flags, interest: Floats, draws: dict[str, Floats]
) -> dict[str, Any]:
    """Return the needs that territories express by themselves in a month.

    They hear of it from neighbours who ``ever`` attended anything: (W, T).
    """
    near = region.near.astype(np.float64)
    heard = np.matmul(ever.astype(np.float64), near) / np.maximum(near.sum(axis=0), 1.0)
    size = np.power(np.maximum(region.size, 1e-9), behaviour.size)
    channels = np.array([behaviour.channels[name] for name in sorted(behaviour.channels)] or [0.0])
    rate = behaviour.asks_a_year / 12 * channels.sum() * _season(region, behaviour, month.first)
    mean = np.round(rate * size * (1 + behaviour.word_of_mouth * heard), 9)
    calls = draws["calls"] < 1 - np.exp(-mean)
    world, territory = np.nonzero(calls & (interest.sum(axis=-1) > 0))
    at = (world, territory)
    days = month.last - month.first + 1
    workshop = places(draws["which"][at], interest[at]) if len(world) else np.zeros(0, np.int64)
    return {
        "w": world,
        "t": territory,
        "workshop": workshop,
        "day": month.first + np.floor(draws["when"][at] * days).astype(np.int64),
        "text": draws["words"][at],
        "member": draws["who"][at],
        "people": draws["many"][at],
        "after": np.full(len(world), NOTHING),
        "channel": places(draws["how"][at], np.broadcast_to(channels, (len(world), len(channels)))),
    }


def _season(region: Region, behaviour: Behaviour, day: int) -> float:
    """Return how much elections change how often territories ask."""
    for election in region.elections:
        if election - HALF_YEAR < day <= election:
            return behaviour.before_election
        if election < day <= election + YEAR:
            return behaviour.after_renewal
    return 1.0


def express(region: Region, behaviour: Behaviour, texts: Texts, asks: dict[str, Any], axes: Ints) -> dict[str, Any]:
    """Put needs in words, and in numbers: the collectivity, the text, how many people, and what the lexicon reads.

    They are ``w``, ``c``, ``text`` (its number), ``day``, ``people``, ``after`` (the session that raised it),
    ``channel`` (the place of its name among those of the behaviour, where nothing raised it) and, as read, ``s``
    (`NOTHING` where the lexicon abstains), ``x``, ``score`` and ``chosen``.
    """
    axis = axes[asks["w"], asks["t"], asks["workshop"]]
    text = pick(texts, axis, asks["text"], behaviour.unclear, behaviour.stated)
    people = _PEOPLE[places(asks["people"], np.broadcast_to(_OFTEN, (len(axis), len(_OFTEN))))]
    return {
        **{name: asks[name] for name in ("w", "day", "after", "channel")},
        "c": collectivity(region, asks["t"], asks["member"]),
        "text": text,
        "people": people,
        "s": texts.read[text],
        "x": texts.axis[text],
        "score": texts.score[text],
        "chosen": texts.chosen[text],
    }
