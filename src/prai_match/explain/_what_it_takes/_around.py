"""The surroundings of a territory: neighbours that can host, trainers who would have to travel further."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from prai_match import recommend
from prai_match.explain._what_it_takes._standing import EngineRun
from prai_match.model import RelayPartner, Territory, Trainer

_MOST_HOSTS, _MOST_TRAINERS = 50, 2


@dataclass(frozen=True, eq=False)
class Surroundings:
    answers: recommend.Answers

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each territory."""
        return {code: number for number, code in enumerate(self.answers.snapshot.frames.territories["territory"])}

    def neighbours(self, territory: str, least_km: float, most_km: float) -> list[tuple[int, float]]:
        """Return the other territories within the given distances, with the kilometres, the nearest first."""
        size, own = len(self.numbers), self.numbers[territory]
        km = self.answers.snapshot.km_between(np.full(size, own), np.arange(size))
        km[own] = np.inf
        order = np.argsort(km, kind="stable")
        return [(int(t), float(km[t])) for t in order[(km[order] > least_km) & (km[order] <= most_km)]]

    def host_beyond(self, territory: str, session: str, most_km: float) -> tuple[Territory, float] | None:
        """Return the nearest territory beyond travel distance where a session is possible, with the kilometres."""
        answers, near = self.answers, self.neighbours(territory, self.answers.programme.travel_km, most_km)
        away = dict(near[:_MOST_HOSTS])
        cells = EngineRun.of(answers.snapshot, answers.policy, sorted(away)).cells
        s = answers.snapshot.frames.sessions["session"].index_of(session)
        able = cells.t[cells.possible & (cells.s == s) & (cells.h == cells.t)].tolist()
        host = min(able, key=lambda t: (away[t], t), default=None)
        return None if host is None else (self._territories[host], away[host])

    def host_elsewhere(self, territory: str, session: str) -> Territory | None:
        """Return the nearest territory within travel distance in a département where a relay carries the session."""
        programme, own = self.answers.programme, self._territories[self.numbers[territory]].departement
        carried = {each for relay in programme.partners if carries(relay, session) for each in relay.departements}
        near = (self._territories[t] for t, _ in self.neighbours(territory, -1.0, programme.travel_km))
        return next((each for each in near if each.departement in carried - {own}), None)

    def trainers_beyond(self, host: str, session: str, axis: str | None) -> list[tuple[Trainer, float]]:
        """Return trainers of a session who don't travel as far as a host, with the distances, the nearest first."""
        day, trainers = self.answers.snapshot, {each.id: each for each in self.answers.programme.trainers}
        frames, h = day.frames, self.numbers[host]
        of = frames.axes.filter(session=session)
        knows = frames.sessions_known[:, of["s"][0]] & frames.axes_known[of.filter(of["axis"].eq_missing(axis))["x"][0]]
        r = np.flatnonzero(knows)
        codes = frames.trainers["trainer"].gather(r)
        far = [(trainers[code], float(km)) for code, km in zip(codes, day.distance(np.full(len(r), h), r), strict=True)]
        beyond = [(each, km) for each, km in far if km > each.reach_km]
        return sorted(beyond, key=lambda each: (each[1] - each[0].reach_km, each[0].id))[:_MOST_TRAINERS]

    @cached_property
    def _territories(self) -> list[Territory]:
        by_id = {each.id: each for each in self.answers.programme.territories}
        return [by_id[code] for code in self.numbers]


def carries(relay: RelayPartner, session: str) -> bool:
    return not relay.carries or session in relay.carries
