"""The calendar shows each session on its day, the blackouts and the elections."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import made
from prai_match import Programme, charts


def _sessions(days: list[str], code: str = "b_web") -> list[dict[str, Any]]:
    return [{"id": f"h{n}", "session": code, "date": day, "host": "T1"} for n, day in enumerate(days)]


def _symbols(chart: Any, rows_of: Any) -> list[dict[str, Any]]:
    return list(rows_of(chart, "shape", "letter", "told"))


def _cells(chart: Any, rows_of: Any) -> list[dict[str, Any]]:
    return [row for row in rows_of(chart, "on", "fill") if "shape" not in row]


def _day(row: dict[str, Any]) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(milliseconds=row["on"])


def test_each_session_stands_once_on_its_day(bundled: Programme, rows_of: Any) -> None:
    symbols = _symbols(charts.calendar(bundled), rows_of)
    assert sorted(map(_day, symbols)) == sorted(session.date for session in bundled.sessions)
    told = {row["told"]: row for row in symbols}
    row = told["14 novembre 2006 : Communiquer et informer sur internet ; CA du Grand Cahors"]
    assert _day(row) == dt.date(2006, 11, 14)


def test_days_and_months_are_axes_of_the_language(bundled: Programme, written: Any) -> None:
    texts = written(charts.calendar(bundled))
    assert "|".join(str(number) for number in range(1, 32)) in "|".join(texts)
    assert "sept. 2006" in texts
    assert "févr. 2007" in texts
    assert texts.index("sept. 2006") < texts.index("févr. 2007") < texts.index("déc. 2008")
    assert "Feb. 2007" in written(charts.calendar(bundled, lang="en"))


def test_blackouts_are_bands_with_their_reason(bundled: Programme, rows_of: Any, written: Any) -> None:
    chart = charts.calendar(bundled)
    cells = _cells(chart, rows_of)
    assert len(cells) == (bundled.period.end - bundled.period.start).days + 1
    frozen = [row for row in cells if row["told"]]
    assert len(frozen) == 29 + 31 + 30 + 31
    assert {row["told"] for row in frozen} == {"Élections municipales des 9 et 16 mars 2008"}
    assert {row["fill"] for row in frozen}.isdisjoint(row["fill"] for row in cells if not row["told"])
    assert {"Élections municipales des 9 et 16 mars 2008", "Municipales 2008 : 16 mars 2008"} <= set(written(chart))


def test_weekends_are_grey(rows_of: Any) -> None:
    cells = _cells(charts.calendar(made.programme(calendar={})), rows_of)
    fills = {
        weekend: {row["fill"] for row in cells if (_day(row).isoweekday() > 5) is weekend} for weekend in (True, False)
    }
    assert len(fills[True]) == len(fills[False]) == 1
    assert fills[True] != fills[False]


def test_a_period_shows_what_is_in_it(bundled: Programme, rows_of: Any, written: Any) -> None:
    chart = charts.calendar(bundled, dt.date(2007, 9, 1), dt.date(2007, 9, 30), "en")
    subtitle = chart.to_dict(validate=False)["title"]["subtitle"]
    assert "From 1 September 2007 to 30 September 2007: 3 sessions" in subtitle[0]
    assert len(_cells(chart, rows_of)) == 30
    assert "Periods without sessions" not in written(chart)


def test_sessions_of_a_day_stand_side_by_side_or_are_counted(rows_of: Any, written: Any) -> None:
    days = ["2007-03-01"] * 2 + ["2007-03-02"] * 3
    chart = charts.calendar(made.programme(sessions=_sessions(days), attendances=[]))
    symbols = _symbols(chart, rows_of)
    assert sorted(row["letter"] for row in symbols) == ["3", "A", "A"]
    first, second = (row["aside"] for row in symbols if row["letter"] == "A")
    assert first != second
    assert any("Plusieurs sessions" in text for text in written(chart))
    assert "5" in written(chart)  # those of the month


def test_short_blackouts_are_named_in_the_legend_only(written: Any) -> None:
    calendar = {"blackouts": [{"start": "2007-03-05", "end": "2007-03-06", "reason": made.both("Congrès des maires")}]}
    chart = charts.calendar(made.programme(calendar=calendar), dt.date(2007, 3, 1), dt.date(2007, 3, 31))
    texts = [text for text in written(chart) if "Congrès" in text]
    assert texts == ["Congrès des maires : du 5 mars 2007 au 6 mars 2007"]


def test_an_end_before_the_start_is_refused(bundled: Programme) -> None:
    with pytest.raises(ValueError, match=r"2008-01-01.*2008-01-02"):
        charts.calendar(bundled, dt.date(2008, 1, 2), dt.date(2008, 1, 1))
