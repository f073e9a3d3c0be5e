"""Charts of simulated outcomes show what replications came to, where, and how scenarios differ, as it is counted."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made import programme, small
from outcomes_by_hand import ATTENDED, by_hand, sensitivity_by_hand
from prai_match import Programme, UnknownCodeError, charts
from prai_match.charts._axis import Axis
from prai_match.simulate import Outcomes, Sensitivity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from goldens import Golden

DRAWN: dict[str, Callable[..., Any]] = {
    "fan": lambda found, lang="fr": charts.fan(found, lang=lang),
    "spend": charts.spend,
    "coverage": charts.coverage,
    "lorenz_of": charts.lorenz_of,
    "differences": charts.differences,
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return by_hand(tmp_path_factory.mktemp("outcomes"))


def rows(chart: Any, rows_of: Any, *fields: str) -> list[dict[str, Any]]:
    """The rows of some fields, each once: several marks may be drawn from one."""
    return list({json.dumps(row, sort_keys=True): row for row in rows_of(chart, *fields)}.values())


def told(chart: Any, rows_of: Any) -> set[str]:
    return {row["told"] for row in rows_of(chart, "told") if row["told"]}


def written(chart: Any, rows_of: Any) -> set[str]:
    return {re.sub(r"\s", " ", str(row["text"])) for row in rows_of(chart, "text")}


@pytest.mark.parametrize("name", DRAWN)
def test_what_was_simulated_is_under_the_title(found: Outcomes, name: str) -> None:
    french, english = (
        " ".join(DRAWN[name](found, lang).to_dict(validate=False)["title"]["subtitle"]) for lang in ("fr", "en")
    )
    assert "Simulation du 1er janvier 2008 au 30 avril 2008 : 3 réplications de chaque scénario." in french
    assert "Simulation from 1 January 2008 to 30 April 2008: 3 replications of each scenario." in english


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_outcomes_give_the_same_chart(found: Outcomes, name: str, tmp_path: Path) -> None:
    assert DRAWN[name](found).to_json() == DRAWN[name](by_hand(tmp_path)).to_json()


@pytest.mark.parametrize("name", DRAWN)
def test_an_unknown_language_is_refused(found: Outcomes, name: str) -> None:
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
        DRAWN[name](found, "de")


@pytest.mark.parametrize("name", ["fan", "spend", "differences"])
def test_scenarios_are_called_by_their_names_for_people(found: Outcomes, rows_of: Any, name: str) -> None:
    said = written(DRAWN[name](found), rows_of) | {
        " ".join(DRAWN[name](found).to_dict(validate=False)["title"]["subtitle"])
    }
    assert any("Scénario de référence" in text for text in said)
    assert {"Essai", "open"} <= said


# Month by month


def test_a_fan_has_the_median_and_both_bands_of_each_month(found: Outcomes, rows_of: Any) -> None:
    said = told(charts.fan(found), rows_of)
    assert "Scénario de référence, janv. 2008 : 11,0 (neuf réplications sur dix : de 10,1 à 11,9)" in said
    assert "Essai, avril 2008 : 8,0 (neuf réplications sur dix : de 7,1 à 8,9)" in said
    assert "Scénario de référence, févr. 2008 : 0,0 (neuf réplications sur dix : de 0,0 à 0,0)" in said
    bands = rows_of(charts.fan(found), "y", "y2", "line")
    heights = sorted(round(row["y2"] - row["y"], 3) for row in bands)
    inner, outer = sorted({height for height in heights if height})
    assert outer / inner == pytest.approx(0.9 / 0.5, abs=0.01)
    assert heights.count(0) == 2 * 3  # February, in both bands of each scenario


def test_what_the_last_month_comes_to_stands_beside_the_line(found: Outcomes, rows_of: Any) -> None:
    assert "9,0 [8,1 ; 9,9]" in written(charts.fan(found), rows_of)
    assert "9.0 [8.1; 9.9]" in written(charts.fan(found, lang="en"), rows_of)


def test_a_month_without_a_value_breaks_the_line(found: Outcomes, rows_of: Any) -> None:
    chart = charts.fan(found, "rating")
    lines = rows_of(chart, "line", "order", "width", "told")
    first = [
        row
        for row in lines
        if "shape" not in row and row["told"].startswith("Scénario de référence") and row["width"] > 2
    ]
    assert [(row["line"], row["told"].split(",")[1].split(" :")[0]) for row in first] == [
        (0, " janv. 2008"),
        (1, " mars 2008"),
        (1, " avril 2008"),
    ]
    # One month alone has a band of some width.
    alone = [row for row in rows_of(chart, "x", "y", "y2", "line") if row["line"] == 0]
    assert len(alone) == 2 * 2 * 3
    # A ratio doesn't begin at 0.
    assert "0,0" not in written(chart, rows_of)
    assert "0" in written(charts.fan(found), rows_of)


def test_blackouts_are_those_of_each_scenario(found: Outcomes, rows_of: Any) -> None:
    frozen = [row for row in rows_of(charts.fan(found), "x2", "fill") if row.get("told") == "Élections municipales"]
    assert len(frozen) == 2  # not in the scenario without any
    assert {round(row["x"], 3) for row in frozen} == {round(74 + 560 * 31 / 121, 3)}
    assert {row["x2"] for row in frozen} == {74 + 560}
    crosses = [row for row in rows(charts.fan(found), rows_of, "shape", "foot") if "y2" not in row]
    assert {row["told"] for row in crosses} == {"Municipales 2008 : 16 mars 2008"}
    assert len(crosses) == 3


def test_a_part_of_a_measure_can_be_drawn(found: Outcomes) -> None:
    titles = [
        charts.fan(found, measure, of=of).to_dict(validate=False)["title"]["text"]
        for measure, of in (("sessions", "09"), ("workshops", "sig"), ("attended", "T1"))
    ]
    assert titles == [
        "Sessions tenues, par département, mois par mois : Ariège",
        "Ateliers tenus, mois par mois : SIG",
        "Participations d'un territoire, en tout, mois par mois : Territoire 1",
    ]


@pytest.mark.parametrize(
    ("measure", "of", "message"),
    [
        ("serve", None, "unknown measure: 'serve'; did you mean served"),
        ("sessions", None, "unknown departement: None"),
        ("workshops", "sigg", "unknown session: 'sigg'; did you mean sig"),
        ("served", "T1", "unknown part of the measure: 'T1'"),
    ],
)
def test_what_is_not_counted_is_refused(found: Outcomes, measure: str, of: str | None, message: str) -> None:
    with pytest.raises(UnknownCodeError, match=re.escape(message)):
        charts.fan(found, measure, of=of)


def test_one_scenario_is_compared_with_nothing(rows_of: Any, tmp_path: Path) -> None:
    one = by_hand(tmp_path, count=1)
    assert not any("Pointillé" in text for text in written(charts.fan(one), rows_of))
    assert any("Pointillé" in text for text in written(charts.fan(by_hand(tmp_path, count=2)), rows_of))


def test_a_programme_without_blackouts_or_values_has_empty_panels(rows_of: Any, tmp_path: Path) -> None:
    outcomes = by_hand(tmp_path, programme(calendar={}), count=1)
    for file in tmp_path.glob("*.parquet"):
        pl.read_parquet(file).filter(pl.col("measure") != "ratings").write_parquet(file)
    chart = charts.fan(outcomes, "rating")
    assert {"Scénario de référence", "Comment lire"} <= written(chart, rows_of)
    assert not {"Périodes de gel", "Élections"} & written(chart, rows_of)
    assert told(chart, rows_of) == set()


def test_months_are_named_as_there_is_room(found: Outcomes, rows_of: Any) -> None:
    long = replace(found, start=dt.date(2006, 9, 1), end=dt.date(2012, 12, 31))
    said = written(charts.fan(long), rows_of)
    assert "2009" in said
    assert "janv." in said
    assert "févr." not in said
    assert "févr." in written(charts.fan(found), rows_of)


# Money


def test_spending_adds_up_from_what_was_spent_before(found: Outcomes, rows_of: Any) -> None:
    chart = charts.spend(found, "en")
    # 650 for the session held before; each replication spends 20,000 more in a month than the one before.
    assert "Reference scenario, Feb. 2008: €80,650 (nine replications of ten: €44,650 to €116,650)" in told(
        chart, rows_of
    )
    assert "With €650 spent or committed before the first day." in chart.to_dict(validate=False)["title"]["subtitle"]


def test_spending_stands_beside_the_budget_of_its_scenario(rows_of: Any, tmp_path: Path) -> None:
    data = small()
    data["budget"] = {"total": "300000", "other_spending": "130000"}
    chart = charts.spend(by_hand(tmp_path, Programme.model_validate(data), count=2))
    texts = written(chart, rows_of)
    assert {"Budget total", "Budget total, moins les autres dépenses encore à venir"} <= texts
    lines = [row for row in rows_of(chart, "x", "x2", "y", "y2") if row["x2"] - row["x"] == 560 and "fill" not in row]
    flat = [row["y"] for row in lines if row["y"] == row["y2"]]
    sloped = [row for row in lines if row["y"] != row["y2"]]
    assert len(sloped) == 2
    assert all(row["y"] > row["y2"] for row in sloped)  # more and more of it is free
    assert len(flat) == len(set(flat)) + 1  # the total of the reference is on a tick, that of the other is not


def test_a_programme_without_a_limit_says_so(rows_of: Any, tmp_path: Path) -> None:
    chart = charts.spend(by_hand(tmp_path, programme(budget=None), count=1))
    assert "Le programme n'a pas de budget limité." in chart.to_dict(validate=False)["title"]["subtitle"]
    assert "Budget total" not in written(chart, rows_of)


# Where


def test_the_map_has_the_share_of_the_replications(found: Outcomes, rows_of: Any) -> None:
    marks = {row["told"].split(" (")[0]: row for row in rows_of(charts.coverage(found), "letter", "told", "size")}
    assert {name: row["letter"] for name, row in marks.items()} == {
        "Territoire 1": "",
        "Territoire 2": "33",
        "Territoire 3": "",
    }
    said = "Territoire 2 (Ariège), 2 000 habitants : vient au moins une fois dans 33 % des réplications"
    assert said in marks["Territoire 2"]["told"].replace("\N{NARROW NO-BREAK SPACE}", " ")
    texts = written(charts.coverage(found), rows_of)
    assert {"toujours (100 %) (1 territoire)", "jamais (1 territoire)"} <= texts


def test_the_map_of_another_scenario_has_differences(found: Outcomes, rows_of: Any) -> None:
    chart = charts.coverage(found, scenario="cut")
    marks = {row["told"].split(" (")[0]: row["letter"] for row in rows_of(chart, "letter", "told", "size")}
    assert marks == {"Territoire 1": "", "Territoire 2": "\N{MINUS SIGN}33", "Territoire 3": "+67"}
    assert "« Essai » comparé à « Scénario de référence »." in chart.to_dict(validate=False)["title"]["subtitle"]
    assert any("67 % des réplications, au lieu de 0 % (+67 points)" in text for text in told(chart, rows_of))


def test_a_scenario_that_was_not_simulated_is_refused(found: Outcomes) -> None:
    with pytest.raises(UnknownCodeError, match="unknown scenario: 'cutt'; did you mean cut"):
        charts.coverage(found, scenario="cutt")


def test_lorenz_curves_are_those_of_mean_attendances(found: Outcomes, rows_of: Any) -> None:
    chart = charts.lorenz_of(found)
    texts = written(chart, rows_of)
    means = [sum(came[0]) / 3 for came in ATTENDED.values()]
    shares = sorted(mean / sum(means) for mean in means)
    gini = 1 - sum((2 * sum(shares[:place]) + share) / 3 for place, share in enumerate(shares))
    assert f"Scénario de référence : {gini:.2f}".replace(".", ",") in texts
    assert any(re.fullmatch(r"open : 0,\d\d", text) for text in texts)
    said = "Scénario de référence : Territoire 2 ; jusqu'ici 67 % de la population, 14 % des participations"
    assert said in told(chart, rows_of)


def test_a_scenario_that_nobody_came_in_has_no_curve(found: Outcomes, rows_of: Any, tmp_path: Path) -> None:
    for file in found.folder.glob("*.parquet"):
        nothing = pl.when(pl.col("measure") == "attended").then(0.0).otherwise("value")
        kept = pl.read_parquet(file)
        kept.with_columns(value=nothing if not file.name.startswith("open") else "value").write_parquet(
            tmp_path / file.name
        )
    part = replace(found, folder=tmp_path)
    assert "Essai : aucune participation" in written(charts.lorenz_of(part), rows_of)
    none = replace(found, folder=tmp_path, scenarios=found.scenarios[:2])
    assert any("la courbe ne peut pas être tracée" in text for text in written(charts.lorenz_of(none), rows_of))


# Differences


def test_differences_have_their_sign_and_their_interval(found: Outcomes, rows_of: Any) -> None:
    chart = charts.differences(found, measures=["served", "spent", "reached"])
    said = told(chart, rows_of)
    minus = "\N{MINUS SIGN}"
    served = f"Essai, Participations de territoires : {minus}3,0 (moyenne : de {minus}3,0 à {minus}3,0 ; "
    assert any(text.startswith(served) for text in said)
    texts = written(chart, rows_of)
    assert {f"{minus}3,0", f"{minus}6,0", f"{minus}80 000 €", "0,0"} <= texts
    assert "Dépenses (€)" in texts
    dots = rows(chart, rows_of, "shape", "told")
    assert len(dots) == 2 * 3


def test_a_difference_that_is_not_known_is_a_dash(found: Outcomes, rows_of: Any, tmp_path: Path) -> None:
    for file in found.folder.glob("*.parquet"):
        kept = pl.read_parquet(file).filter(~pl.col("measure").is_in(["ratings", "rating_points"]))
        kept.write_parquet(tmp_path / file.name)
    part = replace(found, folder=tmp_path)
    chart = charts.differences(part, measures=["rating"])
    assert "–" in written(chart, rows_of)
    assert not list(rows(chart, rows_of, "shape", "told"))


def test_one_scenario_has_nothing_to_be_compared_with(rows_of: Any, tmp_path: Path) -> None:
    assert "Un seul scénario : il n'y a rien à comparer." in written(
        charts.differences(by_hand(tmp_path, count=1)), rows_of
    )


@pytest.mark.parametrize("name", ["sessions", "attended", "servde"])
def test_only_measures_of_the_whole_are_compared(found: Outcomes, name: str) -> None:
    with pytest.raises(UnknownCodeError, match=f"unknown measure: '{name}'"):
        charts.differences(found, measures=[name])


# Assumptions


def test_each_end_of_a_parameter_has_a_bar_with_its_value(rows_of: Any) -> None:
    chart = charts.tornado(sensitivity_by_hand())
    minus = "\N{MINUS SIGN}"
    texts = written(chart, rows_of)
    assert {f"0,15 : {minus}12,0", "0,7 : +8,0", f"80 : {minus}6,0", f"600 : {minus}1,0", "3,9 : +0,2"} <= texts
    assert {"Sessions par relais et par mois", "ajustée au rapport", "hypothèse", "rapport publié"} <= texts
    assert (
        "1 autre paramètre change moins la mesure, ou ne la change pas."
        in chart.to_dict(validate=False)["title"]["subtitle"]
    )
    bars = [row for row in rows(chart, rows_of, "fill", "middle", "error", "x2") if "text" not in row]
    first, second = bars[:2], bars[2:4]
    assert first[0]["middle"] == first[1]["middle"]
    assert first[0]["x2"] == first[1]["x"]
    assert second[0]["middle"] < second[1]["middle"]  # both go the same way: below each other
    assert second[0]["x2"] == second[1]["x2"]
    assert any(
        "Sessions that a relay organises in a month = 0.7: +8.0 (+6.5 to +9.5). Fitted: " in text
        for text in told(charts.tornado(sensitivity_by_hand(), "en"), rows_of)
    )


def test_nothing_that_matters_is_said(rows_of: Any) -> None:
    chart = charts.tornado(sensitivity_by_hand(count=1))
    assert "Aucun paramètre ne change cette mesure." in written(chart, rows_of)


def test_the_strongest_fifteen_are_shown(rows_of: Any) -> None:
    frame = sensitivity_by_hand().frame
    many = Sensitivity("served", pl.concat([frame.head(2)] * 9))
    chart = charts.tornado(many, "en")
    bars = [row for row in rows(chart, rows_of, "fill", "middle", "error") if "text" not in row]
    assert len(bars) == 2 * 15
    assert (
        "3 other parameters change the measure less, or not at all."
        in chart.to_dict(validate=False)["title"]["subtitle"]
    )


# Axes


@given(
    st.lists(st.floats(-1e9, 1e9).map(lambda value: round(value, 3)), min_size=1, max_size=5),
    st.integers(2, 8),
)
def test_axes_hold_their_values_between_round_ticks(values: list[float], ticks: int) -> None:
    axis = Axis.fitted(values, 0, 100, ticks)
    slack = axis.step * 1e-6
    assert axis.least - slack <= min(values)
    assert axis.most + slack >= max(values)
    assert 2 <= len(axis.ticks()) <= ticks + 3
    assert f"{axis.step:.0e}"[0] in "125"
    assert axis.place(axis.least) == 0
    assert axis.place(axis.most) == pytest.approx(100)
    assert len({axis.written(tick, "fr") for tick in axis.ticks()}) == len(axis.ticks())


@pytest.mark.parametrize("name", ["fan", "tornado"])
def test_french_specification_of_outcomes(found: Outcomes, golden: Golden, name: str) -> None:
    chart = charts.fan(found, "elected") if name == "fan" else charts.tornado(sensitivity_by_hand())
    spec = chart.to_dict(validate=False)
    del spec["$schema"]  # of the version installed
    golden(f"{name}_fr.json", json.dumps(spec, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
