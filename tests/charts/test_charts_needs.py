"""Needs by workshop and axis: every need is counted once, those that nothing was recognised in too."""

from __future__ import annotations

import datetime as dt
from typing import Any

import made
from prai_match import Programme, charts


def _told(programme: Programme, rows_of: Any, **options: Any) -> set[str]:
    return {row["told"] for row in rows_of(charts.need_counts(programme, lang="en", **options), "told", "fill")}


def test_needs_are_drawn_in_their_states(bundled: Programme, rows_of: Any) -> None:
    day = dt.date(2008, 10, 1)
    states = bundled.needs_on(day, "en").filter(workshop="sig")["state"].to_list()
    counts = {state: states.count(state) for state in ("open", "to_confirm", "met", "lapsed", "withdrawn")}
    assert counts["open"]
    assert counts["to_confirm"]
    name = "Geographic information system (GIS) (theme: Knowing and managing the territory)"
    expected = (
        f"{name}: {len(states)} needs, of which {counts['open']} open, {counts['to_confirm']} to be confirmed, "
        f"{counts['met']} met and {counts['lapsed'] + counts['withdrawn']} lapsed or withdrawn"
    )
    assert expected in _told(bundled, rows_of, on=day)


def test_every_need_is_counted_once(bundled: Programme, rows_of: Any, written: Any) -> None:
    chart = charts.need_counts(bundled, lang="en")
    wholes = [text for text in written(chart) if text.endswith("%)")]
    bars = rows_of(chart, "amount", "place", "size")
    count = bundled.needs_on(bundled.period.end, "en").height
    assert count == len(bundled.needs) == 260
    assert sum(bar["amount"] for bar in bars if bar["size"] == max(row["size"] for row in bars)) == count
    assert sum(int(text.split(" ")[0]) for text in wholes) == count
    assert "260 needs until 31 December 2008" in chart.to_dict(validate=False)["title"]["subtitle"][0]


def test_those_that_nothing_is_recognised_in_stand_by_reason(rows_of: Any) -> None:
    needs = [
        {"collectivity": "09001", "date": "2007-05-02", "text": "Réfection du toit"},
        {"collectivity": "09001", "date": "2007-05-03", "text": "Réfection de la route"},
    ]
    told = _told(made.programme(needs=needs), rows_of)
    assert told == {
        "No workshop recognised: 2 needs",
        "The text has no word of the lexicon: the request concerns no workshop.: 2 needs",
    }


def test_what_comes_later_does_not_count(rows_of: Any) -> None:
    told = _told(made.programme(), rows_of, on=dt.date(2007, 5, 31))
    assert any(text.startswith("Site (theme: web): 1 need") for text in told)
    assert not any("SIG" in text for text in told)


def test_a_programme_without_needs(rows_of: Any) -> None:
    chart = charts.need_counts(made.programme(needs=[]))
    assert "0 besoin jusqu’au 31 décembre 2008" in chart.to_dict(validate=False)["title"]["subtitle"][0]
    assert rows_of(chart, "told", "fill") == []
