"""The engine run with sets of moves, for one territory: only what the moves change is prepared again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import polars as pl

from prai_match import explain, recommend
from prai_match.explain._needed import combined
from prai_match.followups import FollowUps, attended
from prai_match.recommend._frames import STATED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match._programme import Programme
    from prai_match._recommendations import Recommendations
    from prai_match.explain import Changes, WhyNot
    from prai_match.explain._needed import Move
    from prai_match.model import Lang, Territory
    from prai_match.policy import Policy

Moves = frozenset["Move"]

_KEYS = {"session": ("sessions", "s"), "partner": ("partners", "p"), "trainer": ("trainers", "r")}


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """What the engine said: the day, and what comes first (see `recommend.Ranking`), in one row at most."""

    snapshot: recommend.Snapshot
    best: pl.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """The engine for one territory, with what it already said kept.

    Attributes:
        programme: What was recommended for.
        snapshot: The day.
        policy: The rules.
        given: The follow-up graph, where one was given; None: it is learned.
        territory: The territory.
        asked: Identifiers of the session, the relay and the trainer asked about.
        names: Names of sessions, relays and trainers, by identifier.
    """

    programme: Programme
    snapshot: recommend.Snapshot
    policy: Policy
    given: FollowUps | None
    territory: Territory
    asked: Mapping[str, str | None]
    names: Mapping[Lang, Mapping[str, str]]
    _trials: dict[Moves, _Trial] = field(default_factory=dict)
    _frames: dict[Moves, recommend.Frames] = field(default_factory=dict)

    @classmethod
    def of(cls, recs: Recommendations, territory: str, asked: Mapping[str, str | None]) -> Self:
        """Return the engine as it ran for recommendations."""
        programme, snapshot, given = recs._programme, recs._snapshot, recs._given  # noqa: SLF001 - the façade's own
        names: dict[Lang, Mapping[str, str]] = {"fr": recs.names("fr"), "en": recs.names("en")}
        its = next(each for each in programme.territories if each.id == territory)
        engine = cls(programme, snapshot, recs.policy, given, its, asked, names)
        best = recs._ranking.ranked.filter(pl.col("t") == engine._chosen["t"].item(), rank=1)  # noqa: SLF001 - as above
        engine._trials[frozenset()] = _Trial(snapshot, best)
        return engine

    @property
    def tried(self) -> int:
        """How many sets of moves were tried."""
        return len(self._trials) - 1

    def score(self, moves: Moves) -> float | None:
        """Return the score of the recommendation after the moves; None: it isn't the candidate."""
        trial = self._trial(moves)
        best = trial.best.filter(~pl.col("postponed"))
        if best.is_empty():
            return None
        for name, code in self.asked.items():
            table, number = _KEYS[name]
            known = getattr(trial.snapshot.frames, table)[name]
            if code is not None and known[best[number][0]] != code:
                return None
        return float(best["score"][0])

    def why_not(self, moves: Moves) -> WhyNot:
        """Explain the candidate as it stands after the moves.

        Raises:
            UnknownCodeError: The session, the relay or the trainer asked about isn't known.
        """
        trial = self._trial(moves)
        furthest = recommend.furthest(trial.snapshot, self.policy, self._chosen)
        # The names of those who come along with a move are nobody's to read.
        codes = [*trial.snapshot.frames.partners["partner"], *trial.snapshot.frames.trainers["trainer"]]
        names = {lang: dict.fromkeys(codes, "") | dict(known) for lang, known in self.names.items()}
        case = explain.Case(self.programme, trial.snapshot, self.policy, furthest, trial.best, None, names)
        session, partner, trainer = (self.asked[name] for name in _KEYS)
        return explain.why_not(case, session=session, axis=None, partner=partner, trainer=trainer, lang="fr")

    @property
    def _chosen(self) -> pl.DataFrame:
        return self.snapshot.frames.territories.filter(territory=self.territory.id)

    def _trial(self, moves: Moves) -> _Trial:
        if moves not in self._trials:
            changes = combined(moves)
            frames = self._with_rows(self._with_actors(moves), changes)
            on = changes.on or self.snapshot.on
            snapshot = recommend.Snapshot(frames, on, self._follow_ups(changes), self.snapshot.extra)
            self._trials[moves] = _Trial(snapshot, recommend.rank(snapshot, self.policy, 1, self._chosen).ranked)
        return self._trials[moves]

    def _follow_ups(self, changes: Changes) -> FollowUps:
        """Return the graph given, or the one learned on the day from what was attended by then."""
        if self.given is not None:
            return self.given
        if changes.on is None and not changes.add_attendances:
            return self.snapshot.follow_ups
        programme = self.programme
        territory = self.territory.id
        more = [(territory, row.session, row.date) for row in changes.add_attendances]
        before = attended(programme)
        history = pl.concat([before, pl.DataFrame(more, schema=before.schema, orient="row")])
        return FollowUps.learned(programme.catalogue, history, changes.on or self.snapshot.on)

    def _with_actors(self, moves: Moves) -> recommend.Frames:
        """Return the frames with the relays and trainers of the moves, prepared once for each set of these."""
        own = frozenset(move for move in moves if move.changes.add_partners or move.changes.add_trainers)
        if not own:
            return self.snapshot.frames
        if own not in self._frames:
            after = self.programme.changed(combined(own)).model_copy(update={"needs": ()})
            prepared = recommend.prepare(after, self.programme.lexicon)
            self._frames[own] = replace(prepared, needs=self.snapshot.frames.needs)
        return self._frames[own]

    def _with_rows(self, frames: recommend.Frames, changes: Changes) -> recommend.Frames:
        """Return the frames with needs and attendances added: no table but theirs depends on them."""
        if not (changes.add_needs or changes.add_attendances):
            return frames
        members = sorted(member for territory in self.programme.territories for member in territory.members)
        here = self._chosen.select("t", "z").row(0)
        sessions = dict(frames.sessions.select("session", "s").iter_rows())
        axes = {(session, axis): x for session, axis, x in frames.axes.select("session", "axis", "x").iter_rows()}
        needs = [
            (
                *(members.index(row.collectivity), *here, sessions[row.workshop], axes[row.workshop, row.axis]),
                *(STATED, row.date, row.people, row.axis is not None),
            )
            for row in changes.add_needs
            if row.workshop is not None
        ]
        came = [
            (
                *(members.index(row.collectivity), *here, sessions[row.session], row.date),
                *(row.elected, row.technicians, row.rating),
            )
            for row in changes.add_attendances
        ]
        return replace(frames, needs=_more(frames.needs, needs), attendances=_more(frames.attendances, came))


def _more(frame: pl.DataFrame, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.concat([frame, pl.DataFrame(rows, schema=frame.schema, orient="row")])
