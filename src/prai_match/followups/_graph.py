"""The follow-up graph: which session leads to which, how probably, and what the history says of each edge."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from prai_match import _arguments as given, _later, calendar, files, text
from prai_match.followups._learning import ENOUGH_LAGS, Declared, History, learn
from prai_match.model import STRENGTH, Catalogue, ProgrammeData, once

if TYPE_CHECKING:
    import networkx as nx
else:
    nx = _later.Later("networkx")


@dataclass(frozen=True, slots=True)
class NextSession:
    """A session that can come next.

    Attributes:
        session: Its identifier.
        probability: That it follows, 0 to 1.
        source: The attended session that it follows with that probability.
        support: Territories observed for it.
        lag_days: Usual lag after the source, days.

    Example:
        >>> from prai_match import FollowUps, Programme
        >>> follow_ups = FollowUps.declared(Programme.example().catalogue)
        >>> follow_ups.next_sessions(["buffet_communication"])[0]
        NextSession(session='site_internet', probability=0.42, source='buffet_communication', support=0, lag_days=80)
    """

    session: str
    probability: float
    source: str
    support: int
    lag_days: int


@dataclass(frozen=True, slots=True)
class Pathway:
    """Sessions one after the other, the last one being the aim, and the probability of the whole way.

    Example:
        >>> from prai_match import FollowUps, Programme
        >>> FollowUps.declared(Programme.example().catalogue).pathway("site_internet", ["buffet_communication"])
        Pathway(sessions=('buffet_communication', 'site_internet'), probability=0.42)
    """

    sessions: tuple[str, ...]
    probability: float


@dataclass(frozen=True, eq=False)
class FollowUps(text.Shown):
    """A graph over buffets and workshops.

    Each edge has ``prior`` (declared probability), ``count`` (territories that followed it), ``support`` (territories
    that did, or had the time to), ``probability`` (the two together, smoothed) and ``lag_days`` (the usual lag). Of
    each buffet and workshop ``sessions`` has ``kind``, ``form``, ``name_fr`` and ``name_en``.

    Example:
        >>> from prai_match import Programme
        >>> follow_ups = FollowUps.declared(Programme.example().catalogue)
        >>> follow_ups.next_sessions(["buffet_communication"])[0].session
        'site_internet'
        >>> follow_ups.edges().filter(source="buffet_demat")["target", "probability"].rows()
        [('dematerialisation', 0.4), ('organisation_interne', 0.2), ('teleservices', 0.1)]
    """

    sessions: Mapping[str, Mapping[str, str]]
    _edges: pl.DataFrame

    @classmethod
    @given.takes()
    def declared(cls, catalogue: Catalogue) -> FollowUps:
        """Return the graph that the catalogue declares, before any history."""
        sessions = {
            each.id: {"kind": each.kind, "form": each.form, "name_fr": each.name.fr, "name_en": each.name.en}
            for each in sorted(catalogue.sessions, key=lambda session: session.id)
        }
        edges = [
            (each.source, each.target, each.prior, 0, 0, each.prior, each.lag_days) for each in catalogue.follow_ups
        ]
        return cls(sessions, pl.DataFrame(edges, _EDGES, orient="row").sort("source", "target"))

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The same as a graph of networkx, whose nodes and edges have what is known of them."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from((session, dict(known)) for session, known in self.sessions.items())
        graph.add_edges_from((edge.pop("source"), edge.pop("target"), edge) for edge in self._edges.to_dicts())
        return graph

    @classmethod
    @given.takes(attended=given.table("territory", "session", "date"))
    def learned(
        cls, catalogue: Catalogue, attended: pl.DataFrame, on: dt.date, *, strength: float = STRENGTH
    ) -> FollowUps:
        """Return the declared graph corrected by what was attended until ``on``.

        The probability of an edge is ``(count + strength × prior) / (support + strength)``. A territory counts in the
        support of an edge if it followed it, or had the usual lag to do so.

        Args:
            catalogue: What leads to what.
            attended: Columns ``territory``, ``session`` and ``date``.
            on: The day.
            strength: How many observed territories the declared probability is worth.

        Raises:
            ValueError: ``strength`` isn't above 0.

        Example:
            >>> from prai_match import Programme
            >>> from prai_match.followups import attended
            >>> prog = Programme.example()
            >>> graph = FollowUps.learned(prog.catalogue, attended(prog), "2007-09-03")
            >>> graph.edges().filter(source="buffet_demat", target="dematerialisation")["count", "support"].row(0)
            (13, 32)
        """
        return _corrected(cls.declared(catalogue), History.of(attended, catalogue), on, strength)

    @classmethod
    @given.takes(counts=given.table("source", "target", "lag", "territories", "in_time"))
    def counted(cls, catalogue: Catalogue, counts: pl.DataFrame, *, strength: float = STRENGTH) -> FollowUps:
        """Return the declared graph corrected by what was counted (see `tally`), of each territory in one part only."""
        declared = cls.declared(catalogue)
        corrected = _probabilities(declared.edges(), counts, strength)
        return cls(declared.sessions, declared.edges().update(corrected, on=["source", "target"]))

    def edges(self) -> pl.DataFrame:
        """Return the edges as a frame, sorted: source, target, prior, count, support, probability, lag_days."""
        return self._edges

    @given.takes(attended=given.keys)
    def next_sessions(self, attended: Iterable[str]) -> tuple[NextSession, ...]:
        """Return what can follow, the most probable first; what was attended is left out.

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

    @cached_property
    def _steps(self) -> tuple[NextSession, ...]:
        """Every follow-up, the most probable first, then the first codes."""
        steps = starmap(NextSession, self._edges["target", "probability", "source", "support", "lag_days"].rows())
        return tuple(sorted(steps, key=lambda step: (-step.probability, step.session, step.source)))

    @given.takes(attended=given.keys)
    def pathway(self, target: str, attended: Iterable[str] = ()) -> Pathway | None:
        """Return the most probable way to ``target``, or None where nothing leads to it.

        It starts from one of the sessions attended or, where none leads there, from any session that nothing precedes.

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
                # Lengths are surprises, -log(probability): the shortest way is the most probable.
                way: Any = nx.multi_source_dijkstra(
                    self.graph, sources, target, weight=lambda _source, _target, edge: -math.log(edge["probability"])
                )
            except nx.NetworkXNoPath:
                continue
            return Pathway(tuple(way[1]), math.exp(-way[0]))
        return None

    def to_json(self) -> dict[str, Any]:
        """Return the graph as node-link data, as networkx and d3 read it."""
        return dict(nx.node_link_data(self.graph, edges="edges"))

    @given.takes()
    def to_graphml(self, path: str | Path) -> None:
        """Write the graph as GraphML, as Gephi, yEd and Cytoscape read it.

        Raises:
            OSError: The file can't be written; what stood there is whole.
        """
        with TemporaryDirectory() as folder:
            # It compresses where the name says so.
            file = Path(folder, Path(path).name)
            nx.write_graphml(self.graph, file)
            files.put(path, file.read_bytes())


_EDGES: dict[str, type[pl.DataType]] = {"source": pl.String, "target": pl.String}
_EDGES |= {"prior": pl.Float64, "count": pl.Int64, "support": pl.Int64, "probability": pl.Float64, "lag_days": pl.Int64}


def graph_of(catalogue: Catalogue, edges: Iterable[Mapping[str, Any]]) -> FollowUps:
    """Return the graph over a catalogue's sessions that has these edges, as `FollowUps.edges` gives them."""
    return FollowUps(FollowUps.declared(catalogue).sessions, pl.DataFrame([*edges], _EDGES).sort("source", "target"))


