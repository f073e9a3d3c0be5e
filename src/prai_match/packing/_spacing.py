"""How many sessions of a trainer, or of a relay, lie around one another: a load of two months, a year."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping


class Spacing:
    """Sessions by who leads or hosts them, of which each has fewer than ``most`` others within some ``days`` of it.

    Days are whole numbers. What is held already may have more around it; who has no number has no limit.
    """

    def __init__(self, days: int, held: Mapping[int, Iterable[int]], most: Mapping[int, float]) -> None:
        self._days, self._most = days, most
        self._held = {actor: sorted(each) for actor, each in held.items()}
        self._new: dict[int, list[int]] = {}

    def allows(self, actor: int, day: int) -> bool:
        """Return whether one session more has room around it, and leaves room around those that were added."""
        if (most := self._most.get(actor)) is None:
            return True
        near = [each for each in self._new.get(actor, ()) if abs(each - day) <= self._days]
        return all(self.around(actor, each) < most for each in (day, *near))

    def around(self, actor: int, day: int) -> int:
        """Return how many sessions there are within the days of one."""
        held = self._held.get(actor, [])
        return bisect_right(held, day + self._days) - bisect_left(held, day - self._days)

    def add(self, actor: int, day: int) -> None:
        """Add a session, whether it has room or not."""
        insort(self._held.setdefault(actor, []), day)
        self._new.setdefault(actor, []).append(day)
