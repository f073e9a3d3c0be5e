"""The engine run with sets of moves, those of many territories in one run: each lives in a world of its own."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import polars as pl

from prai_match import offers
from prai_match.explain._changes import Changes, apply
from prai_match.explain._what_it_takes._moves import Material
from prai_match.explain._what_it_takes._question import NONE, EngineRun, Moves, Question, Trial, standings
from prai_match.explain._what_it_takes._result import union
from prai_match.explain._why_not._entry import Contest
from prai_match.followups import FollowUps, attended
from prai_match.model import Territory
from prai_match.needs import lexicon_of
from prai_match.policy import STAGES
from prai_match.recommend import Answers

_MOST_WORLDS = 1_000
"""How many trials there is room for in one run."""


class _Shared(NamedTuple):
    """What trials that run together have in common."""

    actors: Moves
    on: dt.date
    follow_ups: FollowUps
    more: int


@dataclass(frozen=True, eq=False)
class Engine:
    """The engine that made recommendations, to try sets of moves on."""

    answers: Answers
    _frames: dict[tuple[Moves, dt.date], offers.Frames] = field(default_factory=dict)
    _graphs: dict[object, FollowUps] = field(default_factory=dict)

    @cached_property
    def material(self) -> Material:
        return Material(self.answers)

    @cached_property
    def _now(self) -> EngineRun:
        answers = self.answers
        return EngineRun(answers.snapshot, answers.best, lambda: answers.furthest)

    @cached_property
    def _territories(self) -> dict[str, Territory]:
        return {territory.id: territory for territory in self.answers.programme.territories}

    def question(self, territory: str, request: Mapping[str, str | None]) -> Question:
        number = self.answers.number(territory)
        return Question(self._territories[territory], number, request, {NONE: Trial(self._now, number)})

    def furthest(self) -> dict[str, str]:
        """Return for each territory the session that comes furthest beside the one that it can be offered now."""
        frames = self._now.snapshot.frames
        stages = {stage: place for place, stage in enumerate(STAGES)}
        far = pl.col("stage").replace_strict(stages, default=len(stages), return_dtype=pl.Int8)
        best = (
            self._now.furthest.join(self._now.first.filter(~pl.col("postponed")), on=["t", "s"], how="anti")
            .with_columns(far=far, postponed=pl.when(pl.col("stage").is_null()).then("postponed"))
            .sort("t", "far", "postponed", "score", "s", descending=[False, True, False, True, False])
            .unique("t", keep="first", maintain_order=True)
        )
        territories, sessions = frames.territories["territory"], frames.sessions["session"]
        return dict(zip(territories.gather(best["t"]), sessions.gather(best["s"]), strict=True))

    def run(self, sets: Iterable[tuple[Question, Moves]]) -> None:
        together: dict[_Shared, list[tuple[Question, Moves]]] = {}
        for question, moves in sets:
            if moves not in question.trials:
                together.setdefault(self._shared(question, union(moves), moves), []).append((question, moves))
        for shared, trials in together.items():
            for start in range(0, len(trials), _MOST_WORLDS):
                self._run(shared, trials[start : start + _MOST_WORLDS])

    def explain(self, sets: Iterable[tuple[Question, Moves]]) -> None:
        """Find how candidates stand after sets of moves that were tried, where it isn't known yet."""
        together: dict[EngineRun, list[tuple[Question, Moves]]] = {}
        for question, moves in sets:
            if moves not in question.standings:
                together.setdefault(question.trials[moves].run, []).append((question, moves))
        for run, trials in together.items():
            furthest, first = (frame.partition_by("t", as_dict=True) for frame in (run.furthest, run.first))
            numbers = [(question.trials[moves].number,) for question, moves in trials]
            cases = [
                Contest(self.answers, run.snapshot, furthest[number], first.get(number, run.first[:0]))
                for number in numbers
            ]
            stands = standings(cases, [question.request for question, _ in trials])
            for (question, moves), standing in zip(trials, stands, strict=True):
                question.standings[moves] = standing

    def _shared(self, question: Question, changes: Changes, moves: Moves) -> _Shared:
        actors = frozenset(move for move in moves if move.changes.with_partners or move.changes.with_trainers)
        on, now = changes.on or self.answers.on, self._events_now
        events = {(question.number, row.session, row.date) for row in changes.with_attendances}
        return _Shared(actors, on, self._follow_ups(question, changes), len(events - now))

    @cached_property
    def _events_now(self) -> set[tuple[int, str, dt.date]]:
        """Who attends what on the day: another attendance is then no event of its own."""
        frames = self._now.snapshot.frames
        came = frames.attendances.filter(date=self.answers.on).join(frames.sessions, on="s")
        return set(came.select("t", "session", "date").iter_rows())

    def _run(self, shared: _Shared, trials: Sequence[tuple[Question, Moves]]) -> None:
        now = self._now.snapshot
        day = offers.Snapshot(self._with_actors(shared.actors, shared.on), shared.on, shared.follow_ups, now.extra)
        places = [question.number for question, _ in trials]
        worlds = apart(day, places, self._rows(trials), shared.more)
        first = day.frames.territories.height
        run = EngineRun.of(worlds, self.answers.policy, worlds.frames.territories[first : first + len(places)])
        for number, (question, moves) in enumerate(trials, first):
            question.trials[moves] = Trial(run, number)

    def _follow_ups(self, question: Question, changes: Changes) -> FollowUps:
        """Return the graph given, or the one learned on the day from what was attended by then."""
        own, now = self.answers.graph, self._now.snapshot.follow_ups
        if own is not None:
            return own
        sessions = {row.session for row in changes.with_attendances}
        if changes.on is None and sessions <= self._teaching_nothing:
            return now
        key = question.territory.id if sessions else None, *sorted(sessions), changes.on
        if key not in self._graphs:
            more = [(question.territory.id, row.session, row.date) for row in changes.with_attendances]
            history = pl.concat([self._history, pl.DataFrame(more, schema=self._history.schema, orient="row")])
            graph = FollowUps.learned(self.answers.programme.catalogue, history, changes.on or self.answers.on)
            # Graphs that say the same are one, so that trials run together.
            self._graphs[key] = self._graphs.setdefault(tuple(graph.edges().iter_rows()), graph)
        return self._graphs[key]

    @cached_property
    def _teaching_nothing(self) -> set[str]:
        """Sessions of which one attendance more, on the day, changes nothing in what is learned.

        Nothing leads to them, what they lead to takes time, and somebody attended them already.
        """
        edges = self.answers.programme.catalogue.follow_ups
        frames = self._now.snapshot.frames
        past = set(frames.sessions["session"].gather(self._now.snapshot.attendances["s"].unique()))
        return past - {edge.target for edge in edges} - {edge.source for edge in edges if not edge.lag_days}

    @cached_property
    def _history(self) -> pl.DataFrame:
        return attended(self.answers.programme)

    def _with_actors(self, actors: Moves, on: dt.date) -> offers.Frames:
        now, programme = self._now.snapshot.frames, offers.seen_on(self.answers.programme, on)
        if not actors:
            return now if on == self.answers.on else offers.frames_of(programme)
        if (actors, on) not in self._frames:
            after = apply(programme.model_copy(update={"needs": ()}), union(actors))
            self._frames[actors, on] = replace(offers.prepare(after, lexicon_of(programme)), needs=now.needs)
        return self._frames[actors, on]

    def _rows(self, trials: Sequence[tuple[Question, Moves]]) -> tuple[pl.DataFrame, ...]:
        """Return the needs, attendances and decisions that trials add, as rows of the frames with their ``trial``."""
        frames, home = self._now.snapshot.frames, self._home
        sessions, axes = self._numbers
        worlds = [(world, question.number, union(moves)) for world, (question, moves) in enumerate(trials)]
        needs = [
            (
                *(world, *home(need.collectivity, t), sessions[need.workshop], axes[need.workshop, need.axis]),
                *(offers.STATED, need.date, need.people, need.axis is not None),
            )
            for world, t, changes in worlds
            for need in changes.with_needs
            if need.workshop is not None
        ]
        came = [
            (
                *(world, *home(row.collectivity, t), sessions[row.session], None, row.date),
                *(row.elected, row.technicians, row.rating),
            )
            for world, t, changes in worlds
            for row in changes.with_attendances
        ]
        said = [
            (
                *(world, row.collectivity, row.session, row.date, row.event, row.why),
                *(home(row.collectivity, t)[0], sessions[row.session]),
            )
            for world, t, changes in worlds
            for row in changes.with_decisions
            if row.collectivity is not None and row.session is not None
        ]
        return tuple(
            pl.DataFrame(rows, schema={"trial": pl.UInt32, **frame.schema}, orient="row")
            for frame, rows in ((frames.needs, needs), (frames.attendances, came), (frames.decisions, said))
        )

    @cached_property
    def _numbers(self) -> tuple[dict[str, int], dict[tuple[str, str | None], int]]:
        frames = self._now.snapshot.frames
        axes = frames.axes.select("session", "axis", "x").iter_rows()
        return dict(frames.sessions.select("session", "s").iter_rows()), {(s, axis): x for s, axis, x in axes}

    @cached_property
    def _members(self) -> list[str]:
        """The collectivities of territories, in the order of their numbers ``c``."""
        return sorted(member for territory in self.answers.programme.territories for member in territory.members)

    def _home(self, collectivity: str, number: int) -> tuple[int, int, int]:
        return bisect_left(self._members, collectivity), number, self._now.snapshot.frames.territories["z"][number]


