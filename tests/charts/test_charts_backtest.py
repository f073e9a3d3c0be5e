"""Charts of a backtest: every ranker with its interval, every bin of probabilities, and nothing but data."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from histories import LOOSE, SPLIT, history
from hostile import ATTACK
from made import POLICY
from prai_match import Programme, UnknownCodeError, charts

if TYPE_CHECKING:
    from prai_match.backtest import Backtest

LAST = dt.date(2007, 7, 1)


@pytest.fixture(scope="module")
def judged(bundled: Programme) -> Backtest:
    return bundled.backtest([dt.date(2007, 3, 1), dt.date(2007, 9, 3)], replications=100)


@pytest.mark.parametrize("measure", ["hit_1", "hit_3", "mrr", "ndcg", "coverage"])
def test_every_ranker_stands_where_its_measure_is(judged: Backtest, measure: Any, rows_of: Any, written: Any) -> None:
    chart = charts.performance(judged, measure, "en")
    chart.to_dict(validate=True)
    marks = rows_of(chart, "value", "said")
    rows = judged.measures.filter(measure=measure)
    for name in ("value", "low", "high"):
        assert [mark[name] for mark in marks] == rows[name].to_list()
    assert [mark["told"].partition(":")[0] for mark in marks][:2] == ["Policy “default”", "Popularity"]
    texts = written(chart)
    assert {mark["said"] for mark in marks} <= set(texts)
    assert ("20%" in texts) is (measure in {"hit_1", "hit_3", "coverage"})


def test_every_bin_is_a_disc(judged: Backtest, rows_of: Any) -> None:
    chart = charts.reliability(judged)
    spec = chart.to_dict(validate=True)
    discs = rows_of(chart, "predicted", "observed")
    for name in ("predicted", "observed"):
        expected = 100 * judged.calibration[name]
        assert [disc[name] for disc in discs] == pytest.approx(expected.to_list())
    assert [disc["pairs"] for disc in discs] == judged.calibration["pairs"].to_list()
    size = spec["layer"][-1]["encoding"]["size"]
    assert size["scale"] == {"domain": [0, max(judged.calibration["pairs"])], "range": [0, 900]}


def test_they_are_drawn_in_both_languages(judged: Backtest) -> None:
    for draw in (charts.performance, charts.reliability):
        titles = {draw(judged, lang=lang).to_dict(validate=False)["title"]["text"] for lang in ("fr", "en")}
        assert len(titles) == 2
    subtitle = charts.performance(judged).to_dict(validate=False)["title"]["subtitle"]
    assert subtitle[0].endswith("2 dates de coupure, horizon de 120 jours, 73 territoires.")
    ET.fromstring(charts.svg(charts.reliability(judged)))  # noqa: S314 - ours


@pytest.mark.usefixtures("english")
def test_an_unknown_measure_or_language_is_refused(judged: Backtest) -> None:
    with pytest.raises(UnknownCodeError, match="unknown measure: 'log_loss'; did you mean hit_1"):
        charts.performance(judged, "log_loss")  # type: ignore[arg-type]
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
        charts.performance(judged, lang="de")  # type: ignore[arg-type]


def test_figures_of_too_few_are_called_descriptive() -> None:
    found = history(2, [(1, "b_geo", dt.date(2007, 3, 1)), (2, "sig", LAST)]).backtest(
        [SPLIT], **LOOSE | {"level": 0.9}
    )
    for lang, told in (("fr", "Chiffres descriptifs : "), ("en", "Descriptive figures: ")):
        subtitle = charts.performance(found, lang=lang).to_dict()["title"]["subtitle"]  # type: ignore[arg-type]
        assert subtitle[-1].startswith(told)


def test_without_a_follow_up_it_says_so_and_hostile_names_stay_texts(written: Any) -> None:
    came = [(1, "b_geo", dt.date(2007, 3, 1)), (2, "sig", LAST)]
    named = history(2, came, name={"fr": ATTACK, "en": ATTACK})
    found = named.backtest([SPLIT], {ATTACK: POLICY}, **LOOSE)
    assert "Aucune suite dont l’issue soit connue : rien à dessiner." in " ".join(written(charts.reliability(found)))
    for chart in (charts.performance(found), charts.reliability(found)):
        assert not re.search("[\u202a-\u202e\u2066-\u2069]|</|<script", chart.to_json())
