"""The calendar and the map of a plan show each session once, where and when it is held, and who is invited."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from chart_expressions import EXPRESSIONS
from hostile import hostile_programme
from plan import plans
from prai_match import UnknownCodeError, charts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prai_match.plan import Plan

DRAWN = {"plan_calendar": charts.plan_calendar, "plan_map": charts.plan_map}


@pytest.fixture(scope="module")
def made() -> Plan:
    return plans.planned()


def symbols(chart: Any, rows_of: Callable[..., list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The symbols of sessions, each once: on a map, those that are booked stand again where their dots are."""
    found = {row["told"]: row for row in reversed(rows_of(chart, "shape", "booked", "letter"))}
    return list(found.values())


def dots(chart: Any) -> list[dict[str, Any]]:
    """The rows of the dots on symbols."""
    spec = chart.to_dict(validate=False)
    drawn = [layer for layer in found(spec) if layer["mark"].get("size") == 28]
    return [row for layer in drawn for row in spec["datasets"][layer["data"]["name"]]]


def found(spec: Any) -> Iterator[dict[str, Any]]:
    """The layers of a specification that have data of their own."""
    if isinstance(spec, dict):
        if isinstance(spec.get("mark"), dict) and "data" in spec:
            yield spec
        for name, part in spec.items():
            if name != "datasets":
                yield from found(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from found(part)


@pytest.mark.parametrize("name", DRAWN)
def test_each_session_stands_once_and_booked_ones_have_a_dot(made: Plan, rows_of: Any, written: Any, name: str) -> None:
    chart = DRAWN[name](made)
    drawn = symbols(chart, rows_of)
    assert sorted(row["letter"] for row in drawn) == ["B", "C", "D", "E"]
    assert [row["letter"] for row in drawn if row["booked"]] == ["E"]
    assert [row["told"] for row in dots(chart)] == [row["told"] for row in drawn if row["booked"]]
    assert "Téléservices" in dots(chart)[0]["told"]
    texts = written(chart)
    assert "C · Site (1)" in texts
    assert not any(text.startswith("A · ") for text in texts)
    assert any("Point au coin du symbole : session déjà programmée (1)" in text for text in texts)
    assert sorted(text for text in texts if len(text) == 1 and text in "ABCDEFGH") == ["B", "C", "D", "E"]
    told = {row["letter"]: row["told"] for row in drawn}
    assert told["C"] == "24 septembre 2007 : Site ; Territoire 1 ; 2 territoires, 8 élus, 4 techniciens"


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_it_comes_to_is_under_the_title(made: Plan, name: str, lang: Any) -> None:
    spec = DRAWN[name](made, lang).to_dict(validate=True)
    subtitle = " ".join(spec["title"]["subtitle"])
    told = {"fr": "3 nouvelles sessions ; 1 déjà programmée", "en": "3 new sessions; 1 already booked"}
    assert told[lang] in subtitle
    assert spec["description"].startswith(spec["title"]["text"])


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.usefixtures("english")
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
    for key, value in walk(chart.to_dict(validate=False)):
        assert key not in {"signal", "filter", "calculate", "transform", "params"}
        assert key not in {"expr", "labelExpr"} or value in EXPRESSIONS


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
def test_an_empty_plan_is_drawn(name: str, rows_of: Any, written: Any) -> None:
    empty = plans.planned(plans.programme(trainers=[], sessions=[], attendances=[]))
    chart = DRAWN[name](empty)
    assert symbols(chart, rows_of) == []
    assert not any("Point au coin" in text for text in written(chart))
    assert chart.to_dict(validate=True)


# The calendar


def test_sessions_of_a_week_are_stacked_by_date_in_the_row_of_their_departement(
    made: Plan, rows_of: Any, written: Any
) -> None:
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
    drawn = {row["letter"]: row for row in symbols(charts.plan_calendar(same), rows_of)}
    assert [drawn[letter]["on"] for letter in "CED"] == [drawn["C"]["on"]] * 3
    assert [drawn[letter]["line"] for letter in "CED"] == ["Ariège", "Ariège\n1", "Ariège\n2"]
    spec = charts.plan_calendar(same).to_dict(validate=False)
    scale = next(layer["encoding"]["y"]["scale"] for layer in found(spec) if "scale" in layer["encoding"].get("y", {}))
    assert scale["domain"] == ["Ariège", "Ariège\n1", "Ariège\n2"]
    assert drawn["B"]["on"] > drawn["C"]["on"]
    assert {letter: drawn[letter]["day"] for letter in "BCDE"} == {"B": "8", "C": "1", "D": "5", "E": "2"}
    assert written(charts.plan_calendar(same)).count("Ariège") == 1


def test_a_short_period_shows_each_session_on_its_day(rows_of: Any) -> None:
    plan = plans.planned(start=dt.date(2007, 9, 24), end=dt.date(2007, 10, 26))
    drawn = {row["letter"]: row for row in symbols(charts.plan_calendar(plan), rows_of)}
    assert {letter: row["day"] for letter, row in drawn.items()} == {"B": "22", "C": "15", "D": "16", "E": "2"}
    for row in drawn.values():
        on = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=row["on"])  # noqa: DTZ001 - as the library counts
        assert (str(on.day), on.hour) == (row["day"], 12)
    assert drawn["B"]["line"] == drawn["C"]["line"]


