"""Charts of simulated outcomes show what replications came to, where, and how scenarios differ, as it is counted."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from made import programme, small
from outcomes_by_hand import ATTENDED, by_hand, sensitivity_by_hand
from prai_match import Programme, UnknownCodeError, charts
from prai_match.simulate import Outcomes, Sensitivity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from goldens import Golden

DRAWN: dict[str, Callable[..., Any]] = {
    "fan": lambda found, lang="fr": charts.fan(found, lang=lang),
    "spend": charts.spend,
    "coverage": charts.coverage,
    "lorenz": lambda found, lang="fr": charts.lorenz(found, lang=lang),
    "differences": charts.differences,
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return by_hand(tmp_path_factory.mktemp("outcomes"))


def told(chart: Any, rows_of: Any) -> set[str]:
    return {row["told"] for row in rows_of(chart, "told") if row["told"]}


def layers(spec: dict[str, Any], mark: str) -> list[list[dict[str, Any]]]:
    """The rows of each layer with a mark, in the order that they are drawn."""

    def found(part: Any) -> Iterator[list[dict[str, Any]]]:
        if isinstance(part, dict):
            if isinstance(drawn := part.get("mark"), dict) and drawn["type"] == mark and "data" in part:
                yield spec["datasets"][part["data"]["name"]]
            for name, value in part.items():
                if name != "datasets":
                    yield from found(value)
        elif isinstance(part, list):
            for value in part:
                yield from found(value)

    return list(found(spec))


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
@pytest.mark.usefixtures("english")
def test_an_unknown_language_is_refused(found: Outcomes, name: str) -> None:
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
        DRAWN[name](found, "de")


@pytest.mark.parametrize("name", ["fan", "spend", "differences"])
def test_scenarios_are_called_by_their_names_for_people(found: Outcomes, written: Any, name: str) -> None:
    said = written(DRAWN[name](found))
    assert any("Scénario de référence" in text for text in said)
    assert {"Essai", "open"} <= set(said)


# Month by month


def test_a_fan_has_the_median_and_both_bands_of_each_month(found: Outcomes, rows_of: Any) -> None:
    said = told(charts.fan(found), rows_of)
    assert "Scénario de référence, janv. 2008 : 11,0 (neuf réplications sur dix : de 10,1 à 11,9)" in said
    assert "Essai, avril 2008 : 8,0 (neuf réplications sur dix : de 7,1 à 8,9)" in said
    assert "Scénario de référence, févr. 2008 : 0,0 (neuf réplications sur dix : de 0,0 à 0,0)" in said
    spec = charts.fan(found).to_dict(validate=False)
    bands = [
        (layer["encoding"]["y"]["field"], layer["encoding"]["y2"]["field"])
        for panel in spec["hconcat"][0]["vconcat"]
        for layer in panel["layer"]
        if layer["mark"]["type"] == "area"
    ]
    assert bands == [("low", "high"), ("lower", "upper")] * 3
    for months in layers(spec, "circle"):
        assert [row["median"] for row in months][1] == 0
        for row in months:
            outer, inner = row["high"] - row["low"], row["upper"] - row["lower"]
            assert outer == pytest.approx(inner * 0.9 / 0.5, abs=0.01)
            assert row["low"] <= row["lower"] <= row["median"] <= row["upper"] <= row["high"]


def test_months_stand_in_their_middle_on_axes_of_the_period(found: Outcomes, rows_of: Any) -> None:
    days = {
        (dt.date(1970, 1, 1) + dt.timedelta(milliseconds=row["on"])) for row in rows_of(charts.fan(found), "median")
    }
    middles = {dt.date(2008, 1, 16), dt.date(2008, 2, 15), dt.date(2008, 3, 16), dt.date(2008, 4, 16)}
    assert days == middles
    spec = charts.fan(found).to_dict(validate=False)
    panels = spec["hconcat"][0]
    assert panels["resolve"] == {"scale": {"y": "shared"}}
    domains = {tuple(panel["layer"][0]["encoding"]["x"]["scale"]["domain"]) for panel in panels["vconcat"]}
    assert domains == {(moment(dt.date(2008, 1, 1)), moment(dt.date(2008, 5, 1)) - 1)}


def moment(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days * 86_400_000


def test_what_the_last_month_comes_to_stands_beside_the_line(found: Outcomes, written: Any) -> None:
    assert "9,0 [8,1 ; 9,9]" in written(charts.fan(found))
    assert "9.0 [8.1; 9.9]" in written(charts.fan(found, lang="en"))


def test_a_month_without_a_value_breaks_the_line(found: Outcomes, written: Any) -> None:
    chart = charts.fan(found, "rating")
    spec = chart.to_dict(validate=True)
    first = layers(spec, "circle")[0]
    assert [(row["line"], row["told"].split(",")[1].split(" :")[0]) for row in first] == [
        (0, " janv. 2008"),
        (1, " mars 2008"),
        (1, " avril 2008"),
    ]
    # One month alone has a band of some width.
    alone = [row["on"] for row in layers(spec, "area")[0] if row["line"] == 0]
    assert len(alone) == 2
    assert alone[0] < first[0]["on"] < alone[1]
    # A ratio doesn't begin at 0.
    assert "0" not in written(chart)
    assert "0" in written(charts.fan(found))


def test_blackouts_are_those_of_each_scenario(found: Outcomes, written: Any) -> None:
    spec = charts.fan(found).to_dict(validate=False)
    frozen = layers(spec, "rect")
    ends = {"on": moment(dt.date(2008, 2, 1)), "end": moment(dt.date(2008, 5, 1))}
    closed = [ends | {"told": "Élections municipales"}]
    assert frozen == [closed, closed, []]  # not in the scenario without any
    votes = [{"on": moment(dt.date(2008, 3, 16)), "told": "Municipales 2008 : 16 mars 2008"}]
    assert [row for row in layers(spec, "rule") if row] == [votes] * 3
    assert {"Périodes sans session", "Élections", "Municipales 2008 : 16 mars 2008"} <= set(written(charts.fan(found)))


def test_a_part_of_a_measure_can_be_drawn(found: Outcomes) -> None:
    titles = [
        charts.fan(found, measure, of=of).to_dict(validate=False)["title"]["text"]
        for measure, of in (("sessions", "09"), ("workshops", "sig"), ("attended", "T1"))
    ]
    assert titles == [
        "Sessions tenues, par département, mois par mois : Ariège",
        "Ateliers tenus, mois par mois : SIG",
        "Participations d’un territoire, au total, mois par mois : Territoire 1",
    ]


@pytest.mark.parametrize(
    ("measure", "of", "message"),
    [
        ("serve", None, "unknown measure: 'serve'; did you mean served"),
        ("sessions", None, "unknown département: None"),
        ("workshops", "sigg", "unknown session: 'sigg'; did you mean sig"),
        ("served", "T1", "unknown part of the measure: 'T1'"),
    ],
)
@pytest.mark.usefixtures("english")
def test_what_is_not_counted_is_refused(found: Outcomes, measure: str, of: str | None, message: str) -> None:
    with pytest.raises(UnknownCodeError, match=re.escape(message)):
        charts.fan(found, measure, of=of)


def test_others_are_compared_with_the_first(written: Any, tmp_path: Path) -> None:
    one, two = by_hand(tmp_path, count=1), by_hand(tmp_path, count=2)
    assert not any("Pointillé" in text for text in written(charts.fan(one)))
    assert any("Pointillé : médiane de « Scénario de référence »" in text for text in written(charts.fan(two)))
    (_, line), (compared, _) = (lines for lines in pairs(layers(charts.fan(two).to_dict(validate=False), "line")))
    assert compared == line


def pairs(lines: list[list[dict[str, Any]]]) -> list[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """The line of each panel behind what it is compared with."""
    return list(zip(lines[::2], lines[1::2], strict=True))


def test_a_programme_without_blackouts_or_values_has_empty_panels(rows_of: Any, written: Any, tmp_path: Path) -> None:
    outcomes = by_hand(tmp_path, programme(calendar={}), count=1)
    for file in tmp_path.glob("*.parquet"):
        pl.read_parquet(file).filter(pl.col("measure") != "ratings").write_parquet(file)
    chart = charts.fan(outcomes, "rating")
    assert {"Scénario de référence", "Comment lire"} <= set(written(chart))
    assert not {"Périodes sans session", "Élections"} & set(written(chart))
    assert told(chart, rows_of) == set()


def test_months_are_named_as_there_is_room(found: Outcomes, written: Any) -> None:
    long = replace(found, start=dt.date(2006, 9, 1), end=dt.date(2012, 12, 31))
    said = written(charts.fan(long))
    assert {"janv. 2007", "janv. 2009", "juil."} <= set(said)
    assert "févr." not in said
    assert "févr." in written(charts.fan(found))
    assert "Feb." in written(charts.fan(found, lang="en"))


# Money


def test_spending_adds_up_from_what_was_spent_before(found: Outcomes, rows_of: Any) -> None:
    chart = charts.spend(found, "en")
    # 650 for the session held before; each replication spends 20,000 more in a month than the one before.
    assert "Reference scenario, Feb. 2008: €80,650 (nine replications of ten: €44,650 to €116,650)" in told(
        chart, rows_of
    )
    assert "With €650 spent or committed before the first day." in chart.to_dict(validate=False)["title"]["subtitle"]


def test_spending_stands_beside_the_budget_of_its_scenario(written: Any, tmp_path: Path) -> None:
    data = small()
    data["budget"] = {"total": "300000", "other_spending": "130000"}
    chart = charts.spend(by_hand(tmp_path, Programme.model_validate(data), count=2))
    assert {"Budget total", "Budget total, moins les autres dépenses encore à venir"} <= set(written(chart))
    lines = layers(chart.to_dict(validate=False), "line")
    limits = [[row["median"] for row in line] for line in lines if line and "told" not in line[0]]
    assert limits[::2] == [[300_000, 300_000], [150_000, 150_000]]  # the total of each scenario
    for (before, after), total in zip(limits[1::2], (300_000, 150_000), strict=True):
        assert before < after < total  # more and more of it is free


def test_a_programme_without_a_limit_says_so(written: Any, tmp_path: Path) -> None:
    chart = charts.spend(by_hand(tmp_path, programme(budget=None), count=1))
    assert "Le programme n’a pas de budget limité." in chart.to_dict(validate=False)["title"]["subtitle"]
    assert "Budget total" not in written(chart)


# Where


def test_the_map_has_the_share_of_the_replications(found: Outcomes, rows_of: Any, written: Any) -> None:
    marks = {row["told"].split(" (")[0]: row for row in rows_of(charts.coverage(found), "letter", "told", "size")}
    assert {name: row["letter"] for name, row in marks.items()} == {
        "Territoire 1": "",
        "Territoire 2": "33",
        "Territoire 3": "",
    }
    said = "Territoire 2 (Ariège), 2 000 habitants : vient au moins une fois dans 33 % des réplications"
    assert said in marks["Territoire 2"]["told"].replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert {"toujours (100 %) (1 territoire)", "jamais (1 territoire)"} <= set(written(charts.coverage(found)))
    assert marks["Territoire 1"]["fill"] != marks["Territoire 2"]["fill"] != marks["Territoire 3"]["fill"]


def test_the_map_of_another_scenario_has_differences(found: Outcomes, rows_of: Any) -> None:
    chart = charts.coverage(found, scenario="cut")
    marks = {row["told"].split(" (")[0]: row["letter"] for row in rows_of(chart, "letter", "told", "size")}
    assert marks == {"Territoire 1": "", "Territoire 2": "\N{MINUS SIGN}33", "Territoire 3": "+67"}
    assert "« Essai » comparé à « Scénario de référence »." in chart.to_dict(validate=False)["title"]["subtitle"]
    assert any("67 % des réplications, au lieu de 0 % (écart en points : +67)" in text for text in told(chart, rows_of))


@pytest.mark.usefixtures("english")
def test_a_scenario_that_was_not_simulated_is_refused(found: Outcomes) -> None:
    with pytest.raises(UnknownCodeError, match="unknown scenario: 'cutt'; did you mean cut"):
        charts.coverage(found, scenario="cutt")


def test_lorenz_curves_are_those_of_mean_attendances(found: Outcomes, rows_of: Any, written: Any) -> None:
    chart = charts.lorenz(found)
    texts = written(chart)
    means = [sum(came[0]) / 3 for came in ATTENDED.values()]
    shares = sorted(mean / sum(means) for mean in means)
    gini = 1 - sum((2 * sum(shares[:place]) + share) / 3 for place, share in enumerate(shares))
    assert f"Scénario de référence : {gini:.2f}".replace(".", ",") in texts
    assert any(re.fullmatch(r"open : 0,\d\d", text) for text in texts)
    said = "Scénario de référence : Territoire 2 ; jusqu’ici 67 % de la population, 14 % des participations"
    assert said in told(chart, rows_of)
    assert len(told(chart, rows_of)) == 3 * 3  # each territory in each scenario, but not where a curve begins


def test_a_scenario_that_nobody_came_in_has_no_curve(found: Outcomes, written: Any, tmp_path: Path) -> None:
    for file in found.folder.glob("*.parquet"):
        nothing = pl.when(pl.col("measure") == "attended").then(0.0).otherwise("value")
        kept = pl.read_parquet(file)
        kept.with_columns(value=nothing if not file.name.startswith("open") else "value").write_parquet(
            tmp_path / file.name
        )
    part = replace(found, folder=tmp_path)
    assert "Essai : aucune participation" in written(charts.lorenz(part))
    none = replace(found, folder=tmp_path, scenarios=found.scenarios[:2])
    assert any("la courbe ne peut pas être tracée" in text for text in written(charts.lorenz(none)))


# Differences


def test_differences_have_their_sign_and_their_interval(found: Outcomes, rows_of: Any, written: Any) -> None:
    chart = charts.differences(found, measures=["served", "spent", "reached"])
    said = told(chart, rows_of)
    minus = "\N{MINUS SIGN}"
    served = f"Essai, Participations de territoires : {minus}3,0 (moyenne : de {minus}3,0 à {minus}3,0 ; "
    assert any(text.startswith(served) for text in said)
    texts = written(chart)
    assert {f"{minus}3,0", f"{minus}6,0", f"{minus}80 000 €", "0,0"} <= set(texts)
    assert "Dépenses (€)" in texts
    panels = [panel["layer"] for panel in chart.to_dict(validate=True)["concat"]]
    for panel in panels:
        ends = [
            (layer["encoding"]["x"]["field"], layer["encoding"]["x2"]["field"])
            for layer in panel
            if layer["mark"]["type"] == "rule" and "x2" in layer["encoding"]
        ]
        assert ends == [("least", "most"), ("low", "high")]
    dots = layers(chart.to_dict(validate=False), "point")
    assert [len(rows) for rows in dots] == [2, 2, 2]
    assert [row["mean"] for row in dots[0]] == [-3, -6]


def test_a_difference_that_is_not_known_is_a_dash(found: Outcomes, written: Any, tmp_path: Path) -> None:
    for file in found.folder.glob("*.parquet"):
        kept = pl.read_parquet(file).filter(~pl.col("measure").is_in(["ratings", "rating_points"]))
        kept.write_parquet(tmp_path / file.name)
    part = replace(found, folder=tmp_path)
    chart = charts.differences(part, measures=["rating"])
    assert "–" in written(chart)
    assert layers(chart.to_dict(validate=False), "point") == [[]]


def test_one_scenario_has_nothing_to_be_compared_with(written: Any, tmp_path: Path) -> None:
    chart = charts.differences(by_hand(tmp_path, count=1))
    assert "Un seul scénario : il n’y a rien à comparer." in written(chart)


@pytest.mark.parametrize("name", ["sessions", "attended", "servde"])
@pytest.mark.usefixtures("english")
def test_only_measures_of_the_whole_are_compared(found: Outcomes, name: str) -> None:
    with pytest.raises(UnknownCodeError, match=f"unknown measure: '{name}'"):
        charts.differences(found, measures=[name])


# Assumptions


def test_each_end_of_a_parameter_has_a_bar_with_its_value(rows_of: Any, written: Any) -> None:
    chart = charts.tornado(sensitivity_by_hand())
    minus = "\N{MINUS SIGN}"
    texts = set(written(chart))
    assert {f"0,15 : {minus}12,0", "0,7 : +8,0", f"80 : {minus}6,0", f"600 : {minus}1,0", "3,9 : +0,2"} <= texts
    assert {"Sessions par relais et par mois", "ajustée au rapport", "hypothèse", "rapport publié"} <= texts
    assert (
        "1 autre paramètre change moins la mesure, ou ne la change pas."
        in chart.to_dict(validate=False)["title"]["subtitle"]
    )
    (bars,) = layers(chart.to_dict(validate=True), "bar")
    assert [row["mean"] for row in bars] == [-12, 8, -6, -1, 0, 0.25]
    assert [(row["low"], row["high"]) for row in bars[:2]] == [(-14, -10), (6.5, 9.5)]
    first, second = bars[:2], bars[2:4]
    assert first[0]["aside"] == first[1]["aside"]
    assert second[0]["aside"] < second[1]["aside"]  # both go the same way: below each other
    assert {row["left"] for row in second} == {True}
    assert any(
        "Sessions that a relay organises in a month = 0.7: +8.0 (+6.5 to +9.5). Fitted: " in text
        for text in told(charts.tornado(sensitivity_by_hand(), "en"), rows_of)
    )


def test_nothing_that_matters_is_said(written: Any) -> None:
    assert "Aucun paramètre ne change cette mesure." in written(charts.tornado(sensitivity_by_hand(count=1)))


def test_the_strongest_fifteen_are_shown() -> None:
    frame = sensitivity_by_hand().frame
    many = Sensitivity("served", pl.concat([frame.head(2)] * 9))
    chart = charts.tornado(many, "en")
    (bars,) = layers(chart.to_dict(validate=False), "bar")
    assert len(bars) == 2 * 15
    assert (
        "3 other parameters change the measure less, or not at all."
        in chart.to_dict(validate=False)["title"]["subtitle"]
    )


def test_axes_of_differences_have_signs_but_at_zero(written: Any) -> None:
    texts = written(charts.tornado(sensitivity_by_hand()))
    assert {"\N{MINUS SIGN}10", "\N{MINUS SIGN}5", "0", "+5"} <= set(texts)
    assert "+0" not in texts


@pytest.mark.parametrize("name", ["fan", "tornado"])
def test_french_specification_of_outcomes(found: Outcomes, golden: Golden, name: str) -> None:
    chart = charts.fan(found, "elected") if name == "fan" else charts.tornado(sensitivity_by_hand())
    spec = chart.to_dict(validate=False)
    del spec["$schema"]  # of the version installed
    golden(f"{name}_fr.json", json.dumps(spec, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
