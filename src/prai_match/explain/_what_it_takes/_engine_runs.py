"""Runs of the engine with sets of moves; one run holds those of many territories, each as a separate trial."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from prai_match import calendar, offers, policy, recommend
from prai_match.explain import _changes
from prai_match.explain._what_it_takes._material import Material
from prai_match.explain._what_it_takes._result import union
from prai_match.explain._what_it_takes._standing import NONE, EngineRun, Moves, Question, Trial, standings
from prai_match.followups import FollowUps, attended, follow_ups_of
from prai_match.model import ProgrammeData, Territory, substitute

_MOST_TRIALS = 1_000  # maximum number of trials in one run
_ACTORS = frozenset({"with_partners", "without_partners", "with_trainers", "without_trainers"})
_OF_OTHERS = frozenset({"host", "relay", "relay_extended", "trainer", "trainer_extended", "travel"})


@dataclass(frozen=True, eq=False)
class Engine:
    """The engine that made recommendations, to try sets of moves on."""

    answers: recommend.Answers
    _days: dict[tuple[Moves, dt.date], offers.Snapshot] = field(default_factory=dict)
    _graphs: dict[object, FollowUps] = field(default_factory=dict)

    @cached_property
    def material(self) -> Material:
        return Material(self.answers)

    @cached_property
    def _territories(self) -> dict[str, Territory]:
        return {territory.id: territory for territory in self.answers.programme.territories}

    def questions(self, requests: Mapping[str, Mapping[str, str | None]]) -> list[Question]:
        answers, numbers = self.answers, [self.answers.number(territory) for territory in requests]
        now = EngineRun.of(answers.snapshot, answers.policy, sorted(numbers))
        return [
            Question(self._territories[territory], number, request, {NONE: Trial(now, number)})
            for number, (territory, request) in zip(numbers, requests.items(), strict=True)
        ]

    def furthest(self) -> dict[str, str]:
        """Return, for each territory, the session that passes most stages but the one offered, or is offered later."""
        frames = self.answers.snapshot.frames
        stages = {stage: place for place, stage in enumerate(policy.STAGES)}
        far = pl.col("stage").replace_strict(stages, default=len(stages), return_dtype=pl.Int8)
        best = (
            self.answers.furthest.join(self.answers.best, on=["t", "s"], how="anti")
            .with_columns(far=far)
            .sort("t", "far", "score", "s", descending=[False, True, True, False])
            .unique("t", keep="first", maintain_order=True)
        )
        territories, sessions = frames.territories["territory"], frames.sessions["session"]
        found = dict(zip(territories.gather(best["t"]), sessions.gather(best["s"]), strict=True))
        return found | {territories[number]: offer.session for number, offer in self.answers.later.items()}

    def run(self, sets: Iterable[tuple[Question, Moves]]) -> None:
        together: dict[tuple[Moves, dt.date], list[tuple[Question, Moves]]] = {}
        for question, moves in sets:
            if moves not in question.trials:
                others = frozenset(move for move in moves if move.kind in _OF_OTHERS)
                together.setdefault((others, self._on(moves) or self.answers.on), []).append((question, moves))
        for (others, on), trials in together.items():
            for start in range(0, len(trials), _MOST_TRIALS):
                self._run(self._day(others, on), trials[start : start + _MOST_TRIALS])

    def explain(self, sets: Iterable[tuple[Question, Moves]]) -> None:
        """Compute how candidates stand after sets of moves that were tried, unless already known."""
        together: dict[EngineRun, list[tuple[Question, Moves]]] = {}
        for question, moves in sets:
            if moves not in question.standings:
                together.setdefault(question.trials[moves].run, []).append((question, moves))
        for run, trials in together.items():
            numbers = [question.trials[moves].number for question, moves in trials]
            stands = standings(self.answers, run, numbers, [question.request for question, _ in trials])
            for (question, moves), standing in zip(trials, stands, strict=True):
                question.standings[moves] = standing

    def _run(self, day: offers.Snapshot, sets: Sequence[tuple[Question, Moves]]) -> None:
        trials = offers.trials(day, [question.number for question, _ in sets], *self._facts(sets))
        run = EngineRun.of(trials, self.answers.policy, range(len(sets)))
        for number, (question, moves) in enumerate(sets):
            question.trials[moves] = Trial(run, number)

    def _facts(self, sets: Sequence[tuple[Question, Moves]]) -> tuple[offers.TrialFacts, list[tuple[FollowUps, int]]]:
        """Return what sets of moves add and, for each, the graph and the number of events that it adds."""
        facts, worlds = offers.TrialFacts([], [], []), []
        sessions, axes, home = self._sessions, self._axes, self.material.number
        for trial, (question, moves) in enumerate(sets):
            came, on = {}, calendar.day_number(self._on(moves) or self.answers.on)  # needs wait too
            for changes in (move.changes for move in moves if move.kind not in _OF_OTHERS):
                for need in changes.with_needs:
                    session = str(need.workshop)
                    x = -1 if need.axis is None else axes[session, need.axis]
                    facts.needs.append((trial, home(need.collectivity), sessions[session], x, need.people or -1, on))
                for row in changes.with_attendances:
                    event = (sessions[row.session], calendar.day_number(row.date))
                    came[question.number, *event] = row.session
                    people = (-1 if each is None else each for each in (row.elected, row.technicians))
                    facts.attendances.append((trial, home(row.collectivity), event[0], *people, event[1]))
                for said in changes.with_decisions:
                    about = home(str(said.collectivity)), sessions[str(said.session)], on
                    facts.decisions.append((trial, *about, said.event == "withdrawn"))
            graph = self._follow_ups(question, set(came.values()), self._on(moves))
            worlds.append((graph, len(came.keys() - self._events)))
        return facts, worlds

    @staticmethod
    def _on(moves: Moves) -> dt.date | None:
        return next((move.changes.on for move in moves if move.changes.on is not None), None)

    @cached_property
    def _sessions(self) -> dict[str, int]:
        return {session: number for number, session in enumerate(self.answers.snapshot.frames.sessions["session"])}

    @cached_property
    def _axes(self) -> dict[tuple[str, str | None], int]:
        axes = self.answers.snapshot.frames.axes
        return {pair: number for number, pair in enumerate(zip(axes["session"], axes["axis"], strict=True))}

    @cached_property
    def _events(self) -> set[tuple[int, int, int]]:
        """Attendances on the day: a further attendance of the same session isn't a separate event."""
        day = self.answers.snapshot
        events = day.frames.visits.events
        today = events["date"] == day.today
        return set(zip(*(events[name][today].tolist() for name in ("t", "s", "date")), strict=True))

    def _follow_ups(self, question: Question | None, sessions: set[str], on: dt.date | None) -> FollowUps:
        """Return the given graph, or the one learned on the day from attendances until then."""
        answers = self.answers
        taught = () if question is None else self._taught(question.number, sessions)
        if answers.graph is not None or (on is None and not taught):
            return answers.snapshot.follow_ups
        key = (
            taught if on is None else (question.territory.id if question and sessions else None, *sorted(sessions), on)
        )
        if key not in self._graphs:
            more = [(question.territory.id, session, answers.on) for session in sorted(sessions)] if question else []
            history = pl.concat([self._history, pl.DataFrame(more, schema=self._history.schema, orient="row")])
            graph = follow_ups_of(answers.programme, on or answers.on, came=history)
            # Identical graphs share one world.
            self._graphs[key] = self._graphs.setdefault(graph.chances.tobytes(), graph)
        return self._graphs[key]

    def _taught(self, t: int, sessions: set[str]) -> tuple[tuple[int, ...], ...]:
        """Return what a graph learns when a territory attends sessions on the day; many territories share a result.

        That is: the follow-ups that it then shows, since when it could have shown them, and whether it attended in
        between.
        """
        day, edges = self.answers.snapshot, self.answers.snapshot.edges
        visits = day.frames.visits
        place: Any = visits.of.between(t, t + 1)
        s, date = (visits.rows[name][place][day.came[place]] for name in ("s", "date"))
        new = {self._sessions[session] for session in sessions} - {*s.tolist()}
        taught = []
        for source, target in zip(edges.s.tolist(), edges.s_next.tolist(), strict=True):
            days = date[s == source]
            if target in new and len(days) and (first := int(days.min())) < day.today:
                between = bool(((date > first) & (date < day.today)).any())
                taught.append((source, target, first, int(between)))
        return tuple(taught)

    @cached_property
    def _history(self) -> pl.DataFrame:
        return attended(self.answers.programme)

    def _day(self, others: Moves, on: dt.date) -> offers.Snapshot:
        """Return the snapshot of the day after moves of actors other than the territory."""
        now = self.answers.snapshot
        if not others and on == now.on:
            return now
        if (others, on) not in self._days:
            programme = offers.seen_on(self.answers.programme, on)
            changes = union(others, on)
            if changes.of_programme - _ACTORS:
                frames = offers.frames_of(_changes.apply(programme, changes))
            else:
                frames = offers.frames_of(programme)
                if others:
                    frames = offers.with_actors(frames, substitute(programme, **_actors(programme, changes)))
            graph = self._follow_ups(None, set(), None if on == now.on else on)
            self._days[others, on] = offers.Snapshot(frames, on, graph, now.extra)
        return self._days[others, on]


def _actors(programme: ProgrammeData, changes: _changes.Changes) -> dict[str, object]:
    after: dict[str, object] = {}
    for table in ("partners", "trainers"):
        new = {actor.id: actor for actor in getattr(changes, f"with_{table}")}
        after[table] = (*(actor for actor in getattr(programme, table) if actor.id not in new), *new.values())
    return after
