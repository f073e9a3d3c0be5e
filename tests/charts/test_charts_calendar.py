"""The calendar shows each session on its day, the blackouts and the elections."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import made
from prai_match import Programme, charts


def _sessions(days: list[str], code: str = "b_web") -> list[dict[str, Any]]:
    return [{"id": f"h{n}", "session": code, "date": day, "host": "T1"} for n, day in enumerate(days)]


def test_each_session_stands_once(bundled: Programme, rows_of: Any) -> None:
    symbols = [row for row in rows_of(charts.calendar(bundled), "shape", "ink", "told") if "tone" not in row]
    assert len(symbols) == len(bundled.sessions)
    assert "14 novembre 2006 : Communiquer et informer sur internet ; CA du Grand Cahors" in {
        row["told"] for row in symbols
    }


def test_blackouts_are_bands_with_their_reason(bundled: Programme, rows_of: Any) -> None:
    chart = charts.calendar(bundled)
    cells = rows_of(chart, "x2", "told", "fill")
    assert len(cells) == (bundled.period.end - bundled.period.start).days + 1
    frozen = [row for row in cells if row["told"]]
    assert len(frozen) == 29 + 31 + 30 + 31
    assert {row["told"] for row in frozen} == {"Élections municipales des 9 et 16 mars 2008"}
    texts = {row["text"].replace("\n", " ") for row in rows_of(chart, "text")}
    assert "Municipales 2008\N{NO-BREAK SPACE}: 16 mars 2008" in texts


def test_a_period_shows_what_is_in_it(bundled: Programme, rows_of: Any) -> None:
    chart = charts.calendar(bundled, dt.date(2007, 9, 1), dt.date(2007, 9, 30), "en")
    assert (
        "From 1 September 2007 to 30 September 2007: 3 sessions"
        in chart.to_dict(validate=False)["title"]["subtitle"][0]
    )
    assert len(rows_of(chart, "x2", "told", "fill")) == 30
    assert not any("Periods without" in str(row["text"]) for row in rows_of(chart, "text"))


def test_sessions_of_a_day_stand_side_by_side_or_are_counted(rows_of: Any) -> None:
    days = ["2007-03-01"] * 2 + ["2007-03-02"] * 3
    chart = charts.calendar(made.programme(sessions=_sessions(days), attendances=[]))
    symbols = [row for row in rows_of(chart, "shape", "ink", "told") if "tone" not in row]
    assert sorted(row["text"] for row in symbols) == ["3", "A", "A"]
    first, second = (row["x"] for row in symbols if row["text"] == "A")
    assert first != second
    assert any("Plusieurs sessions" in str(row["text"]) for row in rows_of(chart, "text"))


def test_short_blackouts_are_named_in_the_legend_only(rows_of: Any) -> None:
    calendar = {"blackouts": [{"start": "2007-03-05", "end": "2007-03-06", "reason": made.both("Congrès des maires")}]}
    chart = charts.calendar(made.programme(calendar=calendar), dt.date(2007, 3, 1), dt.date(2007, 3, 31))
    texts = [row["text"].replace("\n", " ") for row in rows_of(chart, "text") if "Congrès" in str(row["text"])]
    assert texts == ["Congrès des maires\N{NO-BREAK SPACE}: du 5 mars 2007 au 6 mars 2007"]


def test_an_end_before_the_start_is_refused(bundled: Programme) -> None:
    with pytest.raises(ValueError, match="comes before the start"):
        charts.calendar(bundled, dt.date(2008, 1, 2), dt.date(2008, 1, 1))
