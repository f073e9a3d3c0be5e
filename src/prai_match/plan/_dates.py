"""Dates for sessions chosen without them: what leads to something first, then each on its best day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prai_match.plan._draft import Draft, Option
from prai_match.plan._greedy import extended, points

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prai_match.plan._model import Choice
    from prai_match.plan._tables import Tables

_TRIES = 6
"""Times that dates are given anew where they don't suit."""


@dataclass
class Dated:
    """A plan with dates, and what they left out.

    Attributes:
        draft: The plan.
        pairs: ``n`` and ``n_source``: demands that lags kept from being served both.
        seats: ``n`` and ``g``: demands that found no day.
        leads: ``g`` and ``r``: sessions that found no day.
        chosen: The place that was chosen for each demand of ``pairs``.
    """

    draft: Draft
    pairs: list[tuple[int, int]] = field(default_factory=list)
    seats: list[tuple[int, int]] = field(default_factory=list)
    leads: list[tuple[int, int]] = field(default_factory=list)
    chosen: dict[int, int] = field(default_factory=dict)

    def blocked(self) -> Iterator[int]:
        """The places of what was left out, and of what it could have followed in time."""
        tables = self.draft.tables
        for n, source in self.pairs:
            if tables.first + dict(tables.sources[n])[source] <= tables.last:
                yield self.chosen[n]
                yield self.draft.at[source]
        yield from (g for _, g in self.seats)
        yield from (g for g, _ in self.leads)

    @property
    def complete(self) -> bool:
        """Whether everything that was chosen has a date."""
        return not (self.pairs or self.seats or self.leads)


def dated(tables: Tables, choices: Sequence[Choice]) -> Dated:
    """Give a date to each of the sessions chosen; those that find none are left out, a condition is never broken.

    What had to be left out, and what it would have followed, gets its date earlier in another try.
    """
    urgent: Counter[int] = Counter()
    best = _once(tables, choices, urgent)
    made = best
    for _ in range(_TRIES):
        if made.complete:
            break
        urgent.update(made.blocked())
        made = _once(tables, choices, urgent)
        best = max(best, made, key=lambda tried: points(tried.draft))
    return best


def _once(tables: Tables, choices: Sequence[Choice], urgent: Counter[int]) -> Dated:
    """Give the dates, those of what leads to something first, then the urgent ones, then those of old needs.

    Others are then seated, and sessions added, where there is room left.
    """
    made = Dated(Draft(tables))
    step = _steps(tables)

    def order(choice: Choice) -> tuple[bool, int, int, float, int]:
        old = sum(tables.demands[n].old for n in choice.members)
        place = tables.places[choice.g]
        return not place.booked, step.get(place.s, 0), -urgent[choice.g], -old, choice.g

    for choice in sorted(choices, key=order):
        place = tables.places[choice.g]
        if place.booked:
            held = made.draft.sessions[choice.g]
            found = made.draft.filled(place, held.r, held.day, choice.members)[1]
            made.draft.seat(choice.g, found)
        elif option := placed(made.draft, choice, urgent[choice.g]):
            found = option.members
            made.draft.add(option)
        else:
            found = ()
            made.leads.append((choice.g, choice.r))
        _leave_out(made, choice, found)
    extended(made.draft)
    return made


def placed(draft: Draft, choice: Choice, urgency: int) -> Option | None:
    """Return the best day for a session: the one on which it brings most, earlier the more urgently others wait."""
    g, r, p = choice.g, choice.r, choice.p
    if not any(n in draft.tables.targets for n in choice.members):
        urgency = 0
    cents = dict(draft.tables.leads[g])[r]
    best: Option | None = None
    for day in draft.days_of(r, p):
        worth, members = draft.filled(draft.tables.places[g], r, day, choice.members)
        gain = draft.net(worth, g, r, p, day, cents) + urgency * draft.tables.earliness(day)
        if members and (best is None or gain > best.gain):
            best = Option(gain, g, r, p, day, cents, members)
    return best


def _steps(tables: Tables) -> dict[int, int]:
    """Return how many sessions, at most, lead one to the next before each session."""
    sessions = {demand.n: s for demand, s in zip(tables.demands, tables.inputs.demands["s"], strict=True)}
    edges = {(sessions[m], sessions[n]) for n, sources in tables.sources.items() for m, _ in sources}
    step = dict.fromkeys(sessions.values(), 0)
    for _ in step:  # a cycle of follow-ups ends here too
        for source, target in sorted(edges):
            step[target] = min(len(step), max(step[target], step[source] + 1))
    return step


def _leave_out(made: Dated, choice: Choice, found: tuple[int, ...]) -> None:
    """Note the demands of a session that its day doesn't suit."""
    for n in choice.members:
        if n in found:
            continue
        near = [m for m, _ in made.draft.tables.sources.get(n, ()) if m in made.draft.at]
        made.pairs += [(n, m) for m in near]
        made.chosen[n] = choice.g
        if not near:
            made.seats.append((n, choice.g))
