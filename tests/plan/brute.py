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
    return Tried(made).best()


class Tried:
    """What can be tried with the inputs of a plan: the sessions at each place, and whether they fit together."""

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
        self.hosting = inputs.relays.select("g", "p").rows()
        self.seats = {
            row["s"]: (row["min_seats"], row["max_seats"])
            for row in inputs.snapshot.frames.sessions.iter_rows(named=True)
        }
        self.able = set(inputs.able.select("g", "r", "x").rows())
        when: dict[int, list[dt.date]] = {}
        for z, day in inputs.free.select("z", "date").iter_rows():
            when.setdefault(z, []).append(day)
        self.free = {(g, r): when.get(z, []) for g, r, z in inputs.leads.select("g", "r", "z").iter_rows()}
        self.taken = set(inputs.taken.rows())
        self.load = dict(inputs.snapshot.frames.trainers.select("r", "per_month").iter_rows())
        self.load_limit = inputs.programme.trainer_load_limit
        self.known = inputs.record.select("date", "p", "r").rows()
        self.pace = inputs.programme.pace
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
        for option in self.options(place, used):
            if self.fits(option, held):
                yield from self._from(index + 1, [*held, option], used | set(option[4]))
        if not place["booked"]:
            yield from self._from(index + 1, held, used)

    def options(self, place: dict[str, Any], used: frozenset[int]) -> Iterator[Held]:
        g, (least, most) = place["g"], self.seats[place["s"]]
        # A territory attends a session once, whichever council decides it.
        pairs = {self.demands[n]["pair"] for n in used}
        near = [n for n, row in self.demands.items() if (n, g) in self.km and row["pair"] not in pairs]
        every = (group for size in range(len(near) + 1) for group in combinations(near, size))
        groups = [group for group in every if len({self.demands[n]["t"] for n in group}) == len(group)]
        people = {group: sum(self._people(n) for n in group) for group in groups}
        counted = {group: sum(self.demands[n]["counted"] for n in group) for group in groups}
        if place["booked"]:
            room = most if place["room"] is None else place["room"]
            yield from (
                (place, place["r"], place["p"], place["date"], group, 0.0) for group in groups if people[group] <= room
            )
            return
        for (at, r), cost in self.cost.items():
            for relay_at, p in self.hosting:
                if at != g or relay_at != g:
                    continue
                for group in groups:
                    able = all((g, r, self.demands[n]["x"]) in self.able for n in group)
                    if able and place["n"] in group and least <= counted[group] and people[group] <= most:
                        yield from ((place, r, p, day, group, cost) for day in self.free[g, r])

    def _people(self, n: int) -> int:
        return int(self.demands[n]["elected"] + self.demands[n]["technicians"])

    def fits(self, option: Held, held: list[Held]) -> bool:
        """Whether conditions that only get worse still hold."""
        place, r, p, day, group, _ = option
        everything = [*held, option]
        new = [other for other in everything if not other[0]["booked"]]
        if not place["booked"] and not self._free_to(r, p, day, held, new):
            return False
        if self.inputs.budget is not None and sum(other[5] for other in new) > self.inputs.budget + 1e-6:
            return False
        territories = Counter(self.demands[n]["t"] for other in everything for n in other[4])
        if any(count > self.inputs.request.each for count in territories.values()):
            return False
        days = Counter((self.demands[n]["t"], other[3]) for other in everything for n in other[4])
        return not group or (max(days.values()) == 1 and not days.keys() & self.taken)

    def _free_to(self, r: int, p: int, day: dt.date, held: list[Held], new: list[Held]) -> bool:
        """Whether a trainer and a relay have one session more left on a day."""
        if any(other[3] == day and (other[1] == r or other[2] == p) for other in held):
            return False
        month, room = day.replace(day=1), self.room[p]
        led = sum(other[1] == r and other[3].replace(day=1) == month for other in new)
        hosted = sum(other[2] == p for other in new)
        if led > self.left.get((r, month), 0) or (room is not None and hosted > room):
            return False
        return self._bears(r, new) and self._keeps_pace(p, day, new)

    def _bears(self, r: int, new: list[Held]) -> bool:
        """Whether a trainer's load is below the limit on the day of each of their new sessions."""
        if self.load[r] is None:
            return True
        mine = [other[3] for other in new if other[1] == r]
        days = mine + [day for day, _, trainer in self.known if trainer == r]
        around = (sum(abs((other - day).days) <= 30 for other in days) - 1 for day in mine)
        return all(count < 2 * self.load_limit * self.load[r] for count in around)

    def _keeps_pace(self, p: int, day: dt.date, new: list[Held]) -> bool:
        """Whether no day, week or month of one more session has more sessions than the pace allows."""
        sessions = [(date, relay) for date, relay, _ in self.known] + [(other[3], other[2]) for other in new]
        for name, key in (
            ("per_day", lambda date: date),
            ("per_week", lambda date: date.isocalendar()[:2]),
            ("per_month", lambda date: (date.year, date.month)),
        ):
            there = [relay for date, relay in sessions if key(date) == key(day)]
            for most, count in (
                (getattr(self.pace.team, name), len(there)),
                (getattr(self.pace.relay, name), there.count(p)),
            ):
                if most is not None and count > most:
                    return False
        return True

    def keeps_lags(self, held: list[Held]) -> bool:
        """Whether nothing is held before the lags of what it follows are over."""
        at = {n: option[3] for option in held for n in option[4]}
        for n, day in at.items():
            release = self.demands[n]["release"]
            in_plan = [at[m].toordinal() + lag for m, lag in self.after.get(n, ()) if m in at]
            starts = in_plan if release is None else [release.toordinal()]
            if starts and day.toordinal() < min(starts):
                return False
        return True

    def _objective(self, held: list[Held]) -> float:
        if not self.keeps_lags(held):
            return float("-inf")
        weights = self.weights
        at = [n for option in held for n in option[4]]
        total = 0.0
        for place, _, _, day, group, cost in held:
            total -= weights.euros * cost
            for n in group:
                demand = self.demands[n]
                total += weights.score * demand["score"]
                total += weights.early * demand["age"] * self._earliness(day) - weights.km * self.km[n, place["g"]]
        served: dict[int, float] = {self.demands[n]["t"]: self.demands[n]["priority"] for n in at}
        total += weights.priority * sum(served.values())
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