def apart(
    snapshot: offers.Snapshot, places: Sequence[int], rows: tuple[pl.DataFrame, ...], more: int
) -> offers.Snapshot:
    """Return the day with one more territory for each world, numbered in their order from the last territory on.

    Only they can be recommended for: the others are there as neighbours. Worlds are numbered from 0 (``trial``):
    ``places`` are their territories (``t``), ``rows`` the needs, attendances and decisions that the moves add to those
    of the frames, and ``more`` how many events (a territory at a session on a day) the moves of each add.
    """
    frames, extra = snapshot.frames, snapshot.extra
    needs, attendances, decisions = rows
    worlds = _worlds(frames, places)
    copies, came = _copies(frames.needs, worlds, needs), _copies(frames.attendances, worlds, attendances)
    people = pl.concat([copies.select("trial", "c"), came.select("trial", "c")]).unique().sort("trial", "c")
    people = people.with_row_index("new_c", frames.collectivities)
    said = pl.concat([people.select("trial", "c").join(frames.decisions, on="c").select(decisions.columns), decisions])
    said = said.join(people, on=["trial", "c"]).with_columns(c="new_c")
    homes = worlds.with_columns(t="new_t", z="new_z").select(frames.territories.columns)
    parts = replace(
        frames,
        territories=pl.concat([frames.territories, homes]),
        needs=pl.concat([frames.needs, _in_worlds(copies, worlds, people).select(frames.needs.columns)]),
        attendances=pl.concat(
            [frames.attendances, _in_worlds(came, worlds, people).select(frames.attendances.columns)]
        ),
        decisions=pl.concat([frames.decisions, said.select(frames.decisions.columns)]),
        replies=pl.concat([frames.replies, _of_homes(frames.replies, worlds)]),
        near=pl.concat([frames.near, _near(frames, worlds)]),
        reach=_of_homes(frames.reach, worlds),
        collectivities=frames.collectivities + people.height,
    )
    if extra is not None:
        # The user's columns can have any name but this one.
        extra = worlds.select("t", pl.col("new_t").alias("t'")).join(extra, on="t").drop("t").rename({"t'": "t"})
    # Copies of people, of events and of ratings would count twice.
    whole = offers.Whole.of(snapshot)
    alone = replace(whole, totals=whole.totals.with_columns(pl.col("served") + more))
    return offers.Snapshot(parts, snapshot.on, snapshot.follow_ups, extra, alone)


