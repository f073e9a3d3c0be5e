"""The follow-up graph: which session leads to which, how probably, and what the history says of each edge."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import _arguments as given
from prai_match._later import Later
from prai_match.files import put
from prai_match.model import Catalogue, ProgrammeData
from prai_match.text import Shown

if TYPE_CHECKING:
    import networkx as nx
else:
    nx = Later("networkx")


STRENGTH = 10.0
"""How many observed territories the declared probability is worth."""
_ENOUGH_LAGS = 5


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
class FollowUps(Shown):
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
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> from prai_match.followups import attended
            >>> prog = Programme.example()
            >>> graph = FollowUps.learned(prog.catalogue, attended(prog), dt.date(2007, 9, 3))
            >>> graph.edges().filter(source="buffet_demat", target="dematerialisation")["count", "support"].row(0)
            (13, 32)
        """
        return cls.counted(catalogue, tally(cls.declared(catalogue).edges(), attended, on), strength=strength)

    @classmethod
    @given.takes(counts=given.table("source", "target", "lag", "territories", "in_time"))
    def counted(cls, catalogue: Catalogue, counts: pl.DataFrame, *, strength: float = STRENGTH) -> FollowUps:
        """Return the declared graph corrected by what was counted (see `tally`), of each territory in one part only."""
        declared = cls.declared(catalogue)
        corrected = _probabilities(declared.edges(), counts, strength, ())
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
        following = (
            self._edges.filter(pl.col("source").is_in(sources), ~pl.col("target").is_in(sources))
            .sort("probability", "target", "source", descending=[True, False, False])
            .unique("target", keep="first", maintain_order=True)
            .select("target", "probability", "source", "support", "lag_days")
        )
        return tuple(NextSession(*step) for step in following.iter_rows())

    @given.takes(attended=given.keys)
    def pathway(self, target: str, attended: Iterable[str] = ()) -> Pathway | None:
        """Return the most probable way to ``target``, or None where nothing leads to it.

        It starts from one of the sessions attended or, where none leads there, from any session that nothing precedes.

        Raises:
            UnknownCodeError: A session is not in the graph.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> graph = Programme.example().follow_ups(dt.date(2007, 9, 3))
            >>> graph.pathway("teleservices", ["sig"]).sessions
            ('sig', 'teleservices')
        """
        starts = sorted(set(attended))
        given.all_known("session", (*starts, target), self.sessions)
        roots = [session for session, degree in self.graph.in_degree() if degree == 0]
        for sources in filter(None, (starts, roots)):
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
            put(path, file.read_bytes())


_EDGES: dict[str, type[pl.DataType]] = {"source": pl.String, "target": pl.String}
_EDGES |= {"prior": pl.Float64, "count": pl.Int64, "support": pl.Int64, "probability": pl.Float64, "lag_days": pl.Int64}


def graph_of(catalogue: Catalogue, edges: Iterable[Mapping[str, Any]]) -> FollowUps:
    """Return the graph over a catalogue's sessions that has these edges, as `FollowUps.edges` gives them."""
    return FollowUps(FollowUps.declared(catalogue).sessions, pl.DataFrame([*edges], _EDGES).sort("source", "target"))


def observed(
    edges: pl.DataFrame, attended: pl.DataFrame, on: dt.date, *, strength: float, by: Sequence[str] = ()
) -> pl.DataFrame:
    """Correct the edges by what was attended until ``on``, in each group ``by`` apart (see `tally`)."""
    return _probabilities(edges, tally(edges, attended, on, by), strength, by)


def tally(edges: pl.DataFrame, attended: pl.DataFrame, on: dt.date, by: Sequence[str] = ()) -> pl.DataFrame:
    """Count what followed what until ``on``; counts of parts that share no territory can be put one below the other.

    The edges have ``source``, ``target`` and ``lag_days`` (the usual lag); what was ``attended``, ``territory``,
    ``session``, ``date`` and the columns ``by`` that tell groups of territories. Counts have, in their order, one row a
    group, edge and lag: ``by``, ``source``, ``target``, ``lag`` (days; null: not followed), ``territories`` and
    ``in_time`` (those of them that followed, or had the usual lag to do so).
    """
    territory = [*by, "territory"]
    usual = edges.lazy().select("source", "target", usual="lag_days")
    past = attended.lazy().filter(pl.col("date") <= on)
    first = past.group_by(*territory, source="session").agg(pl.col("date").min())
    then = past.select(*territory, target="session", then="date")
    had_time = (pl.lit(on) - pl.col("date")).dt.total_days() >= pl.col("usual")
    return (
        first.join(usual, on="source")
        .join(then, on=[*territory, "target"], how="left")
        .with_columns(lag=(pl.col("then") - pl.col("date")).dt.total_days())
        .with_columns(lag=pl.when(pl.col("lag") > 0).then("lag"))
        .group_by(*territory, "source", "target")
        .agg(pl.col("lag").min(), pl.col("date", "usual").first())
        .group_by(*by, "source", "target", "lag")
        .agg(
            territories=pl.len().cast(pl.Int64),
            in_time=(pl.col("lag").is_not_null() | had_time).sum().cast(pl.Int64),
        )
        .sort(*by, "source", "target", "lag")
        .collect(engine="in-memory")
    )


def _probabilities(edges: pl.DataFrame, counts: pl.DataFrame, strength: float, by: Sequence[str]) -> pl.DataFrame:
    """Correct the edges by what was counted, as `FollowUps.learned` says; the lag is the median, once five followed.

    It has ``by``, ``source``, ``target``, ``count``, ``support``, ``probability`` and ``lag_days``, sorted, without the
    edges that nobody can have followed.
    """
    edge = [*by, "source", "target"]
    followers, lags = (pl.col(name).filter(pl.col("lag").is_not_null()) for name in ("territories", "lag"))
    # The lags in the middle of the sorted ones: one, or two whose mean is taken.
    middle = [lags.filter(followers.cum_sum() > (followers.sum() - less) // 2).first() for less in (1, 0)]
    usual = pl.when(pl.col("count") >= _ENOUGH_LAGS).then(pl.col("lag").round().cast(pl.Int64)).otherwise("lag_days")
    return (
        counts.lazy()
        .sort(*edge, "lag")
        .group_by(edge)
        .agg(count=followers.sum(), support=pl.sum("in_time"), lag=(middle[0] + middle[1]) / 2)
        .join(edges.lazy().select("source", "target", "prior", "lag_days"), on=["source", "target"])
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
