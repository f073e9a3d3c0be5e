"""The calendar and the map of a plan show each session once, where and when it is held, and who is invited."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from hostile import hostile_programme
from plan import plans
from prai_match import UnknownCodeError, charts

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.plan import Plan

DRAWN = {"plan_calendar": charts.plan_calendar, "plan_map": charts.plan_map}
ZONE_A = "A"


@pytest.fixture(scope="module")
def made() -> Plan:
    return plans.planned()


def symbols(chart: Any, rows_of: Callable[..., list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The symbols of sessions; their letters have no shape of their own but are the same rows."""
    found = {json.dumps(row, sort_keys=True): row for row in rows_of(chart, "shape", "booked", "text")}
    return [row for row in found.values() if row["text"].isalpha()]


@pytest.mark.parametrize("name", DRAWN)
def test_each_session_stands_once_and_booked_ones_have_a_dot(made: Plan, rows_of: Any, name: str) -> None:
    chart = DRAWN[name](made)
    drawn = symbols(chart, rows_of)
    assert sorted(row["text"] for row in drawn) == ["B", "C", "D", "E"]
    assert [row["text"] for row in drawn if row["booked"]] == ["E"]
    dots = [row for row in rows_of(chart, "shape", "told") if row.get("size") == 28]
    assert len(dots) == 1
    assert "Téléservices" in dots[0]["told"]
    texts = {str(row["text"]).replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ") for row in rows_of(chart, "text")}
    assert {"Site (1)", "Buffet web (0)", "Point noir : session déjà réservée (1)"} <= texts
    told = {row["text"]: row["told"] for row in drawn}
    assert told["C"] == "24 septembre 2007 : Site ; Territoire 1 ; 2 territoires, 8 élus, 4 techniciens"


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_it_comes_to_is_under_the_title(made: Plan, name: str, lang: Any) -> None:
    spec = DRAWN[name](made, lang).to_dict(validate=True)
    subtitle = " ".join(spec["title"]["subtitle"])
    assert {"fr": "3 nouvelles sessions ; 1 déjà réservée", "en": "3 new sessions; 1 already booked"}[lang] in subtitle
    assert spec["description"].startswith(spec["title"]["text"])


@pytest.mark.parametrize("name", DRAWN)
def test_an_unknown_language_is_refused(made: Plan, name: str) -> None:
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
        DRAWN[name](made, "de")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_plan_gives_the_same_chart(made: Plan, name: str) -> None:
    assert DRAWN[name](made).to_json() == DRAWN[name](plans.planned()).to_json()


@pytest.mark.parametrize("name", DRAWN)
def test_hostile_names_stay_texts(name: str, walk: Callable[..., Any]) -> None:
    plan = hostile_programme().plan(plans.START, plans.END, time_limit=0)
    chart = DRAWN[name](plan)
    spec = json.dumps(chart.to_dict(validate=False), ensure_ascii=False)
    assert "</" not in spec
    assert "<script" not in spec
    assert not re.search("[\u202e\x07\x1b]", spec)
    for key, _ in walk(chart.to_dict(validate=False)):
        assert key not in {"expr", "signal", "filter", "calculate", "transform", "params"}


@pytest.mark.parametrize("name", DRAWN)
def test_sessions_that_have_no_day_or_place_are_counted_apart(made: Plan, rows_of: Any, name: str) -> None:
    dates = pl.when(session="sig").then(None).when(session="b_geo").then(dt.date(2012, 1, 2)).otherwise("date")
    hosts = pl.when(session="site_internet").then(pl.lit("T9")).otherwise("host")
    odd = made.with_sessions(made.sessions.with_columns(date=dates.cast(pl.Date), host=hosts))
    chart = DRAWN[name](odd)
    assert len(symbols(chart, rows_of)) == 1
    assert (
        "3 sessions hors de la période, sans date ou sans lieu ne sont pas montrées."
        in chart.to_dict(validate=False)["description"]
    )


@pytest.mark.parametrize("name", DRAWN)
def test_an_empty_plan_is_drawn(name: str, rows_of: Any) -> None:
    empty = plans.planned(plans.programme(trainers=[], sessions=[], attendances=[]))
    chart = DRAWN[name](empty)
    assert symbols(chart, rows_of) == []
    assert not any("Point noir" in str(row["text"]) for row in rows_of(chart, "text"))
    assert chart.to_dict(validate=True)


# The calendar


def test_sessions_of_a_week_are_stacked_by_date_in_the_row_of_their_departement(made: Plan, rows_of: Any) -> None:
    same = made.with_sessions(
        made.sessions.with_columns(
            date=pl.when(session="sig")
            .then(dt.date(2007, 10, 5))
            .when(session="b_geo")
            .then(dt.date(2007, 10, 8))
            .when(session="site_internet")
            .then(dt.date(2007, 10, 1))
            .otherwise("date")
        )
    )
    drawn = {row["text"]: row for row in symbols(charts.plan_calendar(same), rows_of)}
    assert [drawn[letter]["x"] for letter in "CED"] == [drawn["C"]["x"]] * 3
    assert drawn["C"]["y"] < drawn["E"]["y"] < drawn["D"]["y"]
    assert drawn["B"]["x"] > drawn["C"]["x"]
    assert {letter: drawn[letter]["day"] for letter in "BCDE"} == {"B": "8", "C": "1", "D": "5", "E": "2"}


def test_a_short_period_shows_each_session_on_its_day(rows_of: Any) -> None:
    plan = plans.planned(start=dt.date(2007, 9, 24), end=dt.date(2007, 10, 26))
    drawn = {row["text"]: row for row in symbols(charts.plan_calendar(plan), rows_of)}
    assert {letter: row["day"] for letter, row in drawn.items()} == {"B": "22", "C": "15", "E": "2"}
    assert drawn["B"]["x"] - drawn["C"]["x"] == pytest.approx(7 * 16)
    assert drawn["B"]["y"] == drawn["C"]["y"]


def test_days_without_sessions_are_coloured_and_named(rows_of: Any) -> None:
    plan = plans.planned(start=dt.date(2008, 1, 7), end=dt.date(2008, 6, 30), school_holidays=ZONE_A)
    chart = charts.plan_calendar(plan)
    bands = {row["told"]: row for row in rows_of(chart, "x2", "fill", "told")}
    assert bands.keys() == {"Délai de prévenance", "Élections municipales"}
    assert bands["Délai de prévenance"]["x2"] < bands["Élections municipales"]["x"]
    texts = [str(row["text"]).replace("\n", " ") for row in rows_of(chart, "text")]
    assert texts.count("Élections municipales") == 1
    assert any(text.startswith("Municipales 2008") for text in texts)
    autumn = plans.planned(school_holidays=ZONE_A)
    told = {row["told"] for row in rows_of(charts.plan_calendar(autumn, "en"), "x2", "fill", "told")}
    assert told == {"Notice", "Public holidays", "School holidays"}


def test_a_long_period_has_narrow_weeks_and_few_names_of_months(rows_of: Any) -> None:
    plan = plans.planned(start=dt.date(2006, 9, 1), end=dt.date(2009, 9, 1))
    chart = charts.plan_calendar(plan)
    assert chart.to_dict(validate=False)["hconcat"][0]["width"] < 160 * 16
    words = {str(row["text"]) for row in rows_of(chart, "text")}
    assert not {"août 2006", "août"} & words
    assert "sept. 2006" in words


# The map


def test_lines_lead_from_each_territory_invited_to_its_host(made: Plan, rows_of: Any) -> None:
    chart = charts.plan_map(made)
    drawn = [row for row in rows_of(chart, "x", "y", "x2", "y2") if "fill" not in row]
    travelling = made.seats.filter(pl.col("km") > 0)
    assert len({json.dumps(row, sort_keys=True) for row in drawn}) <= travelling.height
    assert len(drawn) == 2 * travelling.height  # in their colour, above grey
    ends = {(row["x2"], row["y2"]) for row in drawn}
    assert len(ends) == 2
    marks = {row["told"] for row in rows_of(chart, "shape", "told") if "invité à" in row["told"]}
    assert "Territoire 1 (Ariège) : invité à 3 sessions" in marks


def test_sessions_of_a_host_stand_side_by_side(made: Plan, rows_of: Any) -> None:
    together = made.with_sessions(made.sessions.with_columns(host=pl.lit("T1")))
    drawn = symbols(charts.plan_map(together), rows_of)
    places = {(round(row["x"], 3), round(row["y"], 3)) for row in drawn}
    assert len(places) == 4
    assert sorted(len({x for x, y in places if y == line}) for line in {y for _, y in places}) == [1, 3]


def test_territories_overseas_have_their_own_map(rows_of: Any) -> None:
    data = plans.data()
    data["territories"].append(
        {**data["territories"][0], "id": "R1", "name": "Saint-Denis", "departement": "974", "members": ["09006"]}
        | {"latitude": -20.9, "longitude": 55.4}
    )
    data["territories"][2]["members"] = ["09005"]
    chart = charts.plan_map(plans.planned(plans.programme(**data)))
    assert "vconcat" in chart.to_dict(validate=False)["hconcat"][0]
    assert len(symbols(chart, rows_of)) == plans.planned(plans.programme(**data)).sessions.height


def test_a_programme_without_territories_says_so(rows_of: Any) -> None:
    nothing: dict[str, list[Any]] = {name: [] for name in ("territories", "sessions", "attendances", "needs")}
    chart = charts.plan_map(plans.planned(plans.programme(**nothing)))
    assert "Aucun territoire" in {row["text"] for row in rows_of(chart, "text")}
    assert charts.plan_calendar(plans.planned(plans.programme(**nothing))).to_dict(validate=True)
