"""The same ranking by hand: the fastest NumPy that we could write, and clear Python loops over indexed data.

Both start from the same prepared tables as the engine (needs, attendances, neighbouring squares, trainers around each
territory) and apply the default policy to a catalogue of workshops without follow-ups. They know the policy by heart: no
rule can be changed, and nothing is explained.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from prai_match.offers import Frames

GRID = 2.0**20
W = {
    "need": 18.0, "fresh": 8.0, "rating": 6.0, "pair": 6.0, "equity": 10.0, "room": 6.0, "record": 8.0, "adm": 2.0,
    "both": 2.0, "trainer": 6.0, "near": 4.0, "soon": 3.0, "load": 3.0,
}  # fmt: skip


def arrays(frames: Frames, on: dt.date) -> dict[str, Any]:
    """Lay the prepared tables out as arrays: preparation, like the frames themselves."""
    epoch = dt.date(1970, 1, 1)

    def columns(frame: pl.DataFrame, *names: str) -> dict[str, Any]:
        return {name: frame[name].to_numpy() for name in names}

    needs = columns(frames.needs, "t", "s", "z", "c", "score", "people")
    needs["day"] = frames.needs["date"].dt.epoch("d").to_numpy()
    came = columns(frames.attendances, "t", "s", "elected", "technicians", "rating")
    came["day"] = frames.attendances["date"].dt.epoch("d").to_numpy()
    near, reach = columns(frames.near, "z", "z_near"), columns(frames.reach, "t", "r", "distance_km")
    sessions, partners, trainers = frames.sessions, frames.partners, frames.trainers
    carries = np.zeros((sessions.height, partners.height), bool)
    carries[frames.carries["s"].to_numpy(), frames.carries["p"].to_numpy()] = True
    covers = np.zeros((frames.departements.height, partners.height), bool)
    covers[frames.covers["d"].to_numpy(), frames.covers["p"].to_numpy()] = True
    hosted = np.zeros((frames.departements.height, partners.height))
    hosted[frames.hosted_before["d"].to_numpy(), frames.hosted_before["p"].to_numpy()] = frames.hosted_before[
        "sessions"
    ]
    knows = np.zeros((trainers.height, sessions.height), bool)
    pairs = frames.expertise.join(frames.axes.select("x", "s"), on="x")
    knows[pairs["r"].to_numpy(), pairs["s"].to_numpy()] = True
    return {
        "on": (on - epoch).days,
        "needs": needs,
        "came": came,
        "near": near,
        "near_start": np.searchsorted(near["z"], np.arange(int(near["z"].max()) + 1)),
        "reach": reach,
        "reach_start": np.searchsorted(reach["t"], np.arange(frames.territories.height + 1)),
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
        "trainers": columns(trainers, "fee", "reach_km", "trainer_rating", "per_month"),
        "knows": knows,
        "budget": float(frames.budget.total) if frames.budget else math.inf,
        "euros_per_km": frames.euros_per_km,
    }


def _points(value: Any, weight: float) -> Any:
    return np.round(np.clip(value, 0.0, 1.0) * (weight * GRID)) / GRID


def by_numpy(a: dict[str, Any], top: int = 3) -> tuple[Any, Any, Any, Any]:
    """Return territories, sessions, partners and trainers of the ranked offers, and their scores."""
    on, territories, sessions = a["on"], len(a["territories"]["d"]), len(a["min_seats"])
    size = territories * sessions
    needs, came = a["needs"], a["came"]
    k = needs["t"].astype(np.int64) * sessions + needs["s"]
    need_score = np.zeros(size)
    np.maximum.at(need_score, k, needs["score"])
    latest = np.full(size, -(10**6), np.int64)
    np.maximum.at(latest, k, needs["day"])
    attended = np.zeros(size, bool)
    came_k = came["t"].astype(np.int64) * sessions + came["s"]
    attended[came_k] = True
    # People: the most that each collectivity announced, summed over neighbouring squares.
    people = np.zeros(size)
    np.maximum.at(people, k, needs["people"])
    people[attended] = 0.0
    squares = int(a["territories"]["z"].max()) + 1
    by_square = np.zeros((squares, sessions))
    np.add.at(by_square, a["territories"]["z"], people.reshape(territories, sessions))
    around = np.add.reduceat(by_square[a["near"]["z_near"]], a["near_start"], axis=0)
    people = around[a["territories"]["z"]]
    # Service, pairs and ratings.
    events, inverse = np.unique(came_k * 2**16 + came["day"], return_inverse=True)
    event_t = (events >> 16) // sessions
    served = np.bincount(event_t, minlength=territories).astype(float)
    elected = np.bincount(inverse, came["elected"]) > 0
    technicians = np.bincount(inverse, came["technicians"]) > 0
    together = np.zeros(territories, bool)
    together[event_t[elected & technicians]] = True
    population = a["territories"]["population"]
    expected = population / population.sum() * served.sum()
    gap = np.where(expected > 0, 1 - served / np.where(expected > 0, expected, 1.0), 0.0)
    ratings = np.bincount(came["s"], came["rating"], sessions) / np.bincount(came["s"], minlength=sessions)
    score_of, latest_of = need_score.reshape(territories, sessions), latest.reshape(territories, sessions)
    fresh = np.where(latest_of > -(10**6), np.exp(-(on - latest_of) / 730.0), 0.0)
    passes = ~attended.reshape(territories, sessions) & (score_of >= 60) & (people >= a["min_seats"])
    score = (
        _points(score_of / 100, W["need"])
        + _points(fresh, W["fresh"])
        + _points((ratings - 1) / 3, W["rating"])
        + _points(together.astype(float), W["pair"])[:, None]
        + _points(gap, W["equity"])[:, None]
        + _points(people / a["max_seats"], W["room"])
    )
    # Partners, by département and session.
    hosted = a["hosted"]
    p_points = (
        _points(hosted / (hosted + 3.0), W["record"])
        + _points(a["adm"].astype(float), W["adm"])
        + _points(a["both"].astype(float), W["both"])
    )
    p_points = np.where(a["covers"] & (a["room"] >= 1), p_points, -1.0)
    p_all = np.where(a["carries"][None], p_points[:, None, :], -1.0)
    partner, p_best = p_all.argmax(axis=2), p_all.max(axis=2)
    d = a["territories"]["d"]
    passes &= p_best[d] >= 0
    # Trainers, around each territory.
    who = a["trainers"]
    within = np.flatnonzero(a["reach"]["distance_km"] <= who["reach_km"][a["reach"]["r"]])
    t, r, km = a["reach"]["t"][within], a["reach"]["r"][within], a["reach"]["distance_km"][within]
    start = np.searchsorted(t, np.arange(territories + 1))
    alone = (
        _points((who["trainer_rating"] - 1) / 3, W["trainer"]) + _points(np.ones(len(who["fee"])), W["soon"])
        + _points(np.ones(len(who["fee"])), W["load"])
    )  # fmt: skip
    r_points = alone[r] + _points(1 - km / who["reach_km"][r], W["near"])
    travel = who["fee"][r] + km * (2 * a["euros_per_km"])
    filled = start[:-1] < start[1:]
    best = np.full((territories, sessions), -1, np.int64)
    key = (r_points * GRID).astype(np.int64) * 2**24 + (2**24 - 1 - r.astype(np.int64))
    for s in range(sessions):
        able = a["knows"][:, s][r] & (np.round(travel + a["session_cost"][s], 2) <= a["budget"])
        best[filled, s] = np.maximum.reduceat(np.where(able, key, -1), start[:-1][filled])
    passes &= best >= 0
    total = score + p_best[d] + (best >> 24) / GRID
    ranked = np.where(passes, total, -1.0)
    order = np.argsort(-ranked, axis=1, kind="stable")[:, :top]
    rows, places = np.nonzero(np.take_along_axis(passes, order, 1))
    chosen = order[rows, places]
    trainer = 2**24 - 1 - (best[rows, chosen] & (2**24 - 1))
    return rows, chosen, np.stack([partner[d[rows], chosen], trainer]), total[rows, chosen]


def by_loops(frames: Frames, on: dt.date, top: int = 3) -> list[tuple[int, int, int, int, float]]:
    """Return (territory, session, partner, trainer, score) of the ranked offers, by clear loops over indexed rows."""
    sessions = frames.sessions.rows(named=True)
    partners, trainers = frames.partners.rows(named=True), frames.trainers.rows(named=True)
    territories = frames.territories.rows(named=True)
    score_of: dict[tuple[int, int], float] = defaultdict(float)
    latest_of: dict[tuple[int, int], dt.date] = {}
    asked: dict[tuple[int, int], int] = defaultdict(int)
    square_of = {row["t"]: row["z"] for row in territories}
    for need in frames.needs.iter_rows(named=True):
        key = (need["t"], need["s"])
        score_of[key] = max(score_of[key], need["score"])
        latest_of[key] = max(latest_of.get(key, need["date"]), need["date"])
        asked[key] = max(asked[key], need["people"])
    attended: set[tuple[int, int]] = set()
    events: dict[tuple[int, int, dt.date], list[int]] = defaultdict(lambda: [0, 0])
    ratings: dict[int, list[float]] = defaultdict(list)
    for row in frames.attendances.iter_rows(named=True):
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
        if (t, s) not in attended:
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
                    + _add(1.0, W["soon"])
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
