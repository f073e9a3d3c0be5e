"""The follow-up graph: declared, learned, walked and exported."""

from __future__ import annotations

import datetime as dt
import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import SESSIONS, programme
from prai_match import FollowUps, Policy, Programme, UnknownCodeError
from prai_match.followups import Pathway, attended, graph_of, inputs_of
from prai_match.model import READINGS, Blackout, FollowUp, Reading, Text
from prai_match.testing import Candidate, Oracle
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = programme().catalogue
ON, DAY = dt.date(2008, 1, 1), dt.timedelta(days=1)


def history(*rows: tuple[str, str, dt.date]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"territory": pl.String, "session": pl.String, "date": pl.Date}, orient="row")


def learned(*rows: tuple[str, str, dt.date], strength: float = 10.0, horizon_days: int = 120) -> dict[str, float]:
    graph = FollowUps.learned(CATALOGUE, history(*rows), ON, strength=strength, horizon_days=horizon_days).graph
    return dict(graph.edges["b_web", "site_internet"])


def test_the_declared_graph_has_the_priors_and_no_support() -> None:
    edges = FollowUps.declared(CATALOGUE, horizon_days=60).edges()
    assert edges.columns == ["source", "target", "prior", "count", "support", "probability", "low", "high", "lag_days"]
    *declared, probability, low, high, lag = edges.filter(source="b_web", target="site_internet").row(0)[2:]
    assert 0.05 < low < probability < high < 0.7  # no surer than ten territories
    assert (declared, lag) == ([0.5, 0, 0], 60)
    assert probability == pytest.approx(0.25)  # half of those who ever follow do so within the usual lag
    assert edges.height == 4


def test_history_corrects_the_prior_and_the_lag() -> None:
    start = dt.date(2005, 1, 1)
    rows = [(f"T{n}", "b_web", start) for n in range(8)]
    rows += [(f"T{n}", "site_internet", start + dt.timedelta(days=100 + n)) for n in range(6)]
    edge = learned(*rows, horizon_days=900)
    assert (edge["count"], edge["support"], edge["lag_days"]) == (6, 8, 102)
    # Nobody is censored within the horizon: it is the mean of a beta distribution.
    assert edge["probability"] == pytest.approx((6 + 10 * 0.5 * (1 - 2**-15)) / (8 + 10))


def test_it_is_the_estimator_of_kaplan_and_meier_with_territories_that_do_as_declared() -> None:
    start = dt.date(2007, 10, 1)  # 92 days before the day
    rows = [(f"T{n}", "b_web", start) for n in range(4)] + [("T4", "b_web", ON - dt.timedelta(days=20))]
    rows += [
        ("T0", "site_internet", start + dt.timedelta(days=30)),
        ("T1", "site_internet", start + dt.timedelta(days=50)),
    ]
    survival, declared = 1.0, [1 - 0.5 * (1 - 2 ** (-day / 60)) for day in range(121)]
    for day in range(1, 121):
        at_risk = 5 if day <= 20 else 4 if day <= 30 else 3 if day <= 50 else 2 if day <= 92 else 0
        follow = 10 * (declared[day - 1] - declared[day]) + (day in {30, 50})
        survival *= 1 - follow / (10 * declared[day - 1] + at_risk)
    edge = learned(*rows)
    assert (edge["count"], edge["support"]) == (2, 5)
    assert edge["probability"] == pytest.approx(1 - survival)
    weak = learned(*rows, strength=1e-9)  # 4 of 5 are at risk on day 30, 3 on day 50
    assert weak["probability"] == pytest.approx(1 - 3 / 4 * 2 / 3 * (declared[120] / declared[92]))


def test_who_attended_the_target_by_then_cannot_follow() -> None:
    day = dt.date(2007, 5, 1)
    for before in (day, dt.date(2007, 1, 1)):
        edge = learned(("T1", "b_web", day), ("T1", "site_internet", before), ("T1", "site_internet", ON))
        assert (edge["count"], edge["support"]) == (0, 0)


