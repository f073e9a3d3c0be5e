"""A catalogue that declares no follow-up: each session may lead to each other, as the history says."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from agreement import compare
from made import CATALOGUE, SESSIONS, programme, small
from prai_match import FollowUps, Programme, io
from prai_match.followups import attended, graph_of, inputs_of
from prai_match.model import Catalogue, substitute
from prai_match.simulate import Scenario
from prai_match.testing import programmes
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

OF_SESSIONS = ("needs", "attendances", "sessions", "registrations", "decisions")
BARE = Catalogue.model_validate({**CATALOGUE, "follow_ups": []})
ON, DAY = dt.date(2008, 1, 1), dt.timedelta(days=1)
SCHEMA = {"territory": pl.String, "session": pl.String, "date": pl.Date}


def history(*rows: tuple[str, str, dt.date]) -> pl.DataFrame:
    return pl.DataFrame(rows, SCHEMA, orient="row")


def chance(graph: FollowUps, source: str, target: str) -> float:
    return float(graph.edges().filter(source=source, target=target)["probability"].item())


def region(name: str) -> Programme:
    bundled = Programme.example(name)
    return substitute(bundled, catalogue=bundled.catalogue.model_copy(update={"follow_ups": ()}))


def test_each_session_may_lead_to_each_other_and_none_is_more_probable_before_any_history() -> None:
    graph = FollowUps.declared(BARE)
    edges = graph.edges()
    assert not graph.is_declared
    assert edges["source", "target"].rows() == sorted(permutations(SESSIONS, 2))
    assert edges["prior"].null_count() == edges.height
    assert edges["probability"].n_unique() == 1
    assert graph.outranking().is_empty()


def test_what_was_declared_stands_alone() -> None:
    assert FollowUps.declared(programme().catalogue).is_declared
    assert FollowUps.declared(programme().catalogue).edges().height == len(CATALOGUE["follow_ups"])


def test_an_edge_of_which_nothing_was_seen_is_as_probable_as_what_leads_to_its_target() -> None:
    rows = [(f"T{n}", "b_web", ON - 200 * DAY) for n in range(30)]
    rows += [(f"T{n}", "sig", ON - 150 * DAY) for n in range(20)]
    graph = FollowUps.learned(BARE, history(*rows), ON)
    seen, unseen, none = (chance(graph, *pair) for pair in (("b_web", "sig"), ("b_geo", "sig"), ("b_web", "b_geo")))
    assert unseen == pytest.approx((20 + 10 * 0.2 * (1 - 2 ** (-120 / 90))) / 40)
    assert seen == pytest.approx((20 + 10 * unseen) / 40)
    assert none < 0.1 < unseen < seen


@given(data=st.data())
@examples(30)
def test_the_order_of_rows_changes_nothing_and_records_keep_the_graph(data: st.DataObject) -> None:
    cell = st.tuples(st.sampled_from(["T1", "T2", "T3"]), st.sampled_from(SESSIONS), st.integers(0, 500))
    rows = [(t, s, ON - days * DAY) for t, s, days in data.draw(st.lists(cell, max_size=15))]
    graph = FollowUps.learned(BARE, history(*rows), ON)
    again = FollowUps.learned(BARE, history(*data.draw(st.permutations(rows))), ON)
    assert again.edges().equals(graph.edges())
    assert graph_of(BARE, inputs_of(graph)).edges("next").equals(graph.edges("next"))
    assert graph.edges()["probability"].is_between(0, 1, closed="none").all()


def test_the_most_probable_follow_ups_of_a_region_are_found_without_being_declared() -> None:
    for name, on in (("midi_pyrenees", "2008-12-01"), ("occitanie_2026", "2026-06-01")):
        bundled, bare = Programme.example(name), region(name)
        declared = {(each.source, each.target) for each in bundled.catalogue.follow_ups}
        edges = bare.follow_ups(dt.date.fromisoformat(on)).edges().filter(pl.col("support") >= 20)
        first = edges.sort("probability", descending=True)["source", "target"].row(0)
        assert first in declared


def test_recommendations_read_what_was_learned_and_wait_for_no_lag() -> None:
    bare, on = region("midi_pyrenees"), dt.date(2007, 9, 3)
    chances = bare.follow_ups(on).probabilities(attended(bare), on, bare.calendar.blackouts)
    told = {(t, s): chance for t, s, chance in chances.select("territory", "session", "probability").iter_rows()}
    points, seen = bare.policy.preference("follow_up").points, 0
    for rec in bare.recommend(on):
        if rec.next and (chance := told.get((rec.territory, rec.next.session))):
            seen += 1
            assert rec.why().contributions.get("follow_up", points * chance) == pytest.approx(points * chance)
    assert seen > 60
    lags = {each.sentence for rec in bare.recommend(on) for each in rec.why("en").conditions if each.rule == "lag_over"}
    assert lags == {"The usual time to wait after the previous session is over in time (left: 0 days)."}


def test_plans_and_simulations_know_it() -> None:
    bare = region("midi_pyrenees")
    season = bare.recommend(dt.date(2007, 9, 3)).together()
    assert season.check().is_empty()
    assert season.to_polars().height > 20
    played = bare.simulate(Scenario(name="now"), dt.date(2006, 11, 1), dt.date(2007, 6, 30), replications=2)
    assert played.totals().filter(measure="workshops")["value"].sum() > 10


@given(case=programmes(), on=st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31)))
@examples(20)
def test_engine_and_oracle_agree(case: Programme, on: dt.date) -> None:
    bare = substitute(case, catalogue=case.catalogue.model_copy(update={"follow_ups": ()}))
    assert compare(bare, on).disagreements == ()


@pytest.mark.parametrize(("count", "edges", "said"), [(40, 1560, "may follow any other"), (41, 0, "too many")])
def test_a_catalogue_of_many_sessions_gets_none_and_loading_says_so(
    count: int, edges: int, said: str, tmp_path: Path
) -> None:
    many = [{**CATALOGUE["buffets"][0], "id": f"b_{n}"} for n in range(count)]
    catalogue = {**CATALOGUE, "buffets": many, "workshops": [], "follow_ups": []}
    made = Programme.model_validate(
        {**small(), "catalogue": catalogue, "trainers": [], **{key: [] for key in OF_SESSIONS}}
    )
    assert made.follow_ups(ON).edges().height == edges
    made.save(tmp_path / "many")
    (told,) = io.load(tmp_path / "many").report.notices("en").filter(kind="undeclared")["notice"]
    assert said in told
