"""Judge forecasts on your own log: ``python scripts/judge_forecast.py log.csv``.

The log is any CSV file (commas, semicolons or tabs) with one row per event: who (``organisation``), when (``day``, as
2024-05-31) and what (``type``); options give other names of columns. Nothing is downloaded. Useful results need about a
hundred organisations and a thousand events.

On days of the log, what was known then is ranked for every organisation, by ours (`prai_match.followups.Forecast`) and
by baselines:

- ``popularity``: what was most often attended;
- ``of late``: what was most often attended recently, within the last horizon;
- ``markov``: what most often came next after what the organisation attended last, smoothed by popularity (five
  observations);
- ``nearest``: what the hundred most similar organisations attended (cosine of what was attended);
- ``frequency``: what the organisation attended most often, then popularity;
- ``recency``: what it attended last, then popularity.

A case is an organisation that attends something within the horizon; the first day on which it does counts. ``hit@1``
and ``hit@3`` are the shares of cases in which that is among the first one or three, ``mrr`` is the mean of 1 / the best
rank. ``new`` are events of a type that the organisation hadn't attended, ranked among those, ``repeat`` the others,
``first`` those of organisations that had attended nothing.

``log-loss`` (nats) and ``gap`` (expected calibration error, ten bins of the same width) are of every organisation and
type, and of what is attended within the horizon. A baseline has no probabilities: a type at its n-th place has the
share of those at its n-th place one horizon earlier that were attended within it.

The reading (next or eventually) and the strength of our forecasts are chosen on days of the log's second quarter, by
the reciprocal rank of all events; the days of the judgement lie in its second half. Intervals are of 95 %, by a
bootstrap over organisations (the same draws for all).
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match.followups import Forecast
from prai_match.model import READINGS, Reading

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

OURS, BASELINES = "ours", ("popularity", "of late", "markov", "nearest", "frequency", "recency")
GROUPS = ("all", "new", "repeat", "first")
STRENGTHS = (1.0, 3.0, 10.0)
TRIALS = 6  # earlier days
LEAST = {"organisations": 2, "types": 2, "days": 20}
MEASURES = ("hit@1", "hit@3", "mrr", "log-loss", "gap")
_NEIGHBOURS, _SMOOTHING, _BINS, _BLOCK = 100, 5.0, 10, 1000


class Log(NamedTuple):
    """Events by number, sorted by organisation, day and type."""

    events: pl.DataFrame  # territory, session, date: as codes
    organisations: list[str]
    types: list[str]
    t: Ints
    s: Ints
    day: Ints


class Sight(NamedTuple):
    """What is known on a day, and what follows: organisations × types."""

    day: int
    times: Ints  # how often it was attended
    last: Ints  # the day on which it was attended the last time, -1 where it wasn't
    within: Bools  # whether it is attended within the horizon
    following: Bools  # whether on the first day on which the organisation comes within it


def main(arguments: list[str] | None = None) -> None:
    """Print the quality of forecasts of a log."""
    first = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(description=first, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path, help="a CSV file with a row an event")
    for name in ("organisation", "day", "type"):
        parser.add_argument(f"--{name}", default=name, help="its column (default: %(default)s)")
    parser.add_argument(
        "--horizon", type=int, default=None, help="days (default: twice the median time between visits)"
    )
    parser.add_argument("--days", type=int, default=8, help="days on which forecasts are judged (default: %(default)s)")
    parser.add_argument("--replications", type=int, default=500, help="of the bootstrap (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the bootstrap (default: %(default)s)")
    asked = parser.parse_args(arguments)
    log = read(asked.log, asked.organisation, asked.day, asked.type)
    horizon = usual_horizon(log) if asked.horizon is None else asked.horizon
    judged = judge(log, horizon, asked.days)
    print(told(judged, np.random.default_rng(asked.seed), asked.replications))


def read(path: Path, organisation: str, day: str, type_: str) -> Log:
    """Read a log.

    Raises:
        SystemExit: The file can't be read, lacks columns, has an invalid day or an empty cell, or has too few data.
    """
    names = {organisation: "territory", day: "date", type_: "session"}
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            separator = max(",;\t", key=file.readline().count)
        rows = pl.read_csv(path, infer_schema=False, separator=separator, encoding="utf8-lossy")
    except (OSError, pl.exceptions.PolarsError) as error:
        sys.exit(f"{path}: {error}")
    if missing := [name for name in names if name not in rows.columns]:
        found, options = ", ".join(rows.columns), "--organisation, --day and --type"
        sys.exit(f"{path}: no column {', '.join(missing)}; it has {found}. Name yours by {options}.")
    rows = rows.select(pl.col(name).alias(to) for name, to in names.items()).with_row_index("line", 2)
    dates = pl.col("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    wrong = rows.filter(pl.any_horizontal(dates.is_null(), pl.all().is_null()))
    if wrong.height:
        line, *cells = wrong.select("line", *names.values()).row(0)
        needed = "an organisation, a day such as 2024-05-31 and a type are needed"
        sys.exit(f"{path}, line {line}: {needed}; found {', '.join(map(repr, cells))}.")
    events = rows.drop("line").with_columns(dates).unique().sort("territory", "date", "session")
    organisations, types = (events[name].unique().sort() for name in ("territory", "session"))
    counts = {"organisations": len(organisations), "types": len(types), "days": events["date"].n_unique()}
    if few := [f"{counts[name]} {name} ({least} at least)" for name, least in LEAST.items() if counts[name] < least]:
        sys.exit(f"{path}: too few to judge by: {', '.join(few)}.")
    t, s = organisations.search_sorted(events["territory"]), types.search_sorted(events["session"])
    numbers = (each.to_numpy().astype(np.int64) for each in (t, s, events["date"].dt.epoch("d")))
    return Log(events, organisations.to_list(), types.to_list(), *numbers)


def usual_horizon(log: Log) -> int:
    """Return twice the median time between visits of an organisation, at least a week, at most five years."""
    visits = log.events.select("territory", "date").unique().sort("territory", "date")
    gap = visits.select(pl.col("date").diff().over("territory").dt.total_days().median()).item()
    return int(min(max(7, 2 * (gap or 60)), 1826))


def sight(log: Log, day: int, horizon: int) -> Sight:
    """Look at the log on a day."""
    shape = len(log.organisations), len(log.types)
    past, ahead = log.day <= day, (log.day > day) & (log.day <= day + horizon)
    times, last, within = np.zeros(shape, np.int64), np.full(shape, -1), np.zeros(shape, bool)
    np.add.at(times, (log.t[past], log.s[past]), 1)
    np.maximum.at(last, (log.t[past], log.s[past]), log.day[past])
    within[log.t[ahead], log.s[ahead]] = True
    first = np.full(shape[0], np.iinfo(np.int64).max)
    np.minimum.at(first, log.t[ahead], log.day[ahead])
    next_ = ahead & (log.day == first[log.t])
    following = np.zeros(shape, bool)
    following[log.t[next_], log.s[next_]] = True
    return Sight(day, times, last, within, following)


def baselines(log: Log, seen: Sight, horizon: int) -> dict[str, Floats]:
    """Return the points of each baseline: organisations × types; above 0, popularity breaks ties."""
    past = log.day <= seen.day
    count = len(log.types)
    often = np.bincount(log.s[past], minlength=count) / max(1, past.sum())
    late = np.bincount(log.s[past & (log.day > seen.day - horizon)], minlength=count).astype(float)
    known, tie = seen.times.sum(axis=1, keepdims=True) > 0, 1e-6 * often
    everywhere = np.zeros(seen.times.shape)
    points = {
        "popularity": everywhere,
        "of late": everywhere + late,
        "markov": markov(log, past, seen, often),
        "nearest": nearest(seen.times > 0),
        "frequency": seen.times.astype(float),
        "recency": np.maximum(seen.last - seen.last.min(), 0) * (seen.times > 0.0),
    }
    return {name: np.where(known | (name == "of late"), each, 0) + tie for name, each in points.items()}


def markov(log: Log, past: Bools, seen: Sight, often: Floats) -> Floats:
    """Return how often each type comes on the next day after those of the last one, smoothed."""
    rows = log.events.select("territory", "date").with_columns(s=log.s).filter(past)
    visits = rows.select("territory", "date").unique().sort("territory", "date")
    following = visits.with_columns(then=pl.col("date").shift(-1).over("territory")).drop_nulls()
    pairs = rows.join(following, on=["territory", "date"]).join(
        rows, left_on=["territory", "then"], right_on=["territory", "date"]
    )
    moves = np.zeros((len(often), len(often)))
    np.add.at(moves, (pairs["s"].to_numpy(), pairs["s_right"].to_numpy()), 1)
    chances = (moves + _SMOOTHING * often) / (moves.sum(axis=1, keepdims=True) + _SMOOTHING)
    latest = (seen.last == seen.last.max(axis=1, keepdims=True)) & (seen.last >= 0)
    return np.asarray(latest @ chances / np.maximum(latest.sum(axis=1, keepdims=True), 1))


def nearest(attended: Bools) -> Floats:
    """Return the total similarity of the nearest organisations that attended each type."""
    rows = attended.astype(np.float32)
    alike = rows / np.maximum(np.sqrt(rows.sum(axis=1, keepdims=True)), 1)
    points, most = np.zeros(attended.shape), min(_NEIGHBOURS, len(rows) - 1)
    for first in range(0, len(rows), _BLOCK):
        part = alike[first : first + _BLOCK] @ alike.T
        part[np.arange(len(part)), first + np.arange(len(part))] = 0
        least = np.partition(part, -most, axis=1)[:, -most, None]
        points[first : first + _BLOCK] = np.where(part >= least, part, 0) @ rows
    return points


def forecast(log: Log, day: int, horizon: int, reading: Reading, strength: float) -> Floats:
    """Return our probabilities: organisations × types."""
    on = dt.date(1970, 1, 1) + dt.timedelta(days=day)
    settings = {"territories": log.organisations, "sessions": log.types, "horizon_days": horizon}
    ours = Forecast.learned(log.events, on, reading=reading, strength=strength, **settings)  # type: ignore[arg-type]
    each = ours.probabilities(log.events, on, territories=log.organisations)
    return each["probability"].to_numpy().reshape(len(log.organisations), len(log.types))


def ranks(points: Floats) -> Ints:
    """Return the rank of each type, from 0; ties are broken by the order of types."""
    return np.argsort(np.argsort(-points, axis=1, kind="stable"), axis=1, kind="stable")


def groups(seen: Sight) -> dict[str, tuple[Bools, Bools]]:
    """Return which organisations and types each group of events has: those ranked, and the organisations judged."""
    attended = seen.times > 0
    known: Bools = np.asarray(attended.any(axis=1))
    every, anyone = np.ones_like(attended), np.ones_like(known)
    return {"all": (every, anyone), "new": (~attended, known), "repeat": (attended, known), "first": (every, ~known)}


def by_rank(before: Sight, earlier: Floats, points: Floats) -> Floats:
    """Return the share of types at each place that were attended within the horizon one horizon earlier."""
    places, count = ranks(earlier), points.shape[1]
    share = np.bincount(places.ravel(), before.within.ravel(), count) / np.maximum(np.bincount(places.ravel()), 1)
    return np.asarray(share[ranks(points)])


class Judged(NamedTuple):
    """The measurements by organisation: sums and counts to draw from."""

    log: Log
    horizon: int
    days: list[int]
    reading: Reading
    strength: float
    sums: dict[tuple[str, str, str], Floats]  # group, ranker, measure: organisations × (sum, count), or × bins
    counts: dict[str, int]


def judge(log: Log, horizon: int, days: int) -> Judged:
    """Judge our forecasts and baselines on days of the second half; choose our settings on the second quarter."""
    quarter, half = (int(np.quantile(log.day, share)) for share in (0.25, 0.5))
    end = max(half, int(log.day.max()) - horizon)
    earlier = [int(day) for day in np.linspace(quarter, max(quarter, half - horizon), TRIALS)]
    judged = sorted({int(day) for day in np.linspace(half, end, days)})
    choices = list(product(READINGS, STRENGTHS))
    found = [np.mean([_reciprocal(log, day, horizon, *choice) for day in earlier]) for choice in choices]
    reading, strength = choices[int(np.argmax(found))]
    sums: dict[tuple[str, str, str], Floats] = defaultdict(lambda: np.zeros((len(log.organisations), 2)))
    counts: dict[str, int] = defaultdict(int)
    for number, day in enumerate(judged):
        print(f"day {number + 1} of {len(judged)}", end="\r", file=sys.stderr, flush=True)
        seen, before = sight(log, day, horizon), sight(log, day - horizon, horizon)
        points = baselines(log, seen, horizon)
        old = baselines(log, before, horizon)
        chances = {name: by_rank(before, old[name], points[name]) for name in points}
        points[OURS] = forecast(log, day, horizon, reading, strength)
        chances[OURS] = forecast(log, day, horizon, "eventually", strength)
        for group, (ranked, judged_) in groups(seen).items():
            truth = seen.following & ranked & judged_[:, None]
            rows = truth.any(axis=1)
            counts[group] += int(rows.sum())
            for name, each in points.items():
                first = np.where(truth, ranks(np.where(ranked, each, -np.inf)), ranked.shape[1]).min(axis=1)
                for measure, value in _of_rank(first).items():
                    sums[group, name, measure] += np.stack([np.where(rows, value, 0), rows], axis=1)
                chance, which = np.clip(chances[name], 1e-4, 1 - 1e-4), ranked & judged_[:, None]
                loss = -np.log(np.where(seen.within, chance, 1 - chance)) * which
                sums[group, name, "log-loss"] += np.stack([loss.sum(axis=1), which.sum(axis=1)], axis=1)
                sums[group, name, "gap"] = sums.get((group, name, "gap"), 0.0) + _bins(chance, seen.within, which)
    return Judged(log, horizon, judged, reading, strength, dict(sums), dict(counts))


def _reciprocal(log: Log, day: int, horizon: int, reading: Reading, strength: float) -> float:
    seen = sight(log, day, horizon)
    rows = seen.following.any(axis=1)
    places = np.where(seen.following, ranks(forecast(log, day, horizon, reading, strength)), len(log.types))
    return float((1 / (1 + places.min(axis=1)[rows])).mean()) if rows.any() else 0.0


def _of_rank(first: Ints) -> dict[str, Floats]:
    return {**{f"hit@{most}": np.where(first < most, 1.0, 0.0) for most in (1, 3)}, "mrr": 1.0 / (1 + first)}


def _bins(chance: Floats, within: Bools, which: Bools) -> Floats:
    """Return, for each organisation and bin of predictions, the sums of predictions and outcomes, and the count."""
    size, number = len(chance), np.minimum((chance * _BINS).astype(int), _BINS - 1)
    cells = (np.arange(size)[:, None] * _BINS + number)[which]
    parts = (
        np.bincount(cells, values[which], size * _BINS) for values in (chance, within * 1.0, np.ones(chance.shape))
    )
    return np.concatenate([part.reshape(size, _BINS) for part in parts], axis=1)


def measured(sums: Floats, weights: Floats) -> Floats:
    """Return a measure in each draw, by how often each organisation was drawn."""
    drawn = weights @ sums
    if sums.shape[1] < _BINS:
        return np.asarray(drawn[:, 0] / np.maximum(drawn[:, 1], 1e-9))
    said, was, count = drawn[:, :_BINS], drawn[:, _BINS : 2 * _BINS], drawn[:, 2 * _BINS :]
    return np.asarray(np.abs(said - was).sum(axis=1) / np.maximum(count.sum(axis=1), 1e-9))


def told(judged: Judged, random: np.random.Generator, replications: int) -> str:
    """Return the tables: measures, intervals, and differences of our forecasts."""
    log = judged.log
    size = len(log.organisations)
    weights = np.vstack([np.ones(size), random.multinomial(size, np.full(size, 1 / size), replications)]).astype(float)
    dates = log.events["date"].sort().cast(pl.String)
    first, last = _date(judged.days[0]), _date(judged.days[-1])
    lines = [
        f"{size} organisations, {len(log.types)} types, {len(dates)} events from {dates[0]} to {dates[-1]}",
        f"horizon: {judged.horizon} days; {len(judged.days)} days from {first} to {last}",
        f"ours: {judged.reading}, strength {judged.strength:g}; its log-loss and gap are those of eventually",
        "+ or -: better or worse than ours beyond the interval of the difference",
    ]
    for group in GROUPS:
        lines += ["", f"{group}: {judged.counts.get(group, 0)} cases"]
        if not judged.counts.get(group):
            continue
        lines.append(f"  {'':12}" + "".join(f"{measure:>24}" for measure in MEASURES))
        for name in (OURS, *BASELINES):
            cells = [_cell(judged.sums, (group, name, measure), weights) for measure in MEASURES]
            lines.append(f"  {name:12}" + "".join(f"{cell:>24}" for cell in cells))
    return "\n".join(lines)


def _cell(sums: dict[tuple[str, str, str], Floats], key: tuple[str, str, str], weights: Floats) -> str:
    group, _, measure = key
    values = measured(sums[key], weights)
    low, high = np.quantile(values[1:], (0.025, 0.975))
    least, most = np.quantile(values[1:] - measured(sums[group, OURS, measure], weights)[1:], (0.025, 0.975))
    better, worse = (least > 0, most < 0) if measure in MEASURES[:3] else (most < 0, least > 0)
    return f"{values[0]:.4f} {low:.4f}-{high:.4f} {'+' if better else '-' if worse else ' '}"


def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


if __name__ == "__main__":
    main()
