"""The waterfall ends at the score; where there is nothing to offer, the chart says what stands in the way."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given

import made
from prai_match import Programme, Recommendations, charts
from thorough import examples


def _steps(rec: Any, rows_of: Any) -> list[dict[str, Any]]:
    bars = rows_of(charts.contributions(rec), "from", "to", "fill")
    return sorted({bar["place"]: bar for bar in bars}.values(), key=lambda bar: int(bar["place"]))


@pytest.mark.parametrize("code", ["200066231", "200034023", "248200016"])
def test_each_bar_begins_where_the_last_ended_and_the_total_is_the_score(
    code: str, recs: Recommendations, rows_of: Any
) -> None:
    rec = recs[code]
    *bars, total = _steps(rec, rows_of)
    assert [bar["place"] for bar in [*bars, total]] == list(range(len(bars) + 1))
    assert bars[0]["from"] == 0
    for before, bar in itertools.pairwise(bars):
        assert bar["from"] == before["to"]
        assert bar["place"] == before["next"]
    assert total["from"] == 0
    assert total["to"] == bars[-1]["to"] == pytest.approx(rec.score)
    spec = charts.contributions(rec).to_dict(validate=False)
    drawn = next(layer["encoding"] for layer in spec["layer"] if layer["mark"]["type"] == "bar")
    assert (drawn["x"]["field"], drawn["x2"]["field"], drawn["y"]["field"]) == ("from", "to", "place")
    low, high = drawn["x"]["scale"]["domain"]
    assert low <= 0
    assert high >= total["to"]


def test_sentences_and_points_are_written_beside_the_bars(recs: Recommendations, rows_of: Any) -> None:
    rec = recs["200066231"]
    told = {row["told"] for row in _steps(rec, rows_of)}
    for detail in rec.why().details:
        if detail.points:
            assert any(text.startswith(detail.sentence.replace(" :", "\N{NO-BREAK SPACE}:")[:10]) for text in told)
    values = [row["value"] for row in _steps(rec, rows_of)]
    assert values[0] == "+7,9 (intervenant)"
    assert values[-1] == "26,2"


def test_where_no_day_is_open_it_says_so(frozen: Recommendations, written: Any) -> None:
    rec = frozen["200066231"]
    assert rec.later is not None
    chart = charts.contributions(rec)
    assert chart.to_dict(validate=False)["title"]["text"] == "Pourquoi aucune session n’est recommandée"
    assert any("Le calendrier comporte un jour ouvert" in text for text in written(chart))


def test_without_an_offer_it_lists_what_stands_in_the_way(recs: Recommendations, rows_of: Any) -> None:
    rec = recs["200023737"]
    chart = charts.contributions(rec)
    assert chart.to_dict(validate=False)["title"]["text"] == "Pourquoi aucune session n’est recommandée"
    marks = {row["place"]: row for row in rows_of(chart, "mark", "told")}.values()
    assert {row["mark"] for row in marks} == {"✗"}
    assert len(marks) == len(rec.why().conditions) == 11
    assert {row["told"] for row in marks} == {"condition non remplie"}


@examples(20)
@given(made.data())
def test_every_recommendation_can_be_drawn(data: dict[str, Any]) -> None:
    recs = Programme.model_validate(data).recommend(on=made.ON)
    for rec in recs:
        assert charts.contributions(rec, "en").to_dict(validate=False)["description"]
