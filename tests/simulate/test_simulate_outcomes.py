"""Outcomes: totals, intervals, differences, one replication again, sensitivity, the replay."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import TYPE_CHECKING

import polars as pl
import pytest

import made
from prai_match.errors import UnknownCodeError
from prai_match.simulate import (
    Scenario,
    counterfactuals,
    measures,
    replay,
    replayed,
    sensitivity,
)

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match import Programme
    from prai_match.simulate import Outcomes, Replay


def test_rows_are_tidy_and_sorted(outcomes: Outcomes) -> None:
    rows = outcomes.to_polars()
    keys = ["scenario", "replication", "month", "measure", "of"]
    assert not rows.select(keys).is_duplicated().any()
    assert rows["scenario"].unique(maintain_order=True).to_list() == ["baseline", "same", "requests", "unforeseen"]
    assert pl.DataFrame(outcomes).equals(rows)
    assert set(rows["measure"]) == {name for name, each in measures().items() if each.kind != "ratio"}
    told_apart = rows.filter(pl.col("of").is_not_null())
    assert set(told_apart["measure"]) == {name for name, each in measures().items() if each.of}


def test_parts_add_up(outcomes: Outcomes) -> None:
    totals = outcomes.totals()
    whole = totals.filter(pl.col("of").is_null()).pivot("measure", index=["scenario", "replication"], values="value")
    parts = (
        totals.filter(pl.col("of").is_not_null())
        .group_by("scenario", "replication", "measure")
        .agg(pl.col("value").sum())
        .pivot("measure", index=["scenario", "replication"], values="value")
    )
    both = whole.join(parts, on=["scenario", "replication"], suffix="_parts")
    assert (both["workshops"] == both["workshops_parts"]).all()
    assert (both["sessions"] == both["workshops"] + both["buffets"]).all()
    share = both["elected"] / (both["elected"] + both["technicians"])
    assert share.round(12).equals(both["elected_share"].round(12))


def test_a_summary_is_of_replications(outcomes: Outcomes) -> None:
    found = outcomes.summary(level=0.5).filter(scenario="requests", measure="needs")
    values = outcomes.totals().filter(scenario="requests", measure="needs")["value"]
    row = found.row(0, named=True)
    assert row["mean"] == values.mean()
    assert row["low"] == values.quantile(0.25, "linear")
    assert row["low"] <= row["median"] <= row["high"]
    wide = outcomes.summary(level=0.9).filter(scenario="requests", measure="needs").row(0, named=True)
    assert wide["error"] > row["error"]


@pytest.mark.parametrize("measure", ["unmet", "rating", "workshops"])
def test_month_by_month(outcomes: Outcomes, measure: str) -> None:
    found = outcomes.monthly(measure)
    assert found.filter(pl.col("of").is_null(), scenario="baseline").height == 16
    assert [part["month"].is_sorted() for part in found.partition_by("scenario", "of")].count(False) == 0


def test_differences_are_paired(outcomes: Outcomes) -> None:
    found = outcomes.differences("requests").filter(scenario="baseline", measure="served").row(0, named=True)
    totals = outcomes.totals().filter(measure="served").pivot("scenario", index="replication", values="value")
    apart = totals["baseline"] - totals["requests"]
    assert found["mean"] == apart.mean()
    assert found["above"] == (apart > 0).mean()
    assert found["baseline"] == totals["requests"].mean()


def test_what_is_not_known_is_told(outcomes: Outcomes) -> None:
    with pytest.raises(UnknownCodeError, match="did you mean served"):
        outcomes.monthly("serverd")
    with pytest.raises(UnknownCodeError, match="did you mean requests"):
        outcomes.differences("request")
    with pytest.raises(UnknownCodeError, match="did you mean baseline"):
        outcomes.again(0, "baselin")
    with pytest.raises(ValueError, match="from 0 to 3"):
        outcomes.again(4)
    with pytest.raises(ValueError, match="above 0 and below 1"):
        outcomes.summary(1.0)


def test_a_word_on_a_booking_that_is_not_known_yet_is_left_out_of_what_is_played_again(example: Programme) -> None:
    """A session was cancelled before the start that is booked after it: a simulation doesn't know the booking."""
    start, later = dt.date(2006, 9, 1), example.sessions[-1]
    assert (later.booked_on or later.date) > start
    word = {"date": start - dt.timedelta(days=3), "event": "cancelled", "held": later.id}
    told = example.with_decisions([word])
    outcomes = told.simulate(Scenario(name="now"), start, start + dt.timedelta(days=29), replications=1)
    again = outcomes.again(0)
    assert later.id not in {each.id for each in again.sessions}
    assert later.id not in {each.held for each in again.decisions}