def test_the_future_is_not_seen() -> None:
    assert learned(("T1", "b_web", dt.date(2007, 1, 1)), ("T1", "site_internet", dt.date(2009, 1, 1)))["count"] == 0


def test_it_says_what_it_is_in_a_line() -> None:
    assert (
        repr(FollowUps.declared(CATALOGUE, horizon_days=90)) == "<FollowUps: 5 sessions, 4 follow-ups, within 90 days>"
    )


def test_a_lag_needs_enough_observations() -> None:
    rows = [("T1", "b_web", dt.date(2007, 1, 1)), ("T1", "site_internet", dt.date(2007, 1, 8))]
    assert learned(*rows)["lag_days"] == 60


_rows = st.lists(
    st.tuples(st.sampled_from(["T1", "T2", "T3"]), st.sampled_from(SESSIONS), st.dates(dt.date(2006, 1, 1), ON)),
    max_size=20,
)
Came = list[tuple[str, str, dt.date]]


@given(_rows, st.floats(0.1, 100), st.integers(1, 300), st.integers(1, 300))
def test_a_longer_horizon_is_no_less_probable(rows: Came, strength: float, horizon: int, more: int) -> None:
    short, long = (
        FollowUps.learned(CATALOGUE, history(*rows), ON, strength=strength, horizon_days=days)
        for days in (horizon, horizon + more)
    )
    assert (short.chances >= 0).all()
    assert (short.chances <= long.chances + 1e-12).all()
    assert (long.chances < 1).all()
    assert (short.edges()["count"] <= short.edges()["support"]).all()


@given(_rows, st.randoms(use_true_random=False))
def test_the_order_of_history_changes_nothing(rows: Came, random: object) -> None:
    shuffled = random.sample(rows, len(rows))  # type: ignore[attr-defined]
    graphs = [FollowUps.learned(CATALOGUE, history(*some), ON).edges() for some in (rows, shuffled)]
    assert graphs[0].equals(graphs[1])


@given(_rows, st.dates(dt.date(2006, 1, 1), ON), st.dates(ON + dt.timedelta(1), dt.date(2009, 1, 1)))
def test_who_cannot_follow_and_what_comes_later_change_nothing(rows: Came, day: dt.date, later: dt.date) -> None:
    more = [("T4", session, day) for session in SESSIONS]
    more += [(territory, session, later) for territory in ("T1", "T5") for session in SESSIONS]
    graphs = [FollowUps.learned(CATALOGUE, history(*some), ON) for some in (rows, [*rows, *more])]
    assert np.array_equal(graphs[0].chances, graphs[1].chances)
    assert graphs[0].edges().equals(graphs[1].edges())


@given(_rows, st.floats(0.1, 100))
def test_twice_the_history_with_twice_the_strength_says_the_same_and_is_surer(rows: Came, strength: float) -> None:
    again = [(f"{territory} again", session, date) for territory, session, date in rows]
    once = FollowUps.learned(CATALOGUE, history(*rows), ON, strength=strength)
    twice = FollowUps.learned(CATALOGUE, history(*rows, *again), ON, strength=2 * strength)
    assert np.allclose(once.chances, twice.chances, rtol=0, atol=1e-12)
    for one, other in zip(once.edges().rows(named=True), twice.edges().rows(named=True), strict=True):
        assert 0 <= one["low"] <= other["low"] < other["probability"] < other["high"] <= one["high"] <= 1
        assert one["high"] - one["low"] > other["high"] - other["low"] or one["high"] == other["high"] == 1


@given(_rows, st.dates(dt.date(2006, 6, 1), dt.date(2007, 6, 1)), st.integers(1, 120))
def test_a_freeze_stops_the_clock(rows: Came, start: dt.date, days: int) -> None:
    span = dt.timedelta(days)
    freeze = Blackout(start=start, end=start + span - dt.timedelta(1), reason=Text(fr="gel", en="freeze"))
    later = [(territory, session, date + span if date >= start else date) for territory, session, date in rows]
    without = FollowUps.learned(CATALOGUE, history(*rows), ON)
    frozen = FollowUps.learned(CATALOGUE, history(*later), ON + span, blackouts=[freeze])
    assert np.array_equal(without.chances, frozen.chances)
    assert without.edges().equals(frozen.edges())


