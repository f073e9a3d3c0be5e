"""The same ranking by hand: the fastest NumPy that we could write, and clear Python loops over indexed data.

Both start from the same prepared tables as the engine (spells of needs, attendances, squares and trainers around each
territory) and apply the default policy to a catalogue of workshops without follow-ups, before any renewal of councils,
booking or answer. They know the policy by heart: no rule can be changed, and nothing is explained.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from prai_match.offers import Frames

GRID, CODES = 2.0**20, 2**24
W = {
    "need": 18.0, "fresh": 6.0, "rating": 6.0, "pair": 6.0, "equity": 10.0, "room": 6.0, "record": 8.0, "adm": 2.0,
    "both": 2.0, "trainer": 6.0, "near": 4.0, "soon": 3.0, "load": 3.0,
}  # fmt: skip


HOLIDAYS = {dt.date(2007, 11, 1)}  # those among the weekdays on which the first open day can fall


def soon(on: dt.date) -> int:
    """Return what the wait until the first open day is worth, in whole multiples of 1/GRID."""
    day = on + dt.timedelta(days=21)
    while day.weekday() > 4 or day in HOLIDAYS:
        day += dt.timedelta(days=1)
    return round((1 - (day - on).days / 120.0) * W["soon"] * GRID)


def arrays(frames: Frames) -> dict[str, Any]:
    """Lay the prepared tables out as arrays: preparation, like the frames themselves, and nothing of the day."""

    def columns(frame: pl.DataFrame, *names: str) -> dict[str, Any]:
        return {name: np.ascontiguousarray(frame[name].to_numpy()) for name in names}

    sessions, partners, trainers = frames.sessions, frames.partners, frames.trainers
    width, needs, came, events = sessions.height, frames.spells, frames.visits.rows, frames.visits.events
    carries = np.zeros((sessions.height, partners.height), bool)
    carries[frames.carries["s"].to_numpy(), frames.carries["p"].to_numpy()] = True
    covers = np.zeros((frames.departements.height, partners.height), bool)
    covers[frames.covers["d"].to_numpy(), frames.covers["p"].to_numpy()] = True
    hosted = np.zeros((frames.departements.height, partners.height))
    hosted[frames.hosted_before["d"].to_numpy(), frames.hosted_before["p"].to_numpy()] = frames.hosted_before[
        "sessions"
    ]
    knows = np.zeros((sessions.height, trainers.height), bool)
    pairs = frames.expertise.join(frames.axes.select("x", "s"), on="x")
    knows[pairs["s"].to_numpy(), pairs["r"].to_numpy()] = True
    # Squares are numbered from west to east, so that those around one are a few runs of numbers.
    z, near = (frames.near[name].to_numpy().astype(np.int64) for name in ("z", "z_near"))
    begins = np.flatnonzero((np.diff(z, prepend=-1) != 0) | (np.diff(near, prepend=-2) != 1))
    return {
        "cells": (needs.rows["t"] * width + needs.rows["s"]).astype(np.int64),
        "needs": {name: needs.rows[name] for name in ("start", "lapse", "met", "people")} | {"score": needs.score},
        "came": {"cell": came["t"] * width + came["s"], "s": came["s"], "date": came["date"]},
        "rating": frames.visits.rating,
        "events": events,
        "run_first": near[begins],
        "run_end": near[np.append(begins[1:], len(near)) - 1] + 1,
        "run_start": np.searchsorted(z[begins], np.arange(frames.squares)),
        "reach": columns(frames.reach, "r", "distance_km"),
        "reach_start": np.searchsorted(frames.reach["t"].to_numpy(), np.arange(frames.territories.height + 1)),
        "territories": columns(frames.territories, "d", "z", "population"),
        "min_seats": sessions["min_seats"].to_numpy(),
        "max_seats": sessions["max_seats"].to_numpy(),
        "session_cost": sessions["session_cost"].to_numpy(),
        "carries": carries,
        "covers": covers,
        "hosted": hosted,
        "room": partners["per_year"].to_numpy().astype(float),
        "adm": (partners["partner_kind"] == "adm").to_numpy(),
        "both": partners["partner_brings_both"].to_numpy(),
        "trainers": columns(trainers, "fee", "reach_km", "trainer_rating"),
        "knows": knows,
        "budget": float(frames.budget.total) if frames.budget else math.inf,
        "euros_per_km": frames.euros_per_km,
    }


def _points(value: Any, weight: float) -> Any:
    """Whole multiples of 1/GRID."""
    return np.rint(np.minimum(np.maximum(value, 0.0), 1.0) * (weight * GRID))


def by_numpy(a: dict[str, Any], on: dt.date, top: int = 3) -> tuple[Any, Any, Any, Any, Any]:
    """Return territories, sessions, partners, trainers and scores of the ranked offers."""
    today = (on - dt.date(1970, 1, 1)).days
    territories, sessions = len(a["territories"]["d"]), len(a["min_seats"])
    size, d, z = territories * sessions, a["territories"]["d"], a["territories"]["z"]
    needs, came, events = a["needs"], a["came"], a["events"]
    is_open = np.flatnonzero((needs["start"] <= today) & (needs["lapse"] > today) & (needs["met"] > today))
    k = a["cells"][is_open]
    need_score, latest, people = np.zeros(size), np.full(size, -(10**6), np.int64), np.zeros(size, np.int64)
    np.maximum.at(need_score, k, needs["score"][is_open])
    np.maximum.at(latest, k, needs["start"][is_open])
    np.maximum.at(people, k, needs["people"][is_open])
    # People of the squares around: the difference of running sums at both ends of each run of squares.
    squares = len(a["run_start"])
    by_square = np.bincount((z[:, None] * np.int64(sessions) + np.arange(sessions)).ravel(), people, squares * sessions)
    running = np.zeros((squares + 1, sessions))
    np.cumsum(by_square.reshape(squares, sessions), axis=0, out=running[1:])
    around = np.add.reduceat(running[a["run_end"]] - running[a["run_first"]], a["run_start"], axis=0)
    # Service, pairs and ratings.
    past = came["date"] <= today
    attended = np.zeros(size, bool)
    attended[came["cell"][past]] = True
    given = np.bincount(came["s"][past], minlength=sessions)
    rating = np.bincount(came["s"][past], a["rating"][past], sessions) / given
    past = events["date"] <= today
    served = np.bincount(events["t"][past], minlength=territories)
    together = np.zeros(territories, bool)
    together[events["t"][past & (events["together"] == 1)]] = True
    population = a["territories"]["population"]
    expected = population / population.sum() * served.sum()
    gap = 1 - np.divide(served, expected, out=np.ones(territories), where=expected > 0)
    own = _points(gap, W["equity"]) + together * (W["pair"] * GRID)
    # Partners, by département and session.
    record = _points(a["hosted"] / (a["hosted"] + 3.0), W["record"])
    p_points = record + (a["adm"] * (W["adm"] * GRID) + a["both"] * (W["both"] * GRID))
    p_points = np.where(a["covers"] & (a["room"] >= 1), p_points, -1.0)
    p_all = np.where(a["carries"][None], p_points[:, None, :], -1.0)
    partner, p_best = p_all.argmax(axis=2), p_all.max(axis=2)
    # The cells that are left, and their points.
    left = ~attended & (need_score >= 60)
    left &= (around >= a["min_seats"])[z].ravel()
    left &= (p_best >= 0)[d].ravel()
    cell = np.flatnonzero(left)
    t, s = np.divmod(cell, sessions)
    full, past_rating = _points(around / a["max_seats"], W["room"]), _points((rating - 1) / 3, W["rating"])
    score = own[t] + full[z[t], s] + (p_best + past_rating)[d[t], s]
    score += _points(need_score[cell] / 100, W["need"])
    score += _points(np.exp((latest[cell] - today) / 730.0), W["fresh"])
    # Trainers, around each territory: the most points, then the first code, in one number.
    who, r, km = a["trainers"], a["reach"]["r"], a["reach"]["distance_km"]
    alone = _points((who["trainer_rating"] - 1) / 3, W["trainer"]) + W["load"] * GRID + soon(on)
    reach_km = who["reach_km"][r]
    key = (alone[r] + _points(1 - km / reach_km, W["near"])).astype(np.int64) * CODES + (CODES - 1 - r.astype(np.int64))
    key[km > reach_km] = -1
    travel = who["fee"][r] + km * (2 * a["euros_per_km"])
    best = np.full((territories, sessions), -1, np.int64)
    filled = np.flatnonzero(a["reach_start"][:-1] < a["reach_start"][1:])
    starts = a["reach_start"][filled]
    for each in range(sessions):
        able = a["knows"][each][r] & (np.round(travel + a["session_cost"][each], 2) <= a["budget"])
        best[filled, each] = np.maximum.reduceat(np.where(able, key, -1), starts)
    best = best[t, s]
    units = np.where(best >= 0, score + best // CODES, -1.0)
    ranked = np.full(size, -1.0)
    ranked[cell] = units
    order = np.argsort(-ranked.reshape(territories, sessions), axis=1, kind="stable")[:, :top]
    rows, places = np.nonzero(np.take_along_axis(ranked.reshape(territories, sessions), order, 1) >= 0)
    chosen = order[rows, places]
    of = rows * sessions + chosen
    trainer = CODES - 1 - best[np.searchsorted(cell, of)] % CODES
    return rows, chosen, partner[d[rows], chosen], trainer, ranked[of] / GRID


def by_loops(frames: Frames, on: dt.date, top: int = 3) -> list[tuple[int, int, int, int, float]]:
    """Return (territory, session, partner, trainer, score) of the ranked offers, by clear loops over indexed rows."""
    sessions, wait = frames.sessions.rows(named=True), soon(on) / GRID
    partners, trainers = frames.partners.rows(named=True), frames.trainers.rows(named=True)
    territories = frames.territories.rows(named=True)
    score_of: dict[tuple[int, int], float] = defaultdict(float)
    latest_of: dict[tuple[int, int], dt.date] = {}
    asked: dict[tuple[int, int], int] = defaultdict(int)
    square_of = {row["t"]: row["z"] for row in territories}
    for need in frames.lives.iter_rows(named=True):
        if need["start"] > on or need["lapse"] <= on or (need["met"] and need["met"] <= on):
            continue
        key = (need["t"], need["s"])
        score_of[key] = max(score_of[key], need["score"])
        latest_of[key] = max(latest_of.get(key, need["start"]), need["start"])
        asked[key] = max(asked[key], need["people"])
    attended: set[tuple[int, int]] = set()
    events: dict[tuple[int, int, dt.date], list[int]] = defaultdict(lambda: [0, 0])
    ratings: dict[int, list[float]] = defaultdict(list)
    for row in frames.attendances.filter(pl.col("date") <= on).iter_rows(named=True):
        attended.add((row["t"], row["s"]))
        events[row["t"], row["s"], row["date"]][0] += row["elected"]
        events[row["t"], row["s"], row["date"]][1] += row["technicians"]
        ratings[row["s"]].append(row["rating"])
    served: dict[int, int] = defaultdict(int)
    together: set[int] = set()
    for (t, _, _), (elected, technicians) in events.items():
        served[t] += 1
        if elected and technicians:
            together.add(t)
    in_square: dict[tuple[int, int], int] = defaultdict(int)
    for (t, s), people in asked.items():
        in_square[square_of[t], s] += people
    around: dict[tuple[int, int], int] = defaultdict(int)
    for z, other in frames.near.iter_rows():
        for session in sessions:
            around[z, session["s"]] += in_square.get((other, session["s"]), 0)
    rating = {s: sum(values) / len(values) for s, values in ratings.items()}
    covers, carries = set(frames.covers.select("p", "d").rows()), set(frames.carries.select("p", "s").rows())
    hosted = {(p, d): count for p, d, count in frames.hosted_before.select("p", "d", "sessions").iter_rows()}
    of_departement: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for partner in partners:
        for d in range(frames.departements.height):
            if (partner["p"], d) in covers and partner["per_year"] >= 1:
                of_departement[d].append(partner)
    knows = set(frames.expertise.join(frames.axes.select("x", "s"), on="x").select("r", "s").rows())
    near_by: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for t, r, km in frames.reach.select("t", "r", "distance_km").iter_rows():
        near_by[t].append((r, km))
    everyone, all_served = sum(row["population"] for row in territories), sum(served.values())
    budget = float(frames.budget.total) if frames.budget else math.inf
    offers: list[tuple[int, int, int, int, float]] = []
    for territory in territories:
        t, found = territory["t"], []
        expected = territory["population"] / everyone * all_served
        own = _add(1.0 if t in together else 0.0, W["pair"]) + _add(
            1 - served[t] / expected if expected else 0, W["equity"]
        )
        for session in sessions:
            s = session["s"]
            people = around[territory["z"], s]
            if (t, s) in attended or score_of.get((t, s), 0.0) < 60 or people < session["min_seats"]:
                continue
            best_partner = max(
                (
                    (
                        _add(
                            hosted.get((q["p"], territory["d"]), 0) / (hosted.get((q["p"], territory["d"]), 0) + 3.0),
                            W["record"],
                        )
                        + _add(q["partner_kind"] == "adm", W["adm"])
                        + _add(q["partner_brings_both"], W["both"]),
                        -q["p"],
                    )
                    for q in of_departement[territory["d"]]
                    if (q["p"], s) in carries
                ),
                default=None,
            )
            best_trainer = None
            for r, km in near_by[t]:
                trainer = trainers[r]
                cost = round(trainer["fee"] + km * 2 * frames.euros_per_km + session["session_cost"], 2)
                if (r, s) not in knows or km > trainer["reach_km"] or cost > budget:
                    continue
                points = (
                    _add((trainer["trainer_rating"] - 1) / 3, W["trainer"])
                    + wait
                    + _add(1.0, W["load"])
                    + _add(1 - km / trainer["reach_km"], W["near"])
                )
                if best_trainer is None or (points, -r) > best_trainer:
                    best_trainer = (points, -r)
            if best_partner is None or best_trainer is None:
                continue
            age = (on - latest_of[t, s]).days
            total = (
                own
                + _add(score_of[t, s] / 100, W["need"])
                + _add(math.exp(-age / 730.0), W["fresh"])
                + _add((rating[s] - 1) / 3, W["rating"])
                + _add(people / session["max_seats"], W["room"])
                + best_partner[0]
                + best_trainer[0]
            )
            found.append((-total, s, -best_partner[1], -best_trainer[1]))
        offers += [(t, s, p, r, -total) for total, s, p, r in sorted(found)[:top]]
    return offers


def _add(value: float, weight: float) -> float:
    return round(min(max(value, 0.0), 1.0) * (weight * GRID)) / GRID