def tally(edges: pl.DataFrame, attended: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """Count what followed what until ``on``; counts of parts that share no territory can be put one below the other.

    The edges have ``source``, ``target`` and ``lag_days`` (the usual lag); what was ``attended``, ``territory``,
    ``session`` and ``date``. Counts have, in their order, one row an edge and lag: ``source``, ``target``, ``lag``
    (days; null: not followed), ``territories`` and ``in_time`` (those of them that followed, or had the usual lag to do
    so).
    """
    past = attended.lazy().filter(pl.col("date") <= on)
    first = past.group_by("territory", source="session").agg(pl.col("date").min())
    had_time = (pl.lit(on) - pl.col("date")).dt.total_days() >= pl.col("usual")
    return (
        first.join(edges.lazy().select("source", "target", usual="lag_days"), on="source")
        .join(past.select("territory", target="session", then="date"), on=["territory", "target"], how="left")
        .with_columns(lag=(pl.col("then") - pl.col("date")).dt.total_days())
        .with_columns(lag=pl.when(pl.col("lag") > 0).then("lag"))
        .group_by("territory", "source", "target")
        .agg(pl.col("lag").min(), pl.col("date", "usual").first())
        .group_by("source", "target", "lag")
        .agg(territories=pl.len().cast(pl.Int64), in_time=(pl.col("lag").is_not_null() | had_time).sum().cast(pl.Int64))
        .sort("source", "target", "lag")
        .collect(engine="in-memory")
    )


def _probabilities(edges: pl.DataFrame, counts: pl.DataFrame, strength: float) -> pl.DataFrame:
    """Correct the edges by what was counted, as `FollowUps.learned` says; the lag is the median, once five followed.

    It has ``source``, ``target``, ``count``, ``support``, ``probability`` and ``lag_days``, sorted, without the edges
    that nobody can have followed.
    """
    edge = ["source", "target"]
    followers, lags = (pl.col(name).filter(pl.col("lag").is_not_null()) for name in ("territories", "lag"))
    # The lags in the middle of the sorted ones: one, or two whose mean is taken.
    middle = [lags.filter(followers.cum_sum() > (followers.sum() - less) // 2).first() for less in (1, 0)]
    usual = pl.when(pl.col("count") >= ENOUGH_LAGS).then(pl.col("lag").round().cast(pl.Int64)).otherwise("lag_days")
    return (
        counts.lazy()
        .sort(*edge, "lag")
        .group_by(edge)
        .agg(count=followers.sum(), support=pl.sum("in_time"), lag=(middle[0] + middle[1]) / 2)
        .join(edges.lazy().select(*edge, "prior", "lag_days"), on=edge)
        .select(
            *(*edge, "count", "support"),
            probability=(pl.col("count") + strength * pl.col("prior")) / (pl.col("support") + strength),
            lag_days=usual,
        )
        .sort(edge)
        .collect(engine="in-memory")
    )


def territory_of(programme: ProgrammeData) -> pl.DataFrame:
    """Return the territory of each collectivity: columns ``collectivity`` and ``territory``."""
    pairs = [(member, territory.id) for territory in programme.territories for member in territory.members]
    return pl.DataFrame(pairs, schema={"collectivity": pl.String, "territory": pl.String}, orient="row")


def attended(programme: ProgrammeData) -> pl.DataFrame:
    """Return who attended what: columns ``territory``, ``session`` and ``date``, one row an attendance."""
    attendances = programme.attendances.to_polars()
    return attendances.join(territory_of(programme), on="collectivity").select("territory", "session", "date")


def _corrected(graph: FollowUps, history: History, on: dt.date, strength: float) -> FollowUps:
    edges, places = graph.edges(), {session: place for place, session in enumerate(graph.sessions)}
    source, target = (np.array([places[each] for each in edges[name]], np.int64) for name in ("source", "target"))
    declared = Declared(source, target, edges["prior"].to_numpy(), edges["lag_days"].to_numpy())
    shape = (1, int(history.territories.max(initial=-1)) + 1, len(places))
    learned = learn(declared, history, calendar.day_number(on), shape, strength)
    names = zip(("count", "support", "probability", "lag_days"), learned, strict=True)
    return FollowUps(graph.sessions, edges.with_columns(pl.Series(name, values[0]) for name, values in names))


def follow_ups_of(programme: ProgrammeData, on: dt.date, strength: float = STRENGTH) -> FollowUps:
    """Return the follow-up graph learned from the history until ``on`` (see `Programme.follow_ups`)."""

    def make() -> tuple[FollowUps, History]:
        return FollowUps.declared(programme.catalogue), History.of(attended(programme), programme.catalogue)

    declared, history = once(programme, "followed", make, reads=("attendances", "territories", "catalogue"))
    return _corrected(declared, history, on, strength)
