"""Every plan of a very small programme, tried one after the other: the conditions and the objective a second time."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from prai_match.plan import Plan

Held = tuple[dict[str, Any], Any, Any, "dt.date", tuple[int, ...], float]


def best_objective(made: Plan) -> float:
    """The objective of the best of all plans with the inputs of one."""
    return _Tried(made).best()


class _Tried:
    def __init__(self, made: Plan) -> None:
        inputs = made.inputs
        self.inputs, self.weights = inputs, made.weights
        self.demands = {row["n"]: row for row in inputs.demands.iter_rows(named=True)}
        self.places = inputs.places.rows(named=True)
        self.km = {(n, g): km for n, g, km in inputs.seats.select("n", "g", "km").iter_rows()}
        counted = {(g, r): cost for g, r, cost in inputs.leads.select("g", "r", "counted").iter_rows()}
        # What isn't known is chosen as if it were the dearest.
        dearest = max((cost for cost in counted.values() if cost is not None), default=0.0)
        self.cost = {at: dearest if cost is None else cost for at, cost in counted.items()}
        self.hosting = inputs.relays.rows()
        self.seats = {
            row["s"]: (row["min_seats"], row["max_seats"])
            for row in inputs.snapshot.frames.sessions.iter_rows(named=True)
        }
        self.knows = set(inputs.snapshot.frames.expertise.rows())
        self.free = set(inputs.free.rows())
        self.left = {(r, month): left for r, month, left in inputs.months.iter_rows()}
        self.room = dict(inputs.room.iter_rows())
        self.open = inputs.open_days["date"].to_list()
        self.after: dict[int, list[tuple[int, int]]] = {}
        for n, source, lag in inputs.after.iter_rows():
            self.after.setdefault(n, []).append((source, lag))

    def best(self) -> float:
        """Go through all plans."""
        return max(self._from(0, [], frozenset()))

    def _from(self, index: int, held: list[Held], used: frozenset[int]) -> Iterator[float]:
        if index == len(self.places):
            yield self._objective(held)
            return
        place = self.places[index]
        for option in self._options(place, used):
            if self._fits(option, held):
                yield from self._from(index + 1, [*held, option], used | set(option[4]))
        if not place["booked"]:
            yield from self._from(index + 1, held, used)

    def _options(self, place: dict[str, Any], used: frozenset[int]) -> Iterator[Held]:
        g, (least, most) = place["g"], self.seats[place["s"]]
        near = [n for n in self.demands if (n, g) in self.km and n not in used]
        groups = [group for size in range(len(near) + 1) for group in combinations(near, size)]
        people = {group: sum(self._people(n) for n in group) for group in groups}
        counted = {group: sum(self.demands[n]["counted"] for n in group) for group in groups}
        if place["booked"]:
            yield from (
                (place, place["r"], place["p"], place["date"], group, 0.0) for group in groups if people[group] <= most
            )
            return
        for (at, r), cost in self.cost.items():
            for relay_at, p in self.hosting:
                if at != g or relay_at != g:
                    continue
                for group in groups:
                    asked = all(not self.demands[n]["chosen"] or (r, self.demands[n]["x"]) in self.knows for n in group)
                    if asked and place["n"] in group and least <= counted[group] and people[group] <= most:
                        yield from ((place, r, p, day, group, cost) for day in self.open if (r, day) in self.free)

    def _people(self, n: int) -> int:
        return int(self.demands[n]["elected"] + self.demands[n]["technicians"])

    def _fits(self, option: Held, held: list[Held]) -> bool:
        """Whether conditions that only get worse still hold."""
        place, r, p, day, group, _ = option
        everything = [*held, option]
        new = [other for other in everything if not other[0]["booked"]]
        if not place["booked"]:
            if any(other[1] == r and other[3] == day for other in held) or any(
                other[2] == p and other[3] == day for other in held
            ):
                return False
            month = day.replace(day=1)
            if sum(other[1] == r and other[3].replace(day=1) == month for other in new) > self.left.get((r, month), 0):
                return False
            room = self.room[p]
            if room is not None and sum(other[2] == p for other in new) > room:
                return False
        if self.inputs.budget is not None and sum(other[5] for other in new) > self.inputs.budget + 1e-6:
            return False
        territories = Counter(self.demands[n]["t"] for other in everything for n in other[4])
        if any(count > self.inputs.request.each for count in territories.values()):
            return False
        days = Counter((self.demands[n]["t"], other[3]) for other in everything for n in other[4])
        return not group or max(days.values()) == 1

    def _objective(self, held: list[Held]) -> float:
        weights = self.weights
        at = {n: option[3] for option in held for n in option[4]}
        for n, day in at.items():
            release = self.demands[n]["release"]
            starts = ([] if release is None else [release.toordinal()]) + [
                at[m].toordinal() + lag for m, lag in self.after.get(n, ()) if m in at
            ]
            if starts and day.toordinal() < min(starts):
                return float("-inf")
        total = 0.0
        for place, _, _, day, group, cost in held:
            total -= weights.euros * cost
            for n in group:
                demand = self.demands[n]
                both = demand["elected"] > 0 and demand["technicians"] > 0
                total += weights.score * demand["score"] + weights.together * both
                total += weights.early * demand["age"] * self._earliness(day) - weights.km * self.km[n, place["g"]]
        demands_of = Counter(demand["d"] for demand in self.demands.values())
        served = Counter(self.demands[n]["d"] for n in at)
        total += weights.equity * sum(min(served[d], count / 2) for d, count in demands_of.items())
        seen: set[Any] = set()
        for place, _, p, day, _, _ in sorted(held, key=lambda option: not option[0]["booked"]):
            crowd = ((p, day.isocalendar()[:2]) in seen and p is not None) + (day in seen)
            total -= 0 if place["booked"] else weights.spread * crowd
            seen |= {(p, day.isocalendar()[:2]), day}
        led = Counter(option[1] for option in held if not option[0]["booked"])
        capacity: Counter[int] = Counter()
        for (r, _), left in self.left.items():
            capacity[r] += left
        return total - weights.load * sum(max(0.0, count - capacity[r] / 2) for r, count in led.items())

    def _earliness(self, day: dt.date) -> float:
        if not self.open:
            return 1.0
        span: int = max(1, (self.open[-1] - self.open[0]).days)
        gone: int = (day - self.open[0]).days
        return min(1.0, max(0.0, 1 - gone / span))