def probability(graph: FollowUps, source: str, target: str) -> float:
    return float(graph.graph.edges[source, target]["probability"])


def changed(values: dict[str, dict[str, float]]) -> FollowUps:
    """The graph declared, with other values of some of its edges, by name of the value and edge."""
    inputs = inputs_of(FollowUps.declared(CATALOGUE))
    for name, edges in values.items():
        for edge in inputs["declared"]:
            edge[name] = edges.get(f"{edge['source']} {edge['target']}", edge[name])
    return graph_of(CATALOGUE, inputs)


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
    assert direct.probability == pytest.approx(probability(graph, "b_web", "teleservices"))
    likelier = {"b_web site_internet": 0.99, "site_internet teleservices": 0.6}
    graph = changed({"prior": likelier, "lag_days": dict.fromkeys(likelier, 10)})
    through = graph.pathway("teleservices")
    assert through is not None
    assert through.sessions == ("b_web", "site_internet", "teleservices")
    steps = probability(graph, "b_web", "site_internet"), probability(graph, "site_internet", "teleservices")
    assert through.probability == pytest.approx(math.prod(steps))
    assert 0 < through.low < through.probability < through.high < 1
    from_here = graph.pathway("teleservices", attended=["site_internet"])
    assert from_here is not None
    assert from_here.sessions == ("site_internet", "teleservices")


def test_the_interval_of_one_step_is_that_of_its_edge_and_who_is_there_needs_none() -> None:
    graph = programme().follow_ups(ON)
    way, edge = graph.pathway("sig", ["b_geo"]), graph.graph.edges["b_geo", "sig"]
    assert way is not None
    assert (way.low, way.probability, way.high) == pytest.approx((edge["low"], edge["probability"], edge["high"]))
    assert graph.pathway("sig", ["sig"]) == Pathway(("sig",), 1.0, 1.0, 1.0)


def test_a_pathway_starts_anew_where_what_was_attended_leads_nowhere() -> None:
    found = FollowUps.declared(CATALOGUE).pathway("sig", attended=["b_web"])
    assert found is not None
    assert found.sessions == ("b_geo", "sig")


def test_there_may_be_no_pathway() -> None:
    inputs = inputs_of(FollowUps.declared(CATALOGUE))
    circle = [("sig", "b_geo"), ("b_geo", "sig"), ("b_web", "site_internet"), ("site_internet", "b_web")]
    declared = [{"source": source, "target": target, "prior": 0.5, "lag_days": 60} for source, target in circle]
    loops = graph_of(CATALOGUE, inputs | {"declared": declared})
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


def test_who_took_longer_than_counts_is_one_who_waits() -> None:
    edge = {
        "reading": ["eventually"],
        "group": [""],
        "source": ["b_web"],
        "target": ["site_internet"],
        "territories": [3],
    }
    late, waits = (
        FollowUps.counted(CATALOGUE, pl.DataFrame({**edge, "days": [days], "followed": [followed]}))
        for days, followed in ((5000, True), (1826, False))
    )
    assert np.array_equal(late.chances, waits.chances)
    assert late.edges().equals(waits.edges())


def test_the_prior_always_counts() -> None:
    rows = [("T1", "b_web", dt.date(2007, 1, 1)), ("T1", "site_internet", dt.date(2007, 2, 1))]
    least, tiny = (FollowUps.learned(CATALOGUE, history(*rows), ON, strength=each) for each in (1e-9, 5e-324))
    assert np.array_equal(least.chances, tiny.chances)
    assert least.chances.max() < 1
    with pytest.raises(ValueError, match="strength: 0 is not valid; give a number above 0"):
        FollowUps.learned(CATALOGUE, history(), ON, strength=0)


