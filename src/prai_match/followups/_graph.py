"""The follow-up graph: which session leads to which, with what probability, and the observations of each edge."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, permutations, starmap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from prai_match import _arguments as given, _later, calendar, files, text
from prai_match.followups._learning import Declared, Estimates, EventTimes, Floats, History, count, interval, learn
from prai_match.followups._steps import NextSession, Pathway
from prai_match.model import HORIZON_DAYS, LAG_DAYS, LONGEST_DAYS, READINGS, STRENGTH, Blackout, Catalogue, Reading

if TYPE_CHECKING:
    import networkx as nx
else:
    nx = _later.Later("networkx")


@dataclass(frozen=True, eq=False, repr=False)
class FollowUps(text.Shown):
    """A graph over buffets and workshops.

    Each edge has ``prior`` (the declared probability that the target ever follows), ``lag_days`` (the usual lag),
    ``support`` (territories that attended the source and could follow), ``count`` (those that did within
    ``horizon_days``) and ``probability``: that the target follows within ``horizon_days`` after the source, with its 95
    % interval, ``low`` to ``high``. ``sessions`` gives ``kind``, ``form``, ``name_fr`` and ``name_en`` of sessions.

    If territories have ``groups``, by code, each group has its own estimates, in which the overall estimates count as
    ``strength`` additional territories.

    If a catalogue of at most 40 sessions declares no follow-up, each session may lead to every other one, without a
    ``prior`` or a required lag. Instead of a declaration, the observations of all sources of the target count as
    ``strength`` territories; without a history, all sessions follow with the same probability.

    It has two readings. ``eventually``: the target follows, whatever comes in between. ``next``: it follows on the next
    day on which the territory attends anything. The default is ``eventually``.

    Example:
        >>> from prai_match import Programme
        >>> follow_ups = FollowUps.declared(Programme.example().catalogue)
        >>> follow_ups.next_sessions(["buffet_communication"])[0].session
        'site_internet'
        >>> follow_ups.edges().filter(source="buffet_demat")["target", "prior"].rows()
        [('dematerialisation', 0.4), ('organisation_interne', 0.2), ('teleservices', 0.1)]
    """

    sessions: Mapping[str, Mapping[str, str]]
    horizon_days: int
    strength: float
    groups: Mapping[str, str]
    _declared: pl.DataFrame
    _counts: pl.DataFrame

    @classmethod
    @given.takes(horizon_days=given.at_least(1, LONGEST_DAYS))
    def declared(cls, catalogue: Catalogue, *, horizon_days: int = HORIZON_DAYS) -> FollowUps:
        """Return the graph that the catalogue declares, before any history."""
        sessions = {
            each.id: {"kind": each.kind, "form": each.form, "name_fr": each.name.fr, "name_en": each.name.en}
            for each in sorted(catalogue.sessions, key=lambda session: session.id)
        }
        edges: list[Any] = [(each.source, each.target, each.prior, each.lag_days) for each in catalogue.follow_ups]
        if not edges and len(sessions) <= _MOST_ASSUMED:
            edges = [(*pair, None, None) for pair in permutations(sessions, 2)]
        declared = pl.DataFrame(edges, DECLARED, orient="row").sort("source", "target")
        return cls(sessions, horizon_days, STRENGTH, {}, declared, pl.DataFrame(schema=COUNTS))

    @classmethod
    @given.takes(
        attended=given.table("territory", "session", "date"),
        horizon_days=given.at_least(1, LONGEST_DAYS),
        blackouts=given.each(given.a(Blackout)),
        groups=given.optional(given.by_name(given.text)),
    )
    def learned(  # noqa: PLR0913 - all but three by keyword
        cls,
        catalogue: Catalogue,
        attended: pl.DataFrame,
        on: dt.date,
        *,
        strength: float = STRENGTH,
        horizon_days: int = HORIZON_DAYS,
        blackouts: Iterable[Blackout] = (),
        groups: Mapping[str, str] | None = None,
    ) -> FollowUps:
        """Return the declared graph corrected by the attendances until ``on``.

        The time that a territory takes from the source to the target is analysed as a time to an event. A territory is
        at risk from the first time that it attends the source, unless it attended the target by then, and is censored
        on the day ``on``. The probability of an edge is ``1 - (1 - h(1)) × (1 - h(2)) × … × (1 - h(horizon_days))``,
        where the hazard of day d after the source is ``h(d) = (strength × f(d) + those who followed on it) / (strength
        × s(d) + those who were at risk on it)``: the estimator of Kaplan and Meier, with ``strength`` additional
        territories that behave as declared (Susarla and Van Ryzin, Nonparametric Bayesian estimation of survival curves
        from incomplete observations, Journal of the American Statistical Association 71, 1976). Of these, the share
        ``s(d) = 1 - prior × (1 - 2^-((d - 1) / lag_days))`` has not followed before the day, and ``f(d) = s(d) - s(d +
        1)`` follows on it. Days of blackouts don't count.

        Args:
            catalogue: The catalogue with the declared follow-ups.
            attended: Columns ``territory``, ``session`` and ``date``.
            on: The day.
            strength: Weight of the declared probability, as a number of observed territories, at least a billionth.
            horizon_days: Number of days after the source within which the target follows.
            blackouts: Periods in which nothing can follow.
            groups: The group of each territory, by code; those without one get the overall estimates.

        Raises:
            ValueError: ``strength`` isn't above 0, or ``horizon_days`` isn't from 1 to 1,826.

        Example:
            >>> from prai_match import Programme
            >>> from prai_match.followups import attended
            >>> prog = Programme.example()
            >>> graph = FollowUps.learned(prog.catalogue, attended(prog), "2007-09-03")
            >>> graph.edges().filter(source="buffet_demat", target="dematerialisation")["count", "support"].row(0)
            (13, 32)
        """
        named = {code: group for code, group in (groups or {}).items() if group}
        graph = replace(cls.declared(catalogue, horizon_days=horizon_days), groups=named)
        return replace(graph, strength=strength, _counts=graph.tally(attended, on, blackouts))

    @classmethod
    @given.takes(
        counts=given.table("reading", "group", "source", "target", "days", "followed", "territories"),
        horizon_days=given.at_least(1, LONGEST_DAYS),
    )
    def counted(
        cls,
        catalogue: Catalogue,
        counts: pl.DataFrame,
        *,
        strength: float = STRENGTH,
        horizon_days: int = HORIZON_DAYS,
    ) -> FollowUps:
        """Return the declared graph corrected by counts (see `tally`), in which each territory is in one part only."""
        graph, in_time = cls.declared(catalogue, horizon_days=horizon_days), pl.col("days") <= LONGEST_DAYS
        days = {"days": pl.col("days").clip(0, LONGEST_DAYS), "followed": pl.col("followed") & in_time}
        return replace(graph, strength=strength, _counts=counts.select(*COUNTS).with_columns(**days))

    @cached_property
    def numbered(self) -> Declared:
        """The declarations of the edges, with the positions of their sessions."""
        places, edges = {session: place for place, session in enumerate(self.sessions)}, self._declared
        source, target = (np.array([places[each] for each in edges[name]], np.int64) for name in ("source", "target"))
        edges = edges.with_columns(
            pl.col("prior").fill_null(1 / max(1, len(places))), pl.col("lag_days").fill_null(LAG_DAYS)
        )
        return Declared(source, target, edges["prior"].to_numpy(), edges["lag_days"].to_numpy(), not self.is_declared)

    @property
    def is_declared(self) -> bool:
        """Whether the catalogue declares follow-ups."""
        return not self._declared["prior"].has_nulls()

    @given.takes(attended=given.table("territory", "session", "date"), blackouts=given.each(given.a(Blackout)))
    def tally(self, attended: pl.DataFrame, on: dt.date, blackouts: Iterable[Blackout] = ()) -> pl.DataFrame:
        """Count follow-ups until ``on``; counts of parts that share no territory can be concatenated.

        ``attended`` has ``territory``, ``session`` and ``date``. The result has, sorted, one row per reading, group
        (empty if none), edge, number of days and whether the target followed: ``reading``, ``group``, ``source``,
        ``target``, ``days`` (since the source, without those of blackouts), ``followed`` and ``territories``.
        """
        (codes, came), labels = History.of(attended, self.sessions), ["", *self.names_of_groups]
        groups = np.array([*map(self.way_of, codes)], np.int64) if self.groups else None
        shape = 1, len(codes), len(self.sessions)
        asked, frozen = (self.numbered, came, calendar.day_number(on), shape), tuple(blackouts)
        each = np.array([count(*asked, frozen, reading=reading, groups=groups) for reading in READINGS])
        reading, waits, group, e, days = where = np.nonzero(each)
        columns = {"r": reading, "g": group, "e": e.astype(np.uint32), "days": days, "followed": waits == 0}
        rows = pl.DataFrame(columns).with_columns(territories=pl.Series(each[where]))
        edges = self._declared.with_row_index("e")
        named = {
            name: pl.col(number).replace_strict(dict(enumerate(names)), return_dtype=pl.String)
            for name, number, names in (("reading", "r", READINGS), ("group", "g", labels))
        }
        return rows.join(edges, on="e").with_columns(**named).select(*COUNTS).sort(*COUNTS)

    @cached_property
    def names_of_groups(self) -> tuple[str, ...]:
        """The names of the groups, sorted."""
        return tuple(sorted(set(self.groups.values())))

    @cached_property
    def estimates(self) -> Estimates:
        """The estimates of the edges, in their order, for all territories and then for each group, as for worlds."""
        return self._learned("eventually")

    @cached_property
    def next_estimates(self) -> Estimates:
        """The estimates by the reading ``next``."""
        return self._learned("next")

    def _learned(self, reading: Reading) -> Estimates:
        names, edges = ("source", "target"), self._declared.with_row_index("e")
        labels = ["", *self.names_of_groups]
        rows = self._counts.filter(reading=reading).join(edges.select("e", *names), on=names)
        rows = rows.with_columns(g=pl.col("group").replace_strict(labels, range(len(labels)), return_dtype=pl.Int64))
        times = EventTimes(*np.zeros((2, len(labels), edges.height, LONGEST_DAYS + 1), np.int64))
        for array, has_followed in zip(times, (True, False), strict=True):
            g, e, days, territories = rows.filter(followed=has_followed)["g", "e", "days", "territories"].to_numpy().T
            np.add.at(array, (g, e, days), territories)
        return learn(self.numbered, times, self.horizon_days, self.strength, by_group=len(labels) > 1)

    @property
    def chances(self) -> Floats:
        """Probability that a territory that hasn't yet followed does so within the horizon: edges × days.

        Days are counted since the source was attended, without those of blackouts. For a territory that has waited d
        days, the territories that had waited longer count. As they are few, n, the probability is the mean of theirs,
        with weight n, and of the initial one, with weight ``strength``.
        """
        return np.asarray(self.estimates.chances[0])

    @cached_property
    def _edges(self) -> pl.DataFrame:
        return self._table(self.estimates, 0)

    def _table(self, estimates: Estimates, world: int) -> pl.DataFrame:
        counts, supports, lags, chances, errors = estimates
        low, high = interval(chances[..., 0], errors)
        columns = {"count": counts, "support": supports, "probability": chances[..., 0]}
        columns |= {"low": low, "high": high, "lag_days": lags}
        known = (pl.Series(name, values[world]) for name, values in columns.items())
        return self._declared.select("source", "target", "prior").with_columns(known)

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The graph as a networkx graph, with all data as attributes of nodes and edges."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from((session, dict(known)) for session, known in self.sessions.items())
        graph.add_edges_from((edge.pop("source"), edge.pop("target"), edge) for edge in self._edges.to_dicts())
        return graph

    def __repr__(self) -> str:
        counts = f"{len(self.sessions)} sessions, {self._declared.height} follow-ups"
        return f"<FollowUps: {counts}, within {self.horizon_days} days>"

    @given.takes(reading=given.one_of(READINGS), group=given.optional(given.text))
    def edges(self, reading: Reading = "eventually", *, group: str | None = None) -> pl.DataFrame:
        """Return the edges, sorted: source, target, prior, count, support, probability, low, high, lag_days.

        Args:
            reading: ``eventually`` or ``next``.
            group: The group whose estimates are returned; None means those of all territories.

        Raises:
            UnknownCodeError: The group doesn't exist.
        """
        if group is not None:
            given.known_among("group", group, self.names_of_groups)
        elif reading == "eventually":
            return self._edges
        return self._table(self._read(reading), self._number_of(group))

    def _read(self, reading: Reading) -> Estimates:
        return self.estimates if reading == "eventually" else self.next_estimates

    def _number_of(self, group: str | None) -> int:
        """Return the position of a group among the estimates; 0 is that of all territories."""
        return 0 if group is None else self.names_of_groups.index(group) + 1

    def way_of(self, territory: str) -> int:
        """Return the position of the estimates that apply to a territory."""
        return self._number_of(self.groups.get(territory))

    @given.takes(reading=given.one_of(READINGS))
    def outranking(self, reading: Reading = "eventually") -> pl.DataFrame:
        """Return the edges that are more probable than a step in between, which is therefore proposed after the target.

        One row per edge and such a step, sorted: ``source``, ``middle``, ``target``, ``probability`` of the target and
        ``step``, the probability of the middle.

        Example:
            >>> from prai_match import FollowUps, Programme
            >>> FollowUps.declared(Programme.example("occitanie_2026").catalogue).outranking().row(0)[:3]
            ('buffet_services', 'presence_en_ligne', 'inclusion_numerique')
        """
        edges = self.edges(reading).select("source", "target", "probability")
        steps = edges.rename({"target": "middle", "probability": "step"})
        return (
            steps.join(edges.select(middle="source", target="target"), on="middle")
            .join(edges, on=["source", "target"])
            .filter(pl.col("probability") > pl.col("step"))
            .select("source", "middle", "target", "probability", "step")
            .sort("source", "middle", "target")
        )

    @given.takes(attended=given.keys)
    def next_sessions(self, attended: Iterable[str]) -> tuple[NextSession, ...]:
        """Return the sessions that can follow, the most probable first, without those attended.

        Raises:
            UnknownCodeError: A session is not in the graph.
        """
        sources = set(attended)
        given.all_known("session", sorted(sources), self.sessions)
        best: dict[str, NextSession] = {}
        for step in self._steps:
            if step.source in sources and step.session not in sources:
                best.setdefault(step.session, step)
        return tuple(best.values())

    @given.takes(
        attended=given.table("territory", "session", "date"),
        blackouts=given.each(given.a(Blackout)),
        reading=given.one_of(READINGS),
    )
    def probabilities(
        self,
        attended: pl.DataFrame,
        on: dt.date,
        blackouts: Iterable[Blackout] = (),
        *,
        reading: Reading = "eventually",
    ) -> pl.DataFrame:
        """Return the probability of each follow-up of what each territory attended by a day, within the horizon.

        One row per territory and session that it hasn't attended, sorted: ``territory``, ``session``, ``source`` (the
        session that it most probably follows), ``days`` since the source was first attended, without those of
        blackouts, and ``probability``.

        Args:
            attended: Columns ``territory``, ``session`` and ``date``.
            on: The day.
            blackouts: Periods in which nothing can follow.
            reading: ``eventually`` counts everything attended as a source; ``next`` only those of the last day.

        Example:
            >>> from prai_match import Programme
            >>> from prai_match.followups import attended
            >>> prog = Programme.example()
            >>> follow = prog.follow_ups("2007-09-03").probabilities(attended(prog), "2007-09-03")
            >>> follow.filter(territory="200066231", session="dematerialisation")["source", "days"].row(0)
            ('buffet_demat', 216)
        """
        past = attended.filter(pl.col("date") <= on)
        last = past.filter(pl.col("date") == pl.col("date").max().over("territory")).select(*_CELL, "date").unique()
        first = past.group_by("territory", "session").agg(pl.col("date").min()) if reading == "eventually" else last
        edges = self._declared.with_row_index("e").select("e", "source", session="target")
        rows = first.rename({"session": "source"}).join(edges, on="source").join(past, on=_CELL, how="anti")
        days = calendar.days_between(calendar.day_numbers(rows["date"]), np.array(calendar.day_number(on)), blackouts)
        own = [self.way_of(code) for code in rows["territory"].to_list()]
        chances = self._read(reading).chances[own, rows["e"].to_numpy(), np.minimum(days, LONGEST_DAYS)]
        return (
            rows.select(*_CELL, "source", days=pl.Series(days), probability=pl.Series(chances))
            .sort(*_CELL, "probability", "source", descending=[False, False, True, False])
            .unique(_CELL, keep="first", maintain_order=True)
        )

    @cached_property
    def _steps(self) -> tuple[NextSession, ...]:
        """All follow-ups, the most probable first; ties are sorted by code."""
        steps = starmap(
            NextSession, self._edges["target", "probability", "source", "low", "high", "support", "lag_days"].rows()
        )
        return tuple(sorted(steps, key=lambda step: (-step.probability, step.session, step.source)))

    @given.takes(attended=given.keys)
    def pathway(self, target: str, attended: Iterable[str] = ()) -> Pathway | None:
        """Return the most probable pathway to ``target``, or None if nothing leads to it.

        It starts from one of the sessions attended or, if none leads there, from any session without a predecessor.

        Raises:
            UnknownCodeError: A session is not in the graph.

        Example:
            >>> from prai_match import Programme
            >>> graph = Programme.example().follow_ups("2007-09-03")
            >>> graph.pathway("teleservices", ["sig"]).sessions
            ('sig', 'teleservices')
        """
        starts = sorted(set(attended))
        given.all_known("session", (*starts, target), self.sessions)
        for sources in filter(None, (starts, [session for session, degree in self.graph.in_degree() if degree == 0])):
            try:
                # Edge lengths are -log(probability): the shortest path is the most probable.
                way: Any = nx.multi_source_dijkstra(
                    self.graph, sources, target, weight=lambda _source, _target, edge: -math.log(edge["probability"])
                )
            except nx.NetworkXNoPath:
                continue
            return self._pathway(way[1])
        return None

    def _pathway(self, sessions: Sequence[str]) -> Pathway:
        """Return the pathway over sessions, whose probability is the product of those of its steps."""
        rows = {step: row for row, step in enumerate(self._declared["source", "target"].rows())}
        if not (steps := [rows[step] for step in pairwise(sessions)]):
            return Pathway(tuple(sessions), 1.0, 1.0, 1.0)
        chances, errors = self.chances[steps, 0], self.estimates.errors[0, steps]
        whole = chances.prod()
        error = np.hypot.reduce(errors * (1 - chances) / chances) * whole / (1 - whole)
        low, high = interval(whole, error)
        return Pathway(tuple(sessions), float(whole), float(low), float(high))

    def to_json(self) -> dict[str, Any]:
        """Return the graph as node-link data, which networkx and d3 read."""
        return dict(nx.node_link_data(self.graph, edges="edges"))

    @given.takes()
    def to_graphml(self, path: str | Path) -> None:
        """Write the graph as GraphML, which Gephi, yEd and Cytoscape read.

        Raises:
            OSError: The file can't be written; an existing file is unchanged.
        """
        with TemporaryDirectory() as folder:
            # networkx compresses if the file name says so.
            file = Path(folder, Path(path).name)
            nx.write_graphml(self.graph, file)
            files.put(path, file.read_bytes())


_MOST_ASSUMED = 40  # sessions: so that pairs times days fit into memory
_CELL = ["territory", "session"]
_EDGE: dict[str, type[pl.DataType]] = {"source": pl.String, "target": pl.String}
DECLARED = _EDGE | {"prior": pl.Float64, "lag_days": pl.Int64}
COUNTS: dict[str, type[pl.DataType]] = (
    {"reading": pl.String, "group": pl.String}
    | _EDGE
    | {"days": pl.Int64, "followed": pl.Boolean, "territories": pl.Int64}
)