def _worlds(frames: offers.Frames, places: Sequence[int]) -> pl.DataFrame:
    """Return the territory of each world, with the numbers ``new_t`` and ``new_z`` that it has there."""
    number = pl.col("trial")
    return (
        pl.DataFrame({"t": places}, schema={"t": pl.UInt32})
        .with_row_index("trial")
        .join(frames.territories, on="t", maintain_order="left")
        .with_columns(
            new_t=number + frames.territories.height,
            new_z=number + frames.territories["z"].n_unique(),
        )
    )


def _of_homes(facts: pl.DataFrame, worlds: pl.DataFrame) -> pl.DataFrame:
    """Return the facts of the territory of each world, numbered as it is there."""
    rows = worlds.select("t", "new_t").join(facts, on="t", maintain_order="left_right")
    return rows.with_columns(t="new_t").select(facts.columns)


def _copies(facts: pl.DataFrame, worlds: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    copies = worlds.select("trial", "z").join(facts, on="z").select("trial", *facts.columns)
    return pl.concat([copies, new.select(copies.columns)])


def _in_worlds(facts: pl.DataFrame, worlds: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Give facts the numbers of their world; the neighbours of one square keep that of their territory."""
    here = worlds.select("trial", "new_t", "new_z", home="t")
    return (
        facts.join(here, on="trial")
        .join(people, on=["trial", "c"])
        .with_columns(t=pl.when(pl.col("t") == pl.col("home")).then("new_t").otherwise("t"), z="new_z", c="new_c")
    )


def _near(frames: offers.Frames, worlds: pl.DataFrame) -> pl.DataFrame:
    """Return the squares near that of each world, which is its own neighbour."""
    here = pl.when(pl.col("z_near") == pl.col("z")).then("new_z").otherwise("z_near")
    return worlds.select("z", "new_z").join(frames.near, on="z").select(z="new_z", z_near=here).sort("z", "z_near")