def test_what_next_to_never_follows_has_no_interval() -> None:
    edges = [FollowUp(source="b_web", target="site_internet", prior=2.3e-309)]
    catalogue = CATALOGUE.model_copy(update={"follow_ups": tuple(edges)})
    assert FollowUps.declared(catalogue).edges().select("probability", "low", "high").row(0) == (0, 0, 0)


@given(_rows)
def test_counts_are_in_order_and_parts_add_up(rows: Came) -> None:
    declared = FollowUps.declared(CATALOGUE)
    counts = declared.tally(history(*rows), ON)
    assert counts.equals(counts.sort(counts.columns))
    parts = [
        declared.tally(history(*(row for row in rows if (row[0] == "T1") == first)), ON) for first in (True, False)
    ]
    whole = FollowUps.learned(CATALOGUE, history(*rows), ON)
    assert np.array_equal(FollowUps.counted(CATALOGUE, pl.concat(parts)).chances, whole.chances)


def test_read_as_next_a_chain_is_proposed_step_by_step() -> None:
    """Each goes from the buffet to the workshop to the next one; an arrow leads to the last one at once."""
    steps = ("b_web", "site_internet", "teleservices")
    edges = [FollowUp(source=steps[0], target=to, prior=0.5) for to in steps[1:]]
    edges.append(FollowUp(source=steps[1], target=steps[2], prior=0.5))
    catalogue = CATALOGUE.model_copy(update={"follow_ups": tuple(edges)})
    first, apart = dt.date(2006, 1, 1), dt.timedelta(days=30)
    rows = [(f"T{n}", step, first + n * DAY + at * apart) for n in range(60) for at, step in enumerate(steps)]
    graph = FollowUps.learned(catalogue, history(*rows), ON)
    came = history(("new", steps[0], ON - DAY))
    best = {
        reading: graph.probabilities(came, ON, reading=reading).sort("probability")["session"].to_list()
        for reading in READINGS
    }
    assert best["next"] == [steps[2], steps[1]]
    counts = {(s, t): n for s, t, n in graph.edges("next").select("source", "target", "count").iter_rows()}
    assert counts == {(steps[0], steps[1]): 60, (steps[0], steps[2]): 0, (steps[1], steps[2]): 60}
    eventually, step = (graph.edges(reading).filter(source=steps[0], target=steps[2]) for reading in READINGS[::-1])
    assert eventually["count"][0] == eventually["support"][0] == step["support"][0] == 60
    assert step["probability"][0] < 0.1
    assert eventually["probability"][0] > 0.8
    after = history(("new", steps[0], ON - 40 * DAY), ("new", steps[1], ON - DAY))
    assert graph.probabilities(after, ON, reading="next")["source"].to_list() == [steps[1]]


@given(_rows)
@examples(40)
def test_what_is_attended_next_is_attended_eventually(rows: Came) -> None:
    graph = FollowUps.learned(CATALOGUE, history(*rows), ON)
    step, ever = graph.edges("next"), graph.edges()
    assert step["support"].equals(ever["support"])
    assert (step["count"] <= ever["count"]).all()
    assert (step["probability"] <= ever["probability"] + 1e-12).all()


