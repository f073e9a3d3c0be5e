"""The life cycle of needs: which are open on a day, and why the others aren't."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match.calendar import NEVER, dates, day_number, day_numbers, months_later

Ints = NDArray[np.int64]
_DAYS = 2**23
_EARLY = 2**22  # room for days, and for those before 1970
# States of a need; if several apply, the later one in this list counts.
WAITING: Final = ("open", "to_confirm")  # states of needs that await an answer
STATES: Final = (*WAITING, "lapsed", "met", "withdrawn")
SPELL: Final = ("start", "end", "lapse", "met", "withdrawn")  # the days that decide the state of a spell


def spells(needs: pl.DataFrame, attendances: pl.DataFrame, decisions: pl.DataFrame, months: int) -> pl.DataFrame:
    """Return the spells of needs: a need counts from its day, then again from each day on which it was confirmed.

    Args:
        needs: ``t``, ``c``, ``s`` (their territory, collectivity and session), ``x`` (the axis or null), ``date``.
        attendances: The same columns; ``x`` is null if unknown.
        decisions: On needs: ``c``, ``s`` (null for all needs expressed by then), ``date``, ``event``, ``why``.
        months: Number of months after which a need lapses.

    Returns:
        The needs with the ``row`` of each, ``start`` and ``end`` (the first days of a spell and of the next one),
        ``lapse``, ``met`` and ``by`` (day and attendance: the first of its territory at its session after the start, at
        its axis if both have one), ``withdrawn`` and ``reason``. They don't depend on the day (see `states`).
    """
    decisions = decisions.filter(pl.col("event").is_in(["withdrawn", "confirmed"]))
    tables = (needs, attendances.sort("date", "c"), decisions.sort("date", "why"))
    asks, came, said = ({"date": day_numbers(table["date"])} for table in tables)
    for key in "tcsx":
        of = [(rows, table[key]) for rows, table in zip((asks, came, said), tables, strict=True) if key in table]
        numbers = pl.concat(column for _, column in of).rank("dense").cast(pl.Int64).fill_null(-1).to_numpy()
        ends = np.cumsum([len(column) for _, column in of])
        for (rows, _), values in zip(of, np.split(numbers, ends[:-1]), strict=True):
            rows[key] = values
    life = lives(asks, came, said, (tables[2]["event"] == "withdrawn").to_numpy(), months)
    by, reason = (
        column.gather(pl.Series(np.maximum(rows, 0))).set(pl.Series(rows < 0), None)
        if len(column)
        else pl.repeat(None, len(rows), dtype=column.dtype, eager=True)
        for column, rows in ((tables[1]["c"], life.by), (tables[2]["why"], life.word))
    )
    days = {name: dates(numbers) for name, numbers in life.days.items()}
    return needs.with_row_index("row")[life.row].with_columns(**days, by=by, reason=reason)


class Lives(NamedTuple):
    """The spells of needs, in the order of needs and days."""

    row: Ints  # of the need
    days: dict[str, Ints]  # those of `SPELL`
    by: Ints  # the attendance that meets it; -1 if none does
    word: Ints  # the decision that withdraws it


def lives(
    asks: Mapping[str, Ints], came: Mapping[str, Ints], said: Mapping[str, Ints], withdraws: NDArray[Any], months: int
) -> Lives:
    """Return the spells of needs by number, with -1 for null (see `spells`); ``said`` withdraws or confirms."""
    count = len(asks["date"])
    need, order, place = _since(said["c"], said["date"], asks["c"], asks["date"])
    word = order[place]
    counts = (said["s"][word] == -1) | (said["s"][word] == asks["s"][need])
    gone, again = counts & withdraws[word], counts & ~withdraws[word]
    word_of = _first(order, need[gone], place[gone], count)
    starts = np.concatenate([asks["date"], said["date"][word[again]]]) + _EARLY
    starts = np.unique(np.concatenate([np.arange(count), need[again]]) * _DAYS + starts)
    row, start = starts // _DAYS, starts % _DAYS - _EARLY
    end = np.append(np.where(row[1:] == row[:-1], start[1:], NEVER), [NEVER] * len(row[:1]))
    sessions = 2 + max(each["s"].max(initial=0) for each in (asks, came))
    pairs, wanted = (each["t"] * sessions + each["s"] + 1 for each in (came, asks))
    spell, order, place = _since(pairs, came["date"], wanted[row], start + 1)
    x, own = came["x"][order[place]], asks["x"][row[spell]]
    meets = (x == own) | (x == -1) | (own == -1)
    by = _first(order, spell[meets], place[meets], len(row))
    days = {
        "start": start,
        "end": end,
        "lapse": months_later(start, months),
        "met": np.append(came["date"], NEVER)[by],
        "withdrawn": np.append(said["date"], NEVER)[word_of[row]],
    }
    return Lives(row, days, by, word_of[row])


def _since(numbers: Ints, dates: Ints, wanted: Ints, firsts: Ints) -> tuple[Ints, Ints, Ints]:
    """Pair the wanted rows with events of the same number from a first day on.

    Returns the wanted row and the position of the event of each pair, and the order by numbers and dates.
    """
    keys = numbers * _DAYS + dates + _EARLY
    order = np.argsort(keys, kind="stable")
    starts = np.searchsorted(keys[order], wanted * _DAYS + firsts + _EARLY)
    sizes = np.searchsorted(keys[order], (wanted + 1) * _DAYS) - starts
    row = np.repeat(np.arange(len(wanted)), sizes)
    return row, order, np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes - starts, sizes)


def _first(order: Ints, rows: Ints, places: Ints, size: int) -> Ints:
    """Return, for each row, the event at its first position; -1 if it has none."""
    first = np.full(size, len(order))
    np.minimum.at(first, rows, places)
    event: Ints = np.append(order, -1)[first]
    return event


def state_codes(lives: Mapping[str, Ints], on: int, renewal: Ints | int) -> NDArray[np.int8]:
    """Return the index in `STATES` of each spell on a day; -1 if it doesn't count yet, or no longer.

    ``renewal`` is the day of the election of its council.

    A need is `withdrawn` for good by a decision, `met` by an attendance, `lapsed` after a time, `to_confirm` if the
    council was renewed after the ``start`` of its spell; otherwise it is `open`. Later events are ignored.
    """
    start = lives["start"]
    codes = (start <= renewal).astype(np.int8)
    for code, state in enumerate(STATES[2:], 2):
        codes[lives["lapse" if state == "lapsed" else state] <= on] = code
    codes[(start > on) | (lives["end"] <= on)] = -1
    return codes


def states(lives: pl.DataFrame, on: dt.date, renewal: dt.date | None) -> pl.DataFrame:
    """Return the needs expressed up to a day with the ``state`` of each, and ``since`` when (see `state_codes`)."""
    days = {name: day_numbers(lives[name]) for name in SPELL}
    renewed = -NEVER if renewal is None else day_number(renewal)
    codes = state_codes(days, day_number(on), renewed)
    now = codes >= 0
    since = np.choose(codes[now], [days["start"][now], renewed, *(days[name][now] for name in SPELL[2:])])
    state: Any = np.array(STATES, object)[codes[now]]
    return lives.filter(pl.Series(now)).with_columns(
        state=pl.Series(state, dtype=pl.String), since=pl.Series(since.astype(np.int32)).cast(pl.Date)
    )