def test_sums_stand_at_the_right_and_below(made: Plan, rows_of: Any, written: Any) -> None:
    sums = [row for row in rows_of(charts.plan_calendar(made), "on", "text") if "letter" not in row]
    assert sum(int(row["text"]) for row in sums if row["text"] != "–") == 4
    assert [row["text"] for row in rows_of(charts.plan_calendar(made), "line", "text") if "letter" not in row] == ["4"]
    assert written(charts.plan_calendar(made)).count("Total") == 2


def test_days_without_sessions_are_coloured_and_named(rows_of: Any, written: Any) -> None:
    zoned = plans.programme(calendar={**plans.data()["calendar"], "school_holidays": "A"})
    plan = plans.planned(zoned, start=dt.date(2008, 1, 7), end=dt.date(2008, 6, 30))
    chart = charts.plan_calendar(plan)
    bands = {row["told"]: row for row in rows_of(chart, "on", "end", "fill", "told")}
    assert bands.keys() == {"Délai de prévenance", "Élections municipales"}
    assert bands["Délai de prévenance"]["end"] < bands["Élections municipales"]["on"]
    texts = written(chart)
    assert texts.count("Élections municipales") == 1
    assert any(text.startswith("Municipales 2008") for text in texts)
    autumn = plans.planned(zoned)
    told = {row["told"] for row in rows_of(charts.plan_calendar(autumn, "en"), "on", "end", "fill", "told")}
    assert told == {"Notice", "Public holidays", "School holidays"}
    assert told <= set(written(charts.plan_calendar(autumn, "en")))


def test_a_long_period_has_narrow_weeks_and_few_names_of_months(written: Any) -> None:
    plan = plans.planned(start=dt.date(2006, 9, 1), end=dt.date(2009, 9, 1))
    chart = charts.plan_calendar(plan)
    assert chart.to_dict(validate=False)["hconcat"][0]["width"] < 160 * 16
    words = written(chart)
    assert "août 2006 28" not in words  # the next month begins a week later
    assert {"sept. 2006 4", "janv. 2008 7"} <= set(words)


# The map


def test_lines_lead_from_each_territory_invited_to_its_host(made: Plan, rows_of: Any) -> None:
    chart = charts.plan_map(made)
    spec = chart.to_dict(validate=True)
    drawn = [spec["datasets"][layer["data"]["name"]] for layer in found(spec) if layer["mark"]["type"] == "rule"]
    travelling = made.seats.filter(pl.col("km") > 0)
    assert [len(lines) for lines in drawn] == [travelling.height] * 2  # in their colour, above grey
    ends = {(row["longitude2"], row["latitude2"]) for row in drawn[0]}
    assert len(ends) == 3
    starts = {(row["longitude"], row["latitude"]) for row in drawn[0]}
    places = {(place.longitude, place.latitude) for place in made.inputs.programme.territories}
    assert starts | ends <= places
    marks = {row["told"] for row in rows_of(chart, "size", "told") if "invité à" in row["told"]}
    assert "Territoire 1 (Ariège) : invité à 3 sessions" in marks


def test_sessions_of_a_host_stand_side_by_side(made: Plan, rows_of: Any) -> None:
    together = made.with_sessions(made.sessions.with_columns(host=pl.lit("T1")))
    drawn = symbols(charts.plan_map(together), rows_of)
    places = {(round(row["longitude"], 9), round(row["latitude"], 9)) for row in drawn}
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


def test_a_programme_without_territories_says_so(written: Any) -> None:
    nothing: dict[str, list[Any]] = {name: [] for name in ("territories", "sessions", "attendances", "needs")}
    chart = charts.plan_map(plans.planned(plans.programme(**nothing)))
    assert "Aucun territoire" in written(chart)
    assert charts.plan_calendar(plans.planned(plans.programme(**nothing))).to_dict(validate=True)