@pytest.mark.parametrize(("reading", "name"), [("eventually", "follow_probability"), ("next", "next_probability")])
@given(_rows, st.dates(dt.date(2006, 1, 1), dt.date(2007, 6, 1)), st.integers(0, 90))
@examples(25)
def test_what_it_says_of_territories_is_what_rules_read(
    reading: Reading, name: str, rows: Came, start: dt.date, days: int
) -> None:
    freeze = {"start": start, "end": start + dt.timedelta(days), "reason": {"fr": "gel", "en": "freeze"}}
    homes = {each.id: each.members[0] for each in programme().territories}
    came = [{"collectivity": homes[t], "session": s, "date": date, "elected": 1} for t, s, date in rows]
    made = programme(attendances=came, needs=[], sessions=[], calendar={"blackouts": [freeze]})
    told = made.follow_ups(ON).probabilities(history(*rows), ON, made.calendar.blackouts, reading=reading)
    found = {(t, s): chance for t, s, chance in told.select("territory", "session", "probability").iter_rows()}
    assert [*found] == sorted(found)
    assert len(found) == told.height
    oracle, attended = Oracle(made, ON), {(territory, session) for territory, session, _ in rows}
    for pair in {(territory, session) for territory in homes for session in SESSIONS} - attended:
        column = oracle.column(name, Candidate(*pair, axis=None, host=pair[0]))
        assert found.pop(pair, 0.0) == column
    assert not found


def test_what_a_graph_was_learned_from_makes_it_again() -> None:
    graph = programme().follow_ups(ON, strength=3, horizon_days=77)
    inputs = json.loads(json.dumps(inputs_of(graph)))
    inputs["declared"].reverse()
    again = graph_of(CATALOGUE, inputs)
    assert again.edges().equals(graph.edges())
    assert np.array_equal(again.chances, graph.chances)
    assert graph.edges().rows() == sorted(graph.edges().rows())


def test_where_more_follows_than_is_shown_it_says_how_to_have_all() -> None:
    for edges, told in ((30, False), (31, True)):
        graph = _graph({f"b{n}": 0.5 for n in range(edges)})
        assert ("<code>.edges()</code>" in graph.html("en")) is told


def test_a_notebook_shows_the_most_probable_first_then_the_first_code() -> None:
    html = _graph({"x": 0.2, "y": 0.9, "z": 0.2}).html("en")
    assert html.index("to y") < html.index("to x") < html.index("to z")


def _graph(priors: dict[str, float]) -> FollowUps:
    """A session that leads to others, each with its declared probability."""
    sessions = {name: {"name_en": f"to {name}", "name_fr": name} for name in ("a", *priors)}
    inputs = inputs_of(FollowUps.declared(CATALOGUE))
    declared = [{"source": "a", "target": target, "prior": prior, "lag_days": 60} for target, prior in priors.items()]
    return replace(graph_of(CATALOGUE, inputs | {"declared": declared}), sessions=sessions)


_groups = st.dictionaries(st.sampled_from([f"T{n}" for n in range(1, 7)]), st.sampled_from(["hill", "town"]))


@given(_rows, _groups, st.sampled_from(READINGS))
@examples(40)
def test_groups_share_out_what_all_did_and_without_a_history_do_as_all(
    rows: Came, groups: dict[str, str], reading: Reading
) -> None:
    whole = FollowUps.learned(CATALOGUE, history(*rows), ON).edges(reading)
    graph = FollowUps.learned(CATALOGUE, history(*rows), ON, groups={**groups, "nobody": "empty", "T0": ""})
    assert graph.edges(reading).equals(whole)
    each = {group: graph.edges(reading, group=group) for group in graph.names_of_groups}
    alone = FollowUps.learned(CATALOGUE, history(*(row for row in rows if row[0] not in groups)), ON).edges(reading)
    for name in ("count", "support"):
        total = alone[name] + sum(one[name] for one in each.values())
        assert total.to_list() == whole[name].to_list()
    # As many territories as the strength says do as all do: nothing was seen that says otherwise.
    assert np.allclose(each["empty"]["probability"], whole["probability"])
    assert each["empty"]["lag_days"].equals(whole["lag_days"])


