"""What accounts for a territory that doesn't answer as before: needs, days and what isn't given, from the files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from reference.days import DAYS, changes
from reference.lives import known
from reference.unknowns import UNKNOWNS, unknowns

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

OTHER: Final = "other"


def accounts(needs: Iterable[Sequence[str]], files: Mapping[str, bytes], day: dt.date) -> dict[str, list[str]]:
    """Return what may make each territory differ: its own needs, days, needs near it, then what isn't given.

    Args:
        needs: The needs that the library reads on the day (see `library.needs`).
        files: The folder that was asked.
        day: The day.
    """
    by_day, by_unknown, found = changes(files, day), unknowns(files, day), {}
    for territory, became in known(needs, files, day).items():
        days = [name for name in DAYS if name in by_day.get(territory, ())]
        missing = [name for name in UNKNOWNS if name in by_unknown.get(territory, ())]
        own = not any(name.endswith("near") for name in became)
        found[territory] = [*became, *days, *missing] if own else [*days, *became, *missing]
    return found


@dataclass
class Tally:
    """Territories, each on a day, by what may make them differ.

    >>> tally = Tally()
    >>> tally.add({"T1": ["need met", "freeze"], "T2": ["freeze"], "T3": []}, {"T1", "T2"})
    >>> sorted(tally.counts.items())
    [('freeze', 1), ('need met', 1)]
    >>> print(*tally.lines(), sep="\\n")
    freeze: 2 of 2 territories with it differ, 1 of 1 with it alone
    need met: 1 of 1 territories with it differ, 0 of 0 with it alone
    other: 0 of 1 territories with nothing of these differ
    """

    counts: Counter[str] = field(default_factory=Counter)
    """Those that differ, by the first that may make them, or as `OTHER`."""
    _places: Counter[tuple[str, bool, bool]] = field(default_factory=Counter)

    def add(self, found: Mapping[str, Sequence[str]], differing: Collection[str]) -> None:
        """Count the territories of a question; of those that its files don't name none is accounted for."""
        for territory in sorted({*found, *differing}):
            names, differs = found.get(territory) or [OTHER], territory in differing
            self._places.update((name, len(names) == 1, differs) for name in names)
            self.counts.update(names[:1] if differs else ())

    def lines(self) -> Iterator[str]:
        """Say of each how many territories have it and differ; the most first."""
        for name in sorted({name for name, *_ in self._places} - {OTHER}, key=lambda name: -self._count(name)[0]):
            differ, total, alone, all_alone = *self._count(name), *self._count(name, alone=True)
            yield f"{name}: {differ} of {total} territories with it differ, {alone} of {all_alone} with it alone"
        differ, total = self._count(OTHER)
        yield f"{OTHER}: {differ} of {total} territories with nothing of these differ"

    def _count(self, name: str, *, alone: bool = False) -> tuple[int, int]:
        """Return how many with it differ, and how many there are."""
        sides = {differs: sum(self._places[name, only, differs] for only in {alone, True}) for differs in (True, False)}
        return sides[True], sum(sides.values())
