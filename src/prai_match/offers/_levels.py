"""Levels: a column is stored at the smallest level with all its keys, and a rule runs at that of its columns.

Columns are gathered from their level to the rows of a larger one; two tables list the keys of levels and their rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from prai_match.offers._columns import rooms_around
from prai_match.offers._facts import NONE
from prai_match.offers._frames import Numbered
from prai_match.policy import Columns, Stage, Values, equal

if TYPE_CHECKING:
    from prai_match.offers._blocks import Block
    from prai_match.offers._facts import Array, Ints
    from prai_match.offers._snapshot import Snapshot

# What the rows of each level are about: worlds, départements, territories, sessions, axes, partners, trainers; ``h`` is
# the territory where the session is held and ``e`` its département; a first day (see `Day.starts`) is ``k``, the year
# around it (see `Snapshot.year_days`) ``y``.
KEYS: Final[dict[str, frozenset[str]]] = {
    level: frozenset(keys)
    for level, keys in {
        "world": "w",
        "session": "s",
        "world session": "ws",
        "departement": "wd",
        "territory": "wdt",
        "territory session": "wdts",
        "host departement": "we",
        "host": "weh",
        "place": "wdtseh",
        "partner": "wp",
        "session partner": "wsp",
        "departement partner": "wep",
        "departement session partner": "wesp",
        "year partner": "wyp",
        "year departement session partner": "wyesp",
        "trainer": "wr",
        "start trainer": "wkr",
        "session trainer": "wsr",
        "axis trainer": "wsxr",
        "host trainer": "wehr",
        "row": "wdtsxehkr",
    }.items()
}
# The levels at which the rules of a stage run, the smallest first.
LEVELS: Final[dict[Stage, tuple[str, ...]]] = {
    "session": ("world", "session", "world session", "departement", "territory", "territory session"),
    "place": ("place",),
    "partner": (
        *("partner", "year partner", "session partner", "departement partner", "departement session partner"),
        "year departement session partner",
    ),
    "trainer": ("trainer", "start trainer", "axis trainer", "host trainer", "row"),
}
# The levels whose columns are computed by blocks of territories.
TERRITORIAL: Final = frozenset({"territory", "territory session"})


def level_of(stage: Stage, levels: set[str]) -> str:
    """Return the smallest level of a stage that contains some ``levels``."""
    keys = frozenset[str]().union(*(KEYS[level] for level in levels))
    return next((level for level in LEVELS[stage] if keys <= KEYS[level]), LEVELS[stage][-1])


# The row of each level that the numbers of other rows point to.
_INDEX: Final[dict[str, Callable[[LevelRows], Ints]]] = {
    "world": lambda rows: rows.number("w"),
    "session": lambda rows: rows.number("s"),
    "world session": lambda rows: rows.number("w") * rows.day.width + rows.number("s"),
    "departement": lambda rows: rows.number("d"),
    "territory": lambda rows: rows.number("t") - rows.first,
    "territory session": lambda rows: (rows.number("t") - rows.first) * rows.day.width + rows.number("s"),
    "partner": lambda rows: rows.number("p"),
    "session partner": lambda rows: rows.number("p") * rows.day.width + rows.number("s"),
    "host departement": lambda rows: rows.number("e"),
    "host": lambda rows: rows.number("h"),
    "year partner": lambda rows: rows.number("y") * rows.day.frames.partners.height + rows.number("p"),
    "departement partner": lambda rows: rows.day.frames.pairs.starts[rows.number("e")] + rows.number("p"),
    "trainer": lambda rows: rows.number("r"),
    "start trainer": lambda rows: rows.number("k") * rows.day.frames.trainers.height + rows.number("r"),
    "session trainer": lambda rows: rows.number("r") * rows.day.width + rows.number("s"),
    "axis trainer": lambda rows: rows.number("x") * rows.day.frames.trainers.height + rows.number("r"),
    "host trainer": lambda rows: rows.number("j"),
}
# The numbers that others imply.
_DERIVED: Final[dict[str, tuple[tuple[Numbered, str], ...]]] = {
    "d": (("t", "d"),),
    "w": (("t", "w"), ("d", "w"), ("e", "w"), ("p", "w"), ("r", "w")),
    "s": (("x", "s"),),
}


class LevelRows(Columns):
    """Rows of a level, with every column gathered to them when it is read.

    ``numbers`` are those of what each row is about, by key; `NONE` for nobody, whose columns are unknown. Territories
    lie in ``block``, and sessions are held at their own places where no ``h`` is given; ``b`` is the booked session
    that each joins, if any. The columns of ``whole``, a level, need no gathering: its rows are these. ``people`` counts
    those who could come (see `Audience.people`); columns that are ``kept`` were worked out before.
    """

    def __init__(  # noqa: PLR0913 - all but three by keyword
        self,
        day: Snapshot,
        numbers: Mapping[str, Ints],
        block: Block | None = None,
        *,
        whole: str | None = None,
        some_lack: bool = False,
        people: Callable[..., Array] | None = None,
        kept: Mapping[str, Values] | None = None,
    ) -> None:
        self.day: Snapshot = day
        self.at_home: bool = "h" not in numbers
        self.block: Block | None = block
        self.first: int = 0 if block is None else block.first
        self._numbers = dict(numbers)
        self._whole, self._some_lack, self.people = whole, some_lack, people
        self._values = dict(kept or {})
        self._indexes: dict[str, Ints] = {}

    @cached_property
    def size(self) -> int:
        return len(next(iter(self._numbers.values())))

    def number(self, key: str) -> Ints:
        if key not in self._numbers:
            self._numbers[key] = self._derived(key)
        return self._numbers[key]

    def _derived(self, key: str) -> Ints:
        if key == "k" and self.block is not None:
            places = self.block.lags.ravel()[self.index("territory session")]
            return self.day.first_of(self.number("t"), self.number("e"), places)
        if key == "y":
            return self.day.years[self.number("k")]
        if key == "b":
            return np.full(self.size, NONE)
        if key == "h":
            return self.day.homes[self.number("t")]
        if key == "e":
            return self.day.hosting.frames.number_of("t", "d")[self.number("h")]
        source, name = next((source, name) for source, name in _DERIVED[key] if source in self._numbers)
        return self.day.frames.number_of(source, name)[self._numbers[source]]

    def index(self, level: str) -> Ints:
        if level not in self._indexes:
            self._indexes[level] = _INDEX[level](self)
        return self._indexes[level]

    def gather(self, level: str, values: Array) -> Array:
        """Return values of the rows of a level for these; one value is for all of them."""
        return values.reshape(()) if values.size == 1 else values[self.index(level)]

    def take(self, rows: Array | slice) -> LevelRows:
        numbers = {key: values[rows] for key, values in self._numbers.items() if key != "h" or not self.at_home}
        # To count people is more work than to take them along.
        kept = {name: self._values[name].take(rows) for name in _PEOPLE & self._values.keys()}
        return LevelRows(self.day, numbers, self.block, some_lack=self._some_lack, people=self.people, kept=kept)

    def __getitem__(self, name: str) -> Values:
        if name not in self._values:
            level = self.day.levels[name]
            here = self._here(level)
            values = self._gathered(name, level) if here is None else self._of_those(name, here)
            self._values[name] = self._joined(name, values) if "b" in self._numbers and name in _JOINED else values
        return self._values[name]

    def _joined(self, name: str, values: Values) -> Values:
        """Return a column for rows that join a session: its day is booked, and its cost is spent."""
        day, b = self.day.hosting, self._numbers["b"]
        if not len(day.frames.booked.cost):
            return values
        joins, own = b >= 0, _JOINED[name](day, b)
        known = np.where(joins, ~np.isnan(own), True if values.known is None else values.known)
        return Values(np.where(joins, np.nan_to_num(own), values.value), known)

    def _of_those(self, name: str, here: Array) -> Values:
        """Return a column that is known only for some rows."""
        value, known = self.take(here)[name]
        every = np.full(self.size, "" if value.dtype == object else 0, value.dtype)
        every[here] = value
        is_known = here.copy()
        is_known[here] = True if known is None else known
        return Values(every, is_known)

    def equal(self, name: str, text: str) -> Values:
        """Return where a column has a text: it is compared at its own level."""
        level, key = self.day.levels[name], f"{name} = {text}"
        if self._here(level) is not None:
            return super().equal(name, text)
        if key not in self._values:
            self._values[key] = self._at(level, equal(self._source(level).column(name), text))
        return self._values[key]

    def _here(self, level: str) -> Array | None:
        """Return where there are a relay and a trainer for the level; None if everywhere."""
        if not self._some_lack:
            return None
        here = [self._numbers[key] >= 0 for key in KEYS[level] & {"p", "r"}]
        return None if all(map(np.all, here)) else np.logical_and.reduce(here)

    def _gathered(self, name: str, level: str) -> Values:
        if level == "row":
            return _people(self, of_trainer=True) if name == "trainer_people" else self._cost(counted=name != "cost")
        if level == "place":
            same = _AT_HOME.get(name) if self.at_home else None  # for all of them
            return _PLACE[name](self) if same is None else same
        if level == "host trainer" and "j" not in self._numbers:
            return Values(self.day.distance(self.number("h"), self.number("r")))
        return self._at(level, self._source(level).column(name))

    def _source(self, level: str) -> Snapshot | Block:
        return self.day if self.block is None or level not in TERRITORIAL else self.block

    def _at(self, level: str, values: Values) -> Values:
        if level == self._whole:
            return values
        if level == "world" and values.value.size == 1:  # one value is for all of them
            return values.take(np.zeros((), np.int64))
        return values.take(self.index(level))

    def _cost(self, *, counted: bool) -> Values:
        """Return fee, travel there and back, room and material, in euros to the cent; unknown where one of them is.

        The fee that the programme assumes can stand in for an unknown one, if it assumes any.
        """
        frames, (fee, known) = self.day.frames, self["fee"]
        if counted and known is not None and frames.assume_fee is not None:
            fee, known = np.where(known, fee, frames.assume_fee), None
        km, room = self["distance_km"], self["session_cost"]
        value = np.round(fee + km.value * (2 * frames.euros_per_km) + room.value, 2)
        for part in (km.known, room.known):
            known = part if known is None else known if part is None else known & part
        return Values(value if known is None else np.where(known, value, 0.0), known)

    def __iter__(self) -> Iterator[str]:
        return iter(self.day.levels)

    def __len__(self) -> int:
        return len(self.day.levels)


def _seats_left(rows: LevelRows) -> Values:
    """Return how many seats the session that each row joins has left; unknown if registrations are."""
    b, left = rows.number("b"), rows.day.hosting.frames.rooms
    seats = np.where(b >= 0, left[b], np.nan) if len(left) else np.full(len(b), np.nan)
    return Values(np.nan_to_num(seats), ~np.isnan(seats))


def _people(rows: LevelRows, *, of_trainer: bool = False) -> Values:
    """Return how many could attend the session of each row; unknown without a policy, which says who may."""
    known = np.array(rows.people is not None)
    return Values(np.zeros(()), known) if rows.people is None else Values(rows.people(rows, of_trainer=of_trainer))


# What depends on a territory and on the one where the session is held.
_PLACE: Final[dict[str, Callable[[LevelRows], Values]]] = {
    "own_place": lambda rows: Values(rows.day.homes[rows.number("t")] == rows.number("h")),
    "host_km": lambda rows: Values(rows.day.km_between(rows.number("t"), rows.number("h"))),
    "relay_covers_both": lambda rows: Values(rows.day.hosting.frames.joined[rows.number("d"), rows.number("e")]),
    "joins_booked": lambda rows: Values(rows.number("b") >= 0),
    "seats_left": _seats_left,
    "people": _people,
}
PLACE: Final = tuple(_PLACE)
_PEOPLE: Final = {"people", "trainer_people"}
_AT_HOME: Final = {"own_place": Values(np.array(True)), "host_km": Values(np.array(0.0))}  # noqa: FBT003
# What a day that is booked already changes, by the rows of booked sessions; not a number: unknown.
_JOINED: Final[dict[str, Callable[[Snapshot, Ints], Array]]] = {
    "day": lambda day, b: day.frames.booked.rows["date"][b],
    "wait_days": lambda day, b: (day.frames.booked.rows["date"][b] - day.today).astype(np.float64),
    "trainer_wait_days": lambda _, b: np.zeros(len(b)),
    "trainer_load": lambda day, b: day.loads_joined[b],
    "partner_room": lambda day, b: rooms_around(day, day.frames.booked.rows["p"][b], day.frames.booked.rows["date"][b]),
    "cost": lambda _, b: np.zeros(len(b)),
    "counted_cost": lambda _, b: np.zeros(len(b)),
}
