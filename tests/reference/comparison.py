"""Where and how answers differ from those of the reference, and what the programmes that differ hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from reference.archive import Question, Tables

GONE: Final = "gone"
NEW: Final = "new"
ROW: Final = "row"


@dataclass(frozen=True)
class Difference:
    """One value that isn't what it was.

    Attributes:
        question: The programme and the day.
        table: The table.
        key: What names the row: a territory, a session…
        field: The column; `ROW` where the whole row is gone or new.
        before: The value of the reference.
        now: The value of today.
    """

    question: Question
    table: str
    key: tuple[Any, ...]
    field: str
    before: Any
    now: Any

    def __str__(self) -> str:
        """Say where and how."""
        place = " ".join(map(str, self.key))
        return f"{' '.join(self.question)} {self.table}[{place}].{self.field}: {self.before!r} -> {self.now!r}"


def differences(
    question: Question, before: Tables, now: Tables, columns: Mapping[str, tuple[str, str]]
) -> Iterator[Difference]:
    """Compare the tables of one question; of a table that wasn't asked for again nothing is said.

    >>> columns = {"answers": ("territory", "score")}
    >>> before, now = {"answers": [["T1", 1.0], ["T2", 2.0]]}, {"answers": [["T1", 1.5]]}
    >>> for difference in differences(("0001", "2007-09-03"), before, now, columns):
    ...     print(difference)
    0001 2007-09-03 answers[T1].score: 1.0 -> 1.5
    0001 2007-09-03 answers[T2].row: [2.0] -> 'gone'
    """
    for table, rows in now.items():
        key, rest = (part.split() for part in columns[table])
        old, new = (_by_key(each, len(key)) for each in (before[table], rows))
        for name in sorted(old.keys() | new.keys(), key=str):
            for one, other in zip_longest(old.get(name, ()), new.get(name, ())):
                if one is None or other is None:
                    yield Difference(question, table, name, ROW, one or NEW, other or GONE)
                else:
                    fields = zip(rest, one, other, strict=True)
                    yield from (Difference(question, table, name, *each) for each in fields if each[1] != each[2])


def _by_key(rows: Iterable[Sequence[Any]], width: int) -> dict[tuple[Any, ...], list[list[Any]]]:
    found: dict[tuple[Any, ...], list[list[Any]]] = defaultdict(list)
    for row in rows:
        found[tuple(row[:width])].append(list(row[width:]))
    return found


def by_table(found: Collection[Difference]) -> Iterator[str]:
    """Count the differences of each table and field, with the largest of numbers."""
    counts = Counter((each.table, each.field) for each in found)
    for (table, field), count in sorted(counts.items()):
        here = [each for each in found if (each.table, each.field) == (table, field)]
        questions = len({each.question for each in here})
        apart = [abs(each.now - each.before) for each in here if _are_numbers(each.before, each.now)]
        most = f", at most {max(apart):.3g} apart" if apart else ""
        yield f"{table}.{field}: {count} in {questions} questions{most}"


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def by_cause(differing: Collection[Question], causes: Mapping[Question, frozenset[str]]) -> Iterator[str]:
    """Say of each cause how many of the questions that hold it differ, and of those without it; the clearest first."""
    shares = []
    for cause in sorted(set().union(*causes.values())):
        sides = [
            [question in differing for question, held in causes.items() if (cause in held) is side]
            for side in (True, False)
        ]
        counts = [(sum(side), len(side)) for side in sides]
        apart = [differ / max(1, total) for differ, total in counts]
        shares.append((apart[1] - apart[0], cause, counts))
    for _, cause, ((differ, total), (others, rest)) in sorted(shares):
        yield f"{cause}: {differ} of {total} with it, {others} of {rest} without it"
