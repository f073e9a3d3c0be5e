"""Attendance and ratings of sessions, and needs that territories express after them or spontaneously, as texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from prai_match import _words, offers
from prai_match.model import ProgrammeData
from prai_match.needs import classify, lexicon_of
from prai_match.simulate._region import Arrays, Flags, Floats, Ints, Month, binomial, places
from prai_match.simulate._scenario import Behaviour
from prai_match.simulate._state import Bookings

YEAR, HALF_YEAR, _MONTH_DAYS = 365, 182, 30.4
_GRADES, _STEP, _BEST = 4, 0.5, 4.0  # a rating goes from 2 to 4 by halves


@dataclass(frozen=True, eq=False)
class Came:
    """The outcome of sessions that were due."""

    is_held: Flags  # (N,) whether each was held
    frozen: Flags  # (N,) whether a blackout stopped it
    people: Ints  # (N, T) people who came, or would have
    elected: Ints  # (N, T) elected officials among them
    rating: Floats  # (N, T) rating of each delegation; NaN if none


def within(days: Ints, spans: Iterable[tuple[int, int]]) -> Flags:
    """Return, for each day, whether it is in one of the spans, given by first and last days: (N,)."""
    inside = [(days >= first) & (days <= last) for first, last in spans]
    return np.asarray(np.any([np.zeros(len(days), bool), *inside], axis=0))


def willing(region: Arrays, behaviour: Behaviour, days: Ints) -> Floats:
    """Return the effect of elections on attendance on each day, as a factor: (N,)."""
    times = np.ones(len(days))
    for election in region.elections:
        times[(days > election) & (days <= election + YEAR)] = behaviour.renewed
    for election in region.elections:
        times[(days <= election) & (days > election - HALF_YEAR)] = behaviour.before_election
    return times


def at_work(region: Arrays, behaviour: Behaviour, month: Month) -> float:
    """Return the share of time that relays have in a month: none while preparing, little just after an election."""
    start, back = region.programme.period.start, 1.0
    for election in region.elections:
        since = (month.first - election) / _MONTH_DAYS
        if 0 <= since < behaviour.restart_months:
            back = since / behaviour.restart_months
    ready = (month.day.year - start.year) * 12 + month.day.month - start.month >= behaviour.preparation_months
    return back * ready


def delegations(region: Arrays, interest: Ints, usual: Floats) -> Ints:
    """Return how many people each territory would send to each session, as a plan counts them: (W, T, S)."""
    people = np.where(interest > 0, interest, np.rint(usual)[:, None, :].astype(np.int64))
    return np.asarray(np.clip(people, 1, region.most), np.int64)


def who_comes(region: Arrays, behaviour: Behaviour, due: Bookings, draws: dict[str, Floats]) -> Came:
    """Return who attends the sessions that are due; with too few people, or in a blackout, they are called off."""
    row, territory = np.nonzero(due.invited)
    at = (due.world[row], territory, due.session[row])
    far = 1.0 if behaviour.distance_km is None else np.exp(-region.km[due.host[row], territory] / behaviour.distance_km)
    probability = np.clip(far * behaviour.comes * willing(region, behaviour, due.day)[row], 0.0, 1.0)
    people = binomial(draws["comes"][at], due.invited[row, territory], probability)
    total = np.bincount(row, people, len(due))
    frozen = within(due.day, region.blackouts)
    is_held = ~frozen & (total >= region.least[due.session]) & (total <= region.most[due.session])
    elected = binomial(draws["elected"][at], people, np.full(people.shape, behaviour.elected))
    # A delegation that has to bring both has at least one of each.
    both = (people > 1) & (draws["both"][at] < behaviour.together)
    elected = np.where(both, np.clip(elected, 1, np.maximum(people - 1, 1)), elected)
    lost = (_BEST - np.where(region.workshop, behaviour.rating, behaviour.rating_buffet)) / (_GRADES * _STEP)
    grades = binomial(draws["rated"][at], np.full(people.shape, _GRADES), lost[at[2]])
    rating = np.where(draws["rates"][at] < behaviour.rates, _BEST - _STEP * grades, np.nan)

    def of_all(values: Ints | Floats, nothing: float = 0) -> Any:  # noqa: ANN401 - an array
        every = np.full(due.invited.shape, nothing, values.dtype)
        every[row, territory] = values
        return every

    return Came(is_held, frozen, of_all(people), of_all(elected), of_all(rating, np.nan))


def attendances(region: Arrays, due: Bookings, came: Came, member: Floats) -> dict[str, Any]:
    """Return one row per territory that attended a held session, for one of its collectivities."""
    row, territory = np.nonzero((came.people > 0) & came.is_held[:, None])
    people, elected = came.people[row, territory], came.elected[row, territory]
    return {
        "w": due.world[row],
        "c": collectivity(region, territory, member[due.world[row], territory, due.session[row]]),
        "s": due.session[row],
        "x": np.where(due.axis == np.array([axes[0] for axes in region.axes])[due.session], NOTHING, due.axis)[row],
        "day": due.day[row],
        "elected": elected,
        "technicians": people - elected,
        "rating": came.rating[row, territory],
        "host": due.host[row],
    }


def collectivity(region: Arrays, territory: Ints, chance: Floats) -> Ints:
    first, last = region.first_member[territory], region.first_member[territory + 1]
    return np.asarray(region.by_territory[first + np.floor(chance * (last - first)).astype(np.int64)], np.int64)


NOTHING = -1  # stands for the session if the lexicon reads none in a text


@dataclass(frozen=True, eq=False)
class Texts:
    """All texts that needs can have, numbered; their meaning is what the lexicon reads in them."""

    frame: pl.DataFrame  # ``text``, ``workshop`` and ``axis`` (where an officer states them)
    read: Ints  # (N,) the session that is read in each, or `NOTHING`
    axis: Ints  # (N,) the axis ``x``
    score: Floats  # (N,) 0 to 100
    chosen: Ints  # (N,) 1 if an axis is asked for
    unclear: tuple[int, int]  # range of the texts without a workshop, the end excluded
    clear: Ints  # (2, X, 2) ranges by axis ``x`` of the workshop that is meant, then those that an officer states


def texts(programme: ProgrammeData, frames: offers.Frames) -> Texts:
    """Collect the texts for the workshops of a programme, and read them with its lexicon.

    The texts are those of the bundled catalogue; for other workshops they are the names, and an officer states it.
    """
    rows: list[tuple[str, str | None, str | None]] = []
    clear = np.zeros((2, frames.axes.height, 2), np.int64)
    library = _words.catalogue("prai_match.simulate", "texts")
    sessions = {session.id: session for session in programme.catalogue.sessions}
    axes = frames.axes.join(frames.sessions.select("s", "session", "form"), on="session").sort("x")

    def add(phrases: list[str], *workshop: str | None) -> tuple[int, int]:
        rows.extend((text, *workshop) for text in phrases)  # type: ignore[misc]
        return len(rows) - len(phrases), len(rows)

    for x, session, axis in axes.filter(form="workshop").select("x", "session", "axis").iter_rows():
        names = [each.name.fr for each in sessions[session].axes if each.id == axis]
        phrases = library.get(session, {}).get(axis or "core")
        clear[1, x] = add(phrases or [" : ".join([sessions[session].name.fr, *names])], session, axis)
        clear[0, x] = add(phrases, None, None) if phrases else clear[1, x]
    unclear = add(library["none"]["any"], None, None)
    frame = pl.DataFrame(rows, schema={"text": pl.String, "workshop": pl.String, "axis": pl.String}, orient="row")
    read, officer = classify(frame["text"], lexicon_of(programme)), pl.col("workshop").is_not_null()
    numbers = frames.axes.select("session", "axis", "s", "x")
    meaning = frame.select(
        session=pl.coalesce("workshop", read["workshop"]),
        axis=pl.when(officer).then("axis").otherwise(read["axis"]),
        score=pl.when(officer).then(offers.STATED).otherwise(read["score"]).fill_null(0.0),
    ).join(numbers, on=["session", "axis"], how="left", nulls_equal=True, maintain_order="left")
    return Texts(
        frame=frame,
        read=meaning["s"].cast(pl.Int64).fill_null(NOTHING).to_numpy(),
        axis=meaning["x"].cast(pl.Int64).fill_null(0).to_numpy(),
        score=meaning["score"].to_numpy(),
        chosen=meaning["axis"].is_not_null().cast(pl.Int64).to_numpy(),
        unclear=unclear,
        clear=clear,
    )


def pick(texts: Texts, axis: Ints, chance: Floats, unclear: float, stated: float) -> Ints:
    """Return the text for each ``axis``; a single draw decides whether it is clear, whether stated, and which text."""
    none = chance < unclear
    officer = ~none & (chance < unclear + stated)
    bounds = np.where(none[:, None], np.array(texts.unclear), texts.clear[officer.astype(np.int64), axis])
    low = np.where(none, 0.0, np.where(officer, unclear, unclear + stated))
    wide = np.where(none, unclear, np.where(officer, stated, 1 - unclear - stated))
    within = np.round(np.divide(chance - low, wide, out=np.zeros_like(chance), where=wide > 0), 12)
    count = bounds[:, 1] - bounds[:, 0]
    place = np.floor(within * count).astype(np.int64)
    return np.asarray(bounds[:, 0] + np.clip(place, 0, np.maximum(count - 1, 0)), np.int64)


# Distribution of the number of people of a need, as assumed in the bundled region.
_PEOPLE = np.array([1, 2, 3, 4, 6])
_OFTEN = np.array([1.0, 4.0, 3.0, 2.0, 1.0])

SOONEST, LATEST = 3, 28  # days after a session within which a need that it raised is expressed


def interests(region: Arrays, behaviour: Behaviour, draws: Floats) -> Floats:
    """Return the lasting interest of each territory in each workshop, 1 on average; 0 for buffets: (W, T, S)."""
    base = [behaviour.interest.get(session, 1.0) for session in region.frames.sessions["session"]] * region.workshop
    tilt = np.exp(np.round(behaviour.inclination * (2 * draws - 1), 9)) * base
    total = tilt.sum(axis=-1, keepdims=True)
    return np.where(total > 0, tilt / np.where(total > 0, total, 1.0) * max(1, int(region.workshop.sum())), 0.0)


def favourite_axes(region: Arrays, draws: Floats) -> Ints:
    """Return the axis ``x`` that each territory would choose in each session: (W, T, S)."""
    favourites = np.zeros(draws.shape, np.int64)
    for s, axes in enumerate(region.axes):
        favourites[:, :, s] = np.array(axes)[np.floor(draws[:, :, s] * len(axes)).astype(np.int64)]
    return favourites


def after_sessions(  # noqa: PLR0913, PLR0917 - all that a need after a session depends on
    region: Arrays, behaviour: Behaviour, due: Bookings, came: Came, interest: Floats, draws: dict[str, Floats]
) -> dict[str, Any]:
    """Return the needs that sessions raise: for their follow-ups, according to the interests of the territory."""
    row, territory = np.nonzero((came.people > 0) & came.is_held[:, None])
    at = (due.world[row], territory, due.session[row])
    asks = np.where(region.workshop, behaviour.asks_after_workshop, behaviour.asks_after_buffet)[at[2]]
    weights = region.prior[at[2]] * interest[at[0], territory]
    speak = (draws["asks"][at] < asks) & (weights.sum(axis=1) > 0)
    at, weights, row = tuple(each[speak] for each in at), weights[speak], row[speak]
    wait = SOONEST + np.floor(draws["later"][at] * (LATEST - SOONEST + 1)).astype(np.int64)
    own = {"day": due.day[row] + wait, "after": at[2], "channel": np.full(len(row), NOTHING)}
    return _asks(at, weights, [draws[name][at] for name in ("aim", "text", "member", "people")]) | own


def eagerness(region: Arrays, behaviour: Behaviour, month: Month, ever: Flags) -> Floats:
    """Return the rate of spontaneous needs of each territory in a month, for its size, as a share of a year: (W, T).

    Territories hear of the programme from neighbours that ``ever`` attended anything: (W, T).
    """
    near = region.near.astype(np.float64)
    heard = offers.product(ever.astype(np.float64), near) / np.maximum(near.sum(axis=0), 1.0)
    size = np.power(np.maximum(region.size, 1e-9), behaviour.size) * _season(region, behaviour, month.first) / 12
    return np.asarray(size * (1 + behaviour.word_of_mouth * heard), np.float64)


def by_themselves(  # noqa: PLR0913, PLR0917 - all that a need by itself depends on
    region: Arrays, behaviour: Behaviour, month: Month, ever: Flags, interest: Floats, draws: dict[str, Floats]
) -> dict[str, Any]:
    """Return the spontaneous needs of territories in a month; ``ever`` marks those that attended anything: (W, T)."""
    channels = np.array([behaviour.channels[name] for name in sorted(behaviour.channels)] or [0.0])
    rate = behaviour.asks_a_year * channels.sum() * eagerness(region, behaviour, month, ever)
    calls = draws["calls"] < 1 - np.exp(-np.round(rate, 9))
    at = np.nonzero(calls & (interest.sum(axis=-1) > 0))
    days, count = month.last - month.first + 1, len(at[0])
    return _asks(at, interest[at], [draws[name][at] for name in ("which", "words", "who", "many")]) | {
        "day": month.first + np.floor(draws["when"][at] * days).astype(np.int64),
        "after": np.full(count, NOTHING),
        "channel": places(draws["how"][at], np.broadcast_to(channels, (count, len(channels)))),
    }


def _asks(at: tuple[Ints, ...], weights: Floats, draws: list[Floats]) -> dict[str, Any]:
    """Return who asks for which workshop, drawn by ``weights``, and the draws for text, member and people."""
    aim, text, member, people = draws
    workshop = places(aim, weights) if len(aim) else np.zeros(0, np.int64)
    return {"w": at[0], "t": at[1], "workshop": workshop, "text": text, "member": member, "people": people}


def _season(region: Arrays, behaviour: Behaviour, day: int) -> float:
    for election in region.elections:
        if election - HALF_YEAR < day <= election:
            return behaviour.before_election
        if election < day <= election + YEAR:
            return behaviour.after_renewal
    return 1.0


def express(region: Arrays, behaviour: Behaviour, texts: Texts, asks: dict[str, Any], axes: Ints) -> dict[str, Any]:
    """Express needs as numbers: the collectivity, the text, how many people, and what the lexicon reads.

    Columns: ``w``, ``c``, ``text`` (its number), ``day``, ``people``, ``after`` (the session that raised it),
    ``channel`` (the position of its name in the behaviour, if no session raised it) and, as read by the lexicon, ``s``
    (`NOTHING` if it doesn't decide), ``x``, ``score`` and ``chosen``.
    """
    axis = axes[asks["w"], asks["t"], asks["workshop"]]
    text = pick(texts, axis, asks["text"], behaviour.unclear, behaviour.stated)
    return {
        **{name: asks[name] for name in ("w", "day", "after", "channel")},
        "c": collectivity(region, asks["t"], asks["member"]),
        "text": text,
        "people": _PEOPLE[places(asks["people"], np.broadcast_to(_OFTEN, (len(axis), len(_OFTEN))))],
        "s": texts.read[text],
        "x": texts.axis[text],
        "score": texts.score[text],
        "chosen": texts.chosen[text],
    }
