"""The follow-up graph: declared, learned, walked and exported."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import SESSIONS, programme
from prai_match import FollowUps, UnknownCodeError
from prai_match.followups import graph_of, tally

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = programme().catalogue
ON = dt.date(2008, 1, 1)


def history(*rows: tuple[str, str, dt.date]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"territory": pl.String, "session": pl.String, "date": pl.Date}, orient="row")


def learned(*rows: tuple[str, str, dt.date], strength: float = 10.0) -> dict[str, float]:
    graph = FollowUps.learned(CATALOGUE, history(*rows), ON, strength=strength).graph
    return dict(graph.edges["b_web", "site_internet"])


def test_the_declared_graph_has_the_priors_and_no_support() -> None:
    edges = FollowUps.declared(CATALOGUE).edges()
    assert edges.columns == ["source", "target", "prior", "count", "support", "probability", "lag_days"]
    assert edges.filter(source="b_web", target="site_internet").row(0)[2:] == (0.5, 0, 0, 0.5, 60)
    assert edges.height == 4


def test_history_corrects_the_prior_and_the_lag() -> None:
    start = dt.date(2007, 1, 1)
    rows = [(f"T{n}", "b_web", start) for n in range(8)]
    rows += [(f"T{n}", "site_internet", start + dt.timedelta(days=100 + n)) for n in range(6)]
    edge = learned(*rows)
    assert (edge["count"], edge["support"], edge["lag_days"]) == (6, 8, 102)
    assert edge["probability"] == pytest.approx((6 + 10 * 0.5) / (8 + 10))


def test_who_had_no_time_to_follow_does_not_count_against() -> None:
    late = ON - dt.timedelta(days=59)
    assert learned(("T1", "b_web", late))["support"] == 0
    assert learned(("T1", "b_web", ON - dt.timedelta(days=60)))["support"] == 1
    assert learned(("T1", "b_web", late), ("T1", "site_internet", ON))["support"] == 1


def test_what_came_before_or_the_same_day_does_not_follow() -> None:
    day = dt.date(2007, 5, 1)
    assert learned(("T1", "b_web", day), ("T1", "site_internet", day))["count"] == 0
    assert learned(("T1", "b_web", day), ("T1", "site_internet", dt.date(2007, 1, 1)))["count"] == 0


def test_the_future_is_not_seen() -> None:
    assert learned(("T1", "b_web", dt.date(2007, 1, 1)), ("T1", "site_internet", dt.date(2009, 1, 1)))["count"] == 0


def test_a_lag_needs_enough_observations() -> None:
    rows = [("T1", "b_web", dt.date(2007, 1, 1)), ("T1", "site_internet", dt.date(2007, 1, 8))]
    assert learned(*rows)["lag_days"] == 60


_rows = st.lists(
    st.tuples(st.sampled_from(["T1", "T2", "T3"]), st.sampled_from(SESSIONS), st.dates(dt.date(2006, 1, 1), ON)),
    max_size=20,
)


@given(_rows, st.floats(0.1, 100))
def test_probabilities_lie_between_the_prior_and_what_was_seen(
    rows: list[tuple[str, str, dt.date]], strength: float
) -> None:
    for row in FollowUps.learned(CATALOGUE, history(*rows), ON, strength=strength).edges().iter_rows(named=True):
        seen = row["count"] / row["support"] if row["support"] else row["prior"]
        assert min(seen, row["prior"]) - 1e-9 <= row["probability"] <= max(seen, row["prior"]) + 1e-9
        assert 0 <= row["count"] <= row["support"] <= 3


@given(_rows, st.randoms(use_true_random=False))
def test_the_order_of_history_changes_nothing(rows: list[tuple[str, str, dt.date]], random: object) -> None:
    shuffled = random.sample(rows, len(rows))  # type: ignore[attr-defined]
    graphs = [FollowUps.learned(CATALOGUE, history(*some), ON).edges() for some in (rows, shuffled)]
    assert graphs[0].equals(graphs[1])


def test_next_sessions_are_the_most_probable_first_and_name_their_source() -> None:
    graph = FollowUps.declared(CATALOGUE)
    following = graph.next_sessions(["b_web", "b_geo"])
    assert [(found.session, found.source) for found in following] == [
        ("site_internet", "b_web"), ("sig", "b_geo"), ("teleservices", "b_web"),
    ]  # fmt: skip
    assert [found.session for found in graph.next_sessions(["b_web", "site_internet"])] == ["teleservices"]
    assert graph.next_sessions(["b_web", "site_internet"])[0].source == "site_internet"
    assert graph.next_sessions([]) == ()


def test_the_pathway_is_the_most_probable_one() -> None:
    graph = FollowUps.declared(CATALOGUE)
    direct = graph.pathway("teleservices")
    assert direct is not None
    assert direct.sessions == ("b_web", "teleservices")
    assert direct.probability == pytest.approx(0.2)
    likelier = pl.when(source="b_web", target="site_internet").then(0.9).otherwise("probability")
    graph = graph_of(CATALOGUE, graph.edges().with_columns(probability=likelier).to_dicts())
    through = graph.pathway("teleservices")
    assert through is not None
    assert through.sessions == ("b_web", "site_internet", "teleservices")
    assert through.probability == pytest.approx(0.27)
    from_here = graph.pathway("teleservices", attended=["site_internet"])
    assert from_here is not None
    assert from_here.sessions == ("site_internet", "teleservices")


def test_a_pathway_starts_anew_where_what_was_attended_leads_nowhere() -> None:
    found = FollowUps.declared(CATALOGUE).pathway("sig", attended=["b_web"])
    assert found is not None
    assert found.sessions == ("b_geo", "sig")


def test_there_may_be_no_pathway() -> None:
    (edge, *_) = FollowUps.declared(CATALOGUE).edges().to_dicts()
    circle = [("sig", "b_geo"), ("b_geo", "sig"), ("b_web", "site_internet"), ("site_internet", "b_web")]
    loops = graph_of(CATALOGUE, [{**edge, "source": source, "target": target} for source, target in circle])
    assert loops.pathway("sig", ["b_web"]) is None


def test_an_unknown_session_is_named() -> None:
    with pytest.raises(UnknownCodeError, match="unknown session: 'b_wbe'; did you mean b_web"):
        FollowUps.declared(CATALOGUE).next_sessions(["b_wbe"])
    with pytest.raises(UnknownCodeError, match=r"unknown session: 'zz'$"):
        FollowUps.declared(CATALOGUE).pathway("zz")


def test_exports_are_read_back(tmp_path: Path) -> None:
    graph = programme().follow_ups(ON)
    again = nx.node_link_graph(graph.to_json(), edges="edges")
    assert nx.utils.graphs_equal(again, graph.graph)
    graph.to_graphml(tmp_path / "graph.graphml")
    read = nx.read_graphml(tmp_path / "graph.graphml")
    assert set(read.edges) == set(graph.graph.edges)
    assert read.nodes["b_web"]["kind"] == "buffet"


def test_the_prior_always_counts() -> None:
    with pytest.raises(ValueError, match="strength: 0 won't do; give a number above 0"):
        FollowUps.learned(CATALOGUE, history(), ON, strength=0)


@given(_rows)
def test_counts_are_in_the_order_of_their_edges_and_lags(rows: list[tuple[str, str, dt.date]]) -> None:
    counts = tally(FollowUps.declared(CATALOGUE).edges(), history(*rows), ON)
    assert counts.equals(counts.sort("source", "target", "lag"))


def test_edges_are_in_the_order_of_their_source_then_their_target() -> None:
    edges = FollowUps.declared(CATALOGUE).edges()
    assert edges.rows() == sorted(edges.rows())
    assert graph_of(CATALOGUE, reversed(edges.to_dicts())).edges().equals(edges)


def test_where_more_follows_than_is_shown_it_says_how_to_have_all() -> None:
    for edges, told in ((30, False), (31, True)):
        graph = _graph({f"b{n}": 0.5 for n in range(edges)})
        assert ("<code>.edges()</code>" in graph.html("en")) is told


def test_a_notebook_shows_the_most_probable_first_then_the_first_code() -> None:
    html = _graph({"x": 0.2, "y": 0.9, "z": 0.2}).html("en")
    assert html.index("to y") < html.index("to x") < html.index("to z")


def _graph(shares: dict[str, float]) -> FollowUps:
    """A session that leads to others, each with its probability."""
    sessions = {name: {"name_en": f"to {name}", "name_fr": name} for name in ("a", *shares)}
    rows = [("a", target, 0.5, 0, 0, share, 60) for target, share in shares.items()]
    return FollowUps(sessions, pl.DataFrame(rows, FollowUps.declared(CATALOGUE).edges().schema, orient="row"))
