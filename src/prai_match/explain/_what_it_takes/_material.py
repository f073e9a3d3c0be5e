"""The data that moves are built from: a programme on a day, looked up once for all territories."""

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match import offers, recommend
from prai_match.calendar import NEVER
from prai_match.explain._what_it_takes._around import Surroundings
from prai_match.model import Buffet, Collectivity, Lang, Territory, Workshop
from prai_match.needs import STATES


@dataclass(frozen=True, eq=False)
class Material:
    answers: recommend.Answers
    _people: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    _needs: dict[int, list[tuple[str, str, str, int]]] = field(default_factory=dict)

    @cached_property
    def sessions(self) -> dict[str, Buffet | Workshop]:
        return {each.id: each for each in self.answers.programme.catalogue.sessions}

    @cached_property
    def collectivities(self) -> dict[str, Collectivity]:
        return {each.code: each for each in self.answers.programme.collectivities}

    @cached_property
    def follow_ups(self) -> list[tuple[str, str]]:
        """Follow-ups as pairs of source and target, the most probable first."""
        edges, codes = self.answers.snapshot.edges, self.answers.snapshot.frames.sessions
        sources, targets, order = edges.s, edges.s_next, np.lexsort((edges.s, -edges.estimates.chances[0, :, 0]))
        pairs = (codes["session"].gather(numbers[order]) for numbers in (sources, targets))
        return list(zip(*pairs, strict=True))

    def names(self, code: str) -> dict[Lang, str]:
        return {lang: names[code] for lang, names in self.answers.names.items()}

    def people(self, territory: Territory, session: str) -> dict[str, int]:
        """Return for how many people of each collectivity a session can be held, as far as known."""
        if (territory.id, session) not in self._people:
            most = {
                code: max(self._wordless.get(code, 0), int(self._came[self.number(code)])) for code in territory.members
            }
            for code, wanted, state, people in self.needs(territory.id):
                if (wanted, state) == (session, "open"):
                    most[code] = max(most[code], people)
            self._people[territory.id, session] = most
        return self._people[territory.id, session]

    def most_people(self, territory: Territory, session: str) -> tuple[str, int]:
        """Return the collectivity of a territory in which most people ask for a session, and how many."""
        most = self.people(territory, session)
        code = max(most, key=lambda each: (most[each], self.collectivities[each].population or 0, each))
        return code, most[code]

    @cached_property
    def around(self) -> Surroundings:
        return Surroundings(self.answers)

    @cached_property
    def renewal(self) -> dt.date | None:
        """The day of an election by which councils are renewed before the end of the horizon."""
        programme, on = self.answers.programme, self.answers.on
        elected = programme.calendar.renewed_before(on + dt.timedelta(days=programme.offer_horizon_days + 1))
        return elected if elected is not None and elected >= on else None

    def needs(self, territory: str) -> list[tuple[str, str, str, int]]:
        """Return the needs of a territory: who, what, state and number of people (-1 if unknown), strongest first."""
        number = self.around.numbers[territory]
        if number not in self._needs:
            day = self.answers.snapshot
            frames, spells = day.frames, day.frames.spells
            rows = np.arange(len(spells.score))[spells.of.between(number, number + 1)]
            rows = rows[day.states[rows] >= 0]
            rows = rows[np.lexsort((-spells.rows["start"][rows], -spells.score[rows]))]
            codes = (
                table[name].gather(spells.rows[key][rows])
                for table, name, key in ((frames.members, "collectivity", "c"), (frames.sessions, "session", "s"))
            )
            states = (STATES[code] for code in day.states[rows])
            self._needs[number] = list(zip(*codes, states, spells.rows["people"][rows].tolist(), strict=True))
        return self._needs[number]

    @cached_property
    def _far(self) -> offers.Snapshot:
        """The snapshot of the day with its horizon at the end of the programme."""
        day = self.answers.snapshot
        days = max(day.frames.horizon_days, (day.frames.days.period.end - day.on).days)
        return replace(day, frames=replace(day.frames, horizon_days=days), council=None)

    def days_ahead(self, territory: str, session: str, trainer: str | None) -> tuple[int, int]:
        """Return in how many days a session has its first open day, and its first day with a free trainer for it.

        Both come after the lag of the session that it follows, and before the programme's end; 0 if there is none.
        """
        frames, number = self._far.frames, np.array([self.answers.number(territory)])
        s = int(frames.sessions["session"].index_of(session) or 0)
        leads = frames.sessions_known[:, s] if trainer is None else (frames.trainers["trainer"] == trainer).to_numpy()
        start = first = NEVER
        for view in self._far.views:
            block = view.block_of(number)
            places, d = block.lags[number - block.first, s], frames.number_of("t", "d")[number]
            at, row = (int(each[0]) for each in (view.starts_of(number, d, places), view.first_of(number, d, places)))
            days = view.column("day").value.reshape(len(view.first_days), -1)[row][leads]
            place = at % (view.length + 1)
            start = min(start, view.first + place) if place < view.length else start
            first = min(first, int(days.min(initial=NEVER)))
        ahead = [0 if day == NEVER else day - self._far.today for day in (start, first)]
        return ahead[0], ahead[1]

    @cached_property
    def _wordless(self) -> dict[str, int]:
        """The largest number of people in a collectivity's open needs without a recognised session."""
        wordless = pl.col("workshop").is_null() & pl.col("people").is_not_null()
        if offers.needs_read(self.answers.programme).filter(wordless).is_empty():
            return {}
        needs = offers.needs_by_state(self.answers.programme, self.answers.on).filter(wordless, state="open")
        return dict(needs.group_by("collectivity").agg(pl.col("people").cast(pl.Int64).max()).iter_rows())

    @cached_property
    def _came(self) -> NDArray[np.int64]:
        """The largest number of people of each collectivity that attended at one time since the renewal."""
        day = self.answers.snapshot
        rows, most = day.frames.visits.rows, np.zeros(day.frames.collectivities, np.int64)
        here = day.came & (rows["date"] > day.renewed)
        np.maximum.at(most, rows["c"][here], rows["people"][here])
        return most

    @cached_property
    def _codes(self) -> list[str]:
        return self.answers.snapshot.frames.members["collectivity"].to_list()

    def number(self, collectivity: str) -> int:
        return bisect_left(self._codes, collectivity)
