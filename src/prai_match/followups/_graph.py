"""The follow-up graph: which session leads to which, how probably, and how we know."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import _arguments as given
from prai_match.errors import UnknownCodeError, nearest
from prai_match.files import put
from prai_match.followups._counts import probabilities, tally
from prai_match.model import Catalogue
from prai_match.text import Shown

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    import networkx as nx


STRENGTH = 10.0
"""How many observed territories the declared probability is worth."""


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

    Each edge of ``graph`` has ``prior`` (declared probability), ``count`` (territories that followed it), ``support``
    (territories that did, or had the time to), ``probability`` (the two together, smoothed) and ``lag_days`` (the
    usual lag).

    Example:
        >>> from prai_match import Programme
        >>> follow_ups = FollowUps.declared(Programme.example().catalogue)
        >>> follow_ups.next_sessions(["buffet_communication"])[0].session
        'site_internet'
    """

    graph: nx.DiGraph[str]

    @classmethod
    @given.takes(catalogue=given.a(Catalogue))
    def declared(cls, catalogue: Catalogue) -> FollowUps:
        """Return the graph that the catalogue declares, before any history.

        Example:
            >>> from prai_match import Programme
            >>> graph = FollowUps.declared(Programme.example().catalogue)
            >>> graph.edges().filter(source="buffet_demat")["target", "probability"].rows()
            [('dematerialisation', 0.4), ('organisation_interne', 0.2), ('teleservices', 0.1)]
        """
        import networkx as nx  # noqa: PLC0415 - as long to import as all the rest

        graph: nx.DiGraph[str] = nx.DiGraph()
        for session in sorted(catalogue.sessions, key=lambda session: session.id):
            graph.add_node(session.id, kind=session.kind, name_fr=session.name.fr, name_en=session.name.en)
        for edge in sorted(catalogue.follow_ups, key=lambda edge: (edge.source, edge.target)):
            observed = {"count": 0, "support": 0, "probability": edge.prior, "lag_days": edge.lag_days}
            graph.add_edge(edge.source, edge.target, prior=edge.prior, **observed)
        return cls(graph)

    @classmethod
    @given.takes(
        catalogue=given.a(Catalogue),
        attended=given.table("territory", "session", "date"),
        on=given.day,
        strength=given.between(0, but=(0,)),
    )
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
    @given.takes(
        catalogue=given.a(Catalogue),
        strength=given.between(0, but=(0,)),
        counts=given.table("source", "target", "lag", "territories", "in_time"),
    )
    def counted(cls, catalogue: Catalogue, counts: pl.DataFrame, *, strength: float = STRENGTH) -> FollowUps:
        """Return the declared graph corrected by what was counted (see `tally`), of each territory in one part only."""
        graph = cls.declared(catalogue).graph
        for edge in probabilities(cls(graph).edges(), counts, strength, ()).iter_rows(named=True):
            graph.edges[edge.pop("source"), edge.pop("target")].update(edge)
        return cls(graph)

    def edges(self) -> pl.DataFrame:
        """Return the edges as a frame, sorted: source, target, prior, count, support, probability, lag_days.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> edges = Programme.example().follow_ups(dt.date(2007, 9, 3)).edges()
            >>> edges.filter(source="sig")["target", "prior", "count", "support", "probability"].rows()
            [('teleservices', 0.1, 2, 5, 0.2)]
        """
        rows = [(source, target, *map(data.get, _EDGE)) for source, target, data in self.graph.edges(data=True)]
        schema = {"source": pl.String, "target": pl.String, **_EDGE}
        return pl.DataFrame(rows, schema=schema, orient="row").sort("source", "target")

    @given.takes(attended=given.keys)
    def next_sessions(self, attended: Iterable[str]) -> tuple[NextSession, ...]:
        """Return what can follow, the most probable first; what was attended is left out.

        Raises:
            UnknownCodeError: A session is not in the graph.
        """
        sources = sorted(set(attended))
        best: dict[str, NextSession] = {}
        for source in sources:
            self._check(source)
            for target, data in self.graph[source].items():
                step = NextSession(target, data["probability"], source, data["support"], data["lag_days"])
                if target not in sources and (target not in best or best[target].probability < step.probability):
                    best[target] = step
        return tuple(sorted(best.values(), key=lambda step: (-step.probability, step.session)))

    @given.takes(target=given.key, attended=given.keys)
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
        import networkx as nx  # noqa: PLC0415 - as long to import as all the rest

        starts = sorted(set(attended))
        for session in (*starts, target):
            self._check(session)
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
        import networkx as nx  # noqa: PLC0415 - as long to import as all the rest

        return dict(nx.node_link_data(self.graph, edges="edges"))

    @given.takes(path=given.path)
    def to_graphml(self, path: str | Path) -> None:
        """Write the graph as GraphML, as Gephi, yEd and Cytoscape read it.

        Raises:
            OSError: The file can't be written; what stood there is whole.
        """
        import networkx as nx  # noqa: PLC0415 - as long to import as all the rest

        with TemporaryDirectory() as folder:
            # It compresses where the name says so.
            file = Path(folder, Path(path).name)
            nx.write_graphml(self.graph, file)
            put(path, file.read_bytes())

    def _check(self, session: str) -> None:
        if session not in self.graph:
            raise UnknownCodeError("session", session, nearest(session, self.graph))


_EDGE = {"prior": pl.Float64, "count": pl.Int64, "support": pl.Int64, "probability": pl.Float64, "lag_days": pl.Int64}


def graph_of(catalogue: Catalogue, edges: Iterable[Mapping[str, Any]]) -> FollowUps:
    """Return the graph over a catalogue's sessions that has these edges, as `FollowUps.edges` gives them."""
    graph = FollowUps.declared(catalogue).graph
    graph.remove_edges_from([*graph.edges])
    for edge in edges:
        graph.add_edge(edge["source"], edge["target"], **{name: edge[name] for name in _EDGE})
    return FollowUps(graph)
