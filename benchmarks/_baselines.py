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

from prai_match import Policy

if TYPE_CHECKING:
    from prai_match.offers import Frames

GRID, CODES, TRAVEL_KM = 2.0**20, 2**24, 60.0
W = {rule.id: rule.weight for rule in Policy.default().preferences}
ALIKE = (W["trainer_light_load"] + W["generalist"]) * GRID  # of every trainer who knows the session


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
    width, needs, came = sessions.height, frames.spells, frames.visits.rows
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
        "run_first": near[begins],
        "run_end": near[np.append(begins[1:], len(near)) - 1] + 1,
        "run_start": np.searchsorted(z[begins], np.arange(frames.squares)),
        "reach": columns(frames.reach, "r", "distance_km"),
        "reach_start": np.searchsorted(frames.reach["t"].to_numpy(), np.arange(frames.territories.height + 1)),
        "territories": columns(frames.territories, "d", "z", "population", "latitude", "longitude"),
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


def by_numpy(a: dict[str, Any], on: dt.date, top: int = 3) -> tuple[Any, ...]:
    """Return territories, sessions, hosts, partners, trainers and scores of the ranked offers."""
    today = (on - dt.date(1970, 1, 1)).days
    territories, sessions = len(a["territories"]["d"]), len(a["min_seats"])
    size, d, z = territories * sessions, a["territories"]["d"], a["territories"]["z"]
    needs, came = a["needs"], a["came"]
    is_open = np.flatnonzero((needs["start"] <= today) & (needs["lapse"] > today) & (needs["met"] > today))
    k = a["cells"][is_open]
    need_score, latest, people = np.zeros(size), np.full(size, -(10**6), np.int64), np.zeros(size, np.int64)
    np.maximum.at(need_score, k, needs["score"][is_open])
    np.maximum.at(latest, k, needs["start"][is_open])
    np.maximum.at(people, k, needs["people"][is_open])
    # What was attended, and ratings.
    past = came["date"] <= today
    attended = np.zeros(size, bool)
    attended[came["cell"][past]] = True
    left = ~attended & (need_score >= 60)
    given = np.bincount(came["s"][past], minlength=sessions)
    rating = np.bincount(came["s"][past], a["rating"][past], sessions) / given
    # Those who may come of the squares around: the difference of running sums at both ends of each run of squares.
    squares = len(a["run_start"])
    by_square = np.bincount(
        (z[:, None] * np.int64(sessions) + np.arange(sessions)).ravel(), people * left, squares * sessions
    )
    running = np.zeros((squares + 1, sessions))
    np.cumsum(by_square.reshape(squares, sessions), axis=0, out=running[1:])
    around = np.add.reduceat(running[a["run_end"]] - running[a["run_first"]], a["run_start"], axis=0)
    # Partners, by département and session.
    record = _points(a["hosted"] / (a["hosted"] + 3.0), W["partner_record"])
    p_points = record + (a["adm"] * (W["mayors_association"] * GRID) + a["both"] * (W["partner_brings_both"] * GRID))
    p_points = np.where(a["covers"] & (a["room"] >= 1), p_points, -1.0)
    p_all = np.where(a["carries"][None], p_points[:, None, :], -1.0)
    partner, p_best = p_all.argmax(axis=2), p_all.max(axis=2)
    # The cells that are left, and their points.
    cell = np.flatnonzero(left)
    t, s = np.divmod(cell, sessions)
    full, past_rating = _points(around / a["max_seats"], W["full_room"]), _points((rating - 1) / 3, W["past_rating"])
    score = past_rating[s] + _points(need_score[cell] / 100, W["need_strength"])
    score += _points(np.exp((latest[cell] - today) / 730.0), W["need_freshness"])
    # Trainers, around each territory: the most points, then the first code, in one number.
    who, r, km = a["trainers"], a["reach"]["r"], a["reach"]["distance_km"]
    alone = _points((who["trainer_rating"] - 1) / 3, W["trainer_rating"]) + ALIKE + soon(on)
    reach_km = who["reach_km"][r]
    key = (alone[r] + _points(1 - km / reach_km, W["trainer_near"])).astype(np.int64) * CODES + (
        CODES - 1 - r.astype(np.int64)
    )
    key[km > reach_km] = -1
    travel = who["fee"][r] + km * (2 * a["euros_per_km"])
    best = np.full((territories, sessions), -1, np.int64)
    filled = np.flatnonzero(a["reach_start"][:-1] < a["reach_start"][1:])
    starts = a["reach_start"][filled]
    for each in range(sessions):
        able = a["knows"][each][r] & (np.round(travel + a["session_cost"][each], 2) <= a["budget"])
        best[filled, each] = np.maximum.reduceat(np.where(able, key, -1), starts)
    # Held at their own place or, where that can't be, at the nearest one where it can.
    best, relay = best[t, s], p_best[d[t], s]
    able = (best >= 0) & (relay >= 0) & (around >= a["min_seats"])[z[t], s]
    host = np.arange(len(cell))
    away = np.full(len(cell), W["near_host"] * GRID)
    guests, near, metres = _nearest(a["territories"], t, s, able)
    host[guests], away[guests] = near, _points(1 - metres / 1000 / TRAVEL_KM, W["near_host"])
    seated = able[host]
    units = np.where(seated, score + full[z[t[host]], s] + relay[host] + best[host] // CODES + away, -1.0)
    ranked = np.full(size, -1.0)
    ranked[cell] = units
    order = np.argsort(-ranked.reshape(territories, sessions), axis=1, kind="stable")[:, :top]
    rows, places = np.nonzero(np.take_along_axis(ranked.reshape(territories, sessions), order, 1) >= 0)
    chosen = order[rows, places]
    of = rows * sessions + chosen
    place = host[np.searchsorted(cell, of)]
    trainer = CODES - 1 - best[place] % CODES
    return rows, chosen, t[place], partner[d[t[place]], chosen], trainer, ranked[of] / GRID


def _nearest(where: dict[str, Any], t: Any, s: Any, able: Any) -> tuple[Any, Any, Any]:
    """Return which cells aren't able, the nearest of the same session within travel distance that is, and metres."""
    guests, nearest, away = [np.array([], np.int64)], [np.array([], np.int64)], [np.array([], np.int64)]
    latitude, longitude = where["latitude"], where["longitude"]
    for each in np.unique(s[~able]):
        here, left = np.flatnonzero(able & (s == each)), np.flatnonzero(~able & (s == each))
        here = here[np.argsort(latitude[t[here]])]
        north = latitude[t[here]]
        for km in (12.0, TRAVEL_KM):  # most find one in the first ring
            lat, lon, margin = latitude[t[left]], longitude[t[left]], km / 110.0
            low, high = np.searchsorted(north, lat - margin), np.searchsorted(north, lat + margin)
            guest = np.repeat(np.arange(len(left)), high - low)
            other = np.arange(len(guest)) + np.repeat(high - np.cumsum(high - low), high - low)
            wide = margin / np.cos(np.radians(np.abs(lat) + margin))
            close = np.abs(longitude[t[here[other]]] - lon[guest]) < wide[guest]
            guest, other = guest[close], here[other[close]]
            metres = np.rint(1000 * _km(lat[guest], lon[guest], latitude[t[other]], longitude[t[other]]))
            close = metres <= 1000 * km
            guest, key = guest[close], metres[close].astype(np.int64) * CODES + t[other[close]]
            first = np.flatnonzero(np.diff(guest, prepend=-1))
            if len(first):
                best = np.minimum.reduceat(key, first)
                away.append(best // CODES)
                guests.append(left[guest[first]])
                nearest.append(here[np.argsort(t[here])][np.searchsorted(np.sort(t[here]), best % CODES)])
                left = np.delete(left, guest[first])
            if not len(left):
                break
    return np.concatenate(guests), np.concatenate(nearest), np.concatenate(away)


def _km(lat: Any, lon: Any, other: Any, far: Any) -> Any:
    """The great-circle distance."""
    lat, lon, other, far = (np.radians(each) for each in (lat, lon, other, far))
    half = np.sin((other - lat) / 2) ** 2 + np.cos(lat) * np.cos(other) * np.sin((far - lon) / 2) ** 2
    return 2 * 6371.0088 * np.arcsin(np.sqrt(half))


def by_loops(frames: Frames, on: dt.date, top: int = 3) -> list[tuple[int, int, int, int, int, float]]:
    """Return (territory, session, host, partner, trainer, score) of the ranked offers, by loops over indexed rows."""
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
    ratings: dict[int, list[float]] = defaultdict(list)
    for row in frames.attendances.filter(pl.col("date") <= on).iter_rows(named=True):
        attended.add((row["t"], row["s"]))
        ratings[row["s"]].append(row["rating"])
    in_square: dict[tuple[int, int], int] = defaultdict(int)
    for (t, s), people in asked.items():
        if (t, s) not in attended and score_of[t, s] >= 60:
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
    budget = float(frames.budget.total) if frames.budget else math.inf
    asks: dict[tuple[int, int], float] = {}
    hosts: dict[int, dict[int, tuple[float, int, int]]] = defaultdict(dict)
    for territory in territories:
        t = territory["t"]
        for session in sessions:
            s = session["s"]
            people = around[territory["z"], s]
            if (t, s) in attended or score_of.get((t, s), 0.0) < 60:
                continue
            asks[t, s] = (
                _add(score_of[t, s] / 100, W["need_strength"])
                + _add(math.exp(-(on - latest_of[t, s]).days / 730.0), W["need_freshness"])
                + _add((rating[s] - 1) / 3, W["past_rating"])
            )
            best_partner = max(
                (
                    (
                        _add(
                            hosted.get((q["p"], territory["d"]), 0) / (hosted.get((q["p"], territory["d"]), 0) + 3.0),
                            W["partner_record"],
                        )
                        + _add(q["partner_kind"] == "adm", W["mayors_association"])
                        + _add(q["partner_brings_both"], W["partner_brings_both"]),
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
                    _add((trainer["trainer_rating"] - 1) / 3, W["trainer_rating"])
                    + wait
                    + ALIKE / GRID
                    + _add(1 - km / trainer["reach_km"], W["trainer_near"])
                )
                if best_trainer is None or (points, -r) > best_trainer:
                    best_trainer = (points, -r)
            if best_partner and best_trainer and people >= session["min_seats"]:
                full = _add(people / session["max_seats"], W["full_room"])
                hosts[s][t] = (full + best_partner[0] + best_trainer[0], -best_partner[1], -best_trainer[1])
    found: dict[int, list[tuple[float, int, int, int, int]]] = defaultdict(list)
    for (t, s), own in asks.items():
        here, metres, host = territories[t], 0, t
        if t not in hosts[s]:
            near = ((row, there) for there in hosts[s] if _may_be_near(here, row := territories[there]))
            far = ((round(1000 * float(_km(*_point(here), *_point(row)))), there) for row, there in near)
            metres, host = min(far, default=(10**9, t))
        if metres <= 1000 * TRAVEL_KM:
            points, p, r = hosts[s][host]
            total = own + points + _add(1 - metres / 1000 / TRAVEL_KM, W["near_host"])
            found[t].append((-total, s, host, p, r))
    return [(t, s, h, p, r, -total) for t in sorted(found) for total, s, h, p, r in sorted(found[t])[:top]]


def _may_be_near(here: dict[str, Any], there: dict[str, Any]) -> bool:
    return bool(abs(here["latitude"] - there["latitude"]) * 110 <= TRAVEL_KM)


def _point(row: dict[str, Any]) -> tuple[float, float]:
    return row["latitude"], row["longitude"]


def _add(value: float, weight: float) -> float:
    return round(min(max(value, 0.0), 1.0) * (weight * GRID)) / GRID