def test_a_group_is_judged_by_its_own_the_more_there_are_of_it() -> None:
    start, codes = dt.date(2007, 1, 1), [f"T{n}" for n in range(60)]
    groups = {code: "town" if n < 30 else "hill" for n, code in enumerate(codes)}
    rows = [(code, "b_web", start) for code in codes]
    rows += [(code, "site_internet", start + 30 * DAY) for code in codes[:24]]  # 24 of 30 towns, of hills none
    graph = FollowUps.learned(CATALOGUE, history(*rows), ON, groups=groups)
    town, hill, whole = (
        graph.edges(group=group).filter(source="b_web", target="site_internet").row(0, named=True)
        for group in ("town", "hill", None)
    )
    assert [(each["count"], each["support"]) for each in (town, hill, whole)] == [(24, 30), (0, 30), (24, 60)]
    assert hill["probability"] < 0.15 < whole["probability"] < 0.6 < town["probability"] < 24 / 30
    chances = graph.probabilities(history(*rows[:60]), ON).filter(session="site_internet")
    said = dict(chances.select("territory", "probability").iter_rows())
    assert said["T1"] > said["T31"]
    with pytest.raises(UnknownCodeError, match="'sea'"):
        graph.edges(group="sea")


@given(_rows)
@examples(25)
def test_what_newcomers_begin_with_is_counted_over_the_year(rows: Came) -> None:
    made = programme(
        attendances=[
            {"collectivity": each.members[0], "session": s, "date": date, "elected": 1}
            for t, s, date in rows
            for each in programme().territories
            if each.id == t
        ],
        needs=[],
        sessions=[],
    )
    first = {t: min(date for code, _, date in rows if code == t) for t, _, _ in rows}
    late = {t: date for t, date in first.items() if ON - 365 * DAY < date <= ON}
    oracle, host = Oracle(made, ON), made.territories[0].id
    for session in SESSIONS:
        candidate = Candidate(host, session, axis=None, host=host)
        began = {t for t, s, date in rows if s == session and late.get(t) == date}
        assert oracle.column("began_with", candidate) == len(began)
        assert oracle.column("began", candidate) == len(late)
    # The engine says the same, whole and by parts.
    policy = Policy.default().prefer("began_with / (began + 10.0)", id="start", weight=50)
    answers = made.recommend(ON, policy=policy, top=9)
    with ThreadPoolExecutor(2) as executor:
        parts = made.recommend(ON, policy=policy, top=9, executor=executor)
    assert answers.to_polars().equals(parts.to_polars())
    points = policy.preference("start").points
    for rec in answers:
        if rec.next:
            count = sum(s == rec.next.session and late.get(t) == date for t, s, date in {*rows})
            assert rec.why().contributions["start"] == pytest.approx(points * count / (len(late) + 10), abs=1e-6)


def test_rules_read_what_territories_that_are_alike_did() -> None:
    made, on = Programme.example(), dt.date(2008, 1, 10)
    graph = made.follow_ups(on, group_by="size")
    assert [len([code for code in graph.groups.values() if code == name]) for name in graph.names_of_groups] == [
        25, 25, 26, 25,
    ]  # fmt: skip
    told = {
        (t, s): chance
        for t, s, chance in graph.probabilities(attended(made), on, made.calendar.blackouts)
        .select("territory", "session", "probability")
        .iter_rows()
    }
    points, seen = made.policy.preference("follow_up").points, 0
    for rec in made.recommend(on, follow_ups=graph):
        if rec.next and (chance := told.get((rec.territory, rec.next.session))):
            seen += 1
            assert rec.why().contributions["follow_up"] == pytest.approx(points * chance)
    assert seen > 20
    town = made.territories[0]
    alike = [each.model_copy(update={"population": town.population}) for each in made.territories]
    assert {*made.model_copy(update={"territories": alike}).follow_ups(on, group_by="size").groups.values()} == {
        f"{town.population}-{town.population}"
    }, "in which as many people live"
    again = graph_of(made.catalogue, json.loads(json.dumps(inputs_of(graph))))
    assert all(again.edges(group=name).equals(graph.edges(group=name)) for name in graph.names_of_groups)
    assert made.follow_ups(on, group_by="departement").names_of_groups == (
        "09",
        "12",
        "31",
        "32",
        "46",
        "65",
        "81",
        "82",
    )
    with pytest.raises(UnknownCodeError, match="'mood'"):
        made.follow_ups(on, group_by="mood")