def test_one_replication_again(outcomes: Outcomes[Programme], example: Programme) -> None:
    programme = outcomes.again(2, "requests")
    held = [each for each in programme.sessions if outcomes.start <= each.date <= outcomes.end]
    counted = outcomes.totals().filter(pl.col("of").is_null(), scenario="requests", replication=2)
    sessions = counted.filter(pl.col("measure").is_in(["buffets", "workshops"]))["value"].sum()
    new = [each for each in held if each.booked_on is None or each.booked_on >= outcomes.start]
    assert len(new) == sessions
    type(programme).model_validate({name: getattr(programme, name) for name in type(programme).model_fields})
    assert len(programme.recommend(dt.date(2008, 7, 1))) == len(example.territories)


def test_saved_as_one_file(outcomes: Outcomes, tmp_path: Path) -> None:
    outcomes.save(str(tmp_path / "all.parquet"))
    rows = pl.read_parquet(tmp_path / "all.parquet")
    assert rows.height == outcomes.to_polars().height


def test_sensitivity_tells_what_matters() -> None:
    found = sensitivity(
        made.programme(),
        Scenario(name="now"),
        dt.date(2007, 9, 1),
        dt.date(2008, 1, 31),
        measure="needs",
        only=["asks_a_year", "rating"],
        replications=8,
    )
    first, second = found.to_polars().iter_rows(named=True)
    assert (first["parameter"], second["parameter"]) == ("asks_a_year", "rating")
    assert first["low"] <= 0 <= first["high"]
    assert (second["low"], second["high"]) == (0.0, 0.0)
    assert pl.DataFrame(found).height == 2
    assert "Needs expressed" in found._repr_html_()
    with pytest.raises(UnknownCodeError, match="did you mean comes"):
        sensitivity(made.programme(), Scenario(name="a"), dt.date(2007, 9, 1), dt.date(2007, 9, 2), only=["come"])
    with pytest.raises(UnknownCodeError, match="did you mean needs"):
        sensitivity(made.programme(), Scenario(name="a"), dt.date(2007, 9, 1), dt.date(2007, 9, 2), measure="need")


@pytest.fixture(scope="module")
def replay_of_the_model_case(example: Programme) -> Replay:
    return replay(example, others=(), replications=20)


def test_each_published_figure_is_met(replay_of_the_model_case: Replay) -> None:
    figures = replay_of_the_model_case.figures
    assert figures.height == 14
    missed = figures.filter(~pl.col("within"))
    assert missed.is_empty(), missed.rows()
    assert pl.DataFrame(replay_of_the_model_case).equals(replay_of_the_model_case.to_polars())


def test_what_the_replay_begins_with_is_whole_and_has_no_history(replay_of_the_model_case: Replay) -> None:
    programme = pickle.loads(pickle.dumps(replay_of_the_model_case.outcomes.programme))  # noqa: S301 - our own
    history = ("needs", "sessions", "attendances", "registrations", "decisions")
    assert [name for name in history if len(getattr(programme, name))] == []


def test_the_replay_reads_well(replay_of_the_model_case: Replay) -> None:
    french, english = replay_of_the_model_case.table("fr"), replay_of_the_model_case.table("en")
    assert french["published"][:2].to_list() == ["novembre 2006", "février 2007"]
    assert english["published"][2] == "more than 0.50"
    assert set(french["within"]) == {"oui"}
    assert "PRAI 2006-2008" in replay_of_the_model_case._repr_html_()


def test_counterfactuals_change_what_they_say() -> None:
    base = replayed()
    for each in counterfactuals():
        assert each.changes == base.changes
        assert (each.planner, each.behaviour.freeze_known_days) != (base.planner, base.behaviour.freeze_known_days)
