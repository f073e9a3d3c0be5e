"""What stands behind an answer: the needs in their words, and the sessions attended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import given, strategies as st

import prai_match as pm
from made import ON, programme
from prai_match.testing import need_texts, programmes
from thorough import examples

DAYS = st.dates(dt.date(2006, 11, 1), dt.date(2009, 6, 1))


def asks(day: str, **others: Any) -> dict[str, Any]:
    return {"collectivity": "09001", "date": day, "channel": "mail", **others}


def test_needs_are_told_newest_first_with_their_state_and_what_they_stand_behind() -> None:
    site = asks(
        "2007-06-01", text="Refaire le site : appeler M. Dupont, 06 12 34 56 78.", workshop="site_internet", people=12
    )
    other, later = asks("2007-08-01", text="Numéroter les rues"), asks("2007-09-04", text="trop tard")
    rec = programme(needs=[site, later, other]).recommend(ON)["T1"]
    assert rec.session == "site_internet"
    with pm.language("en"):
        needs = rec.needs
    assert needs["name", "date", "channel", "text", "workshop", "state", "behind"].rows() == [
        ("Commune 1", dt.date(2007, 8, 1), "mail", "Numéroter les rues", None, "open", False),
        (
            *("Commune 1", dt.date(2007, 6, 1), "mail", "Refaire le site : appeler M. [name], [telephone]."),
            *("site_internet", "open", True),
        ),
    ]


def test_needs_stand_behind_a_buffet_that_leads_to_what_they_ask_for() -> None:
    weak = {"workshop": None, "text": "peut-être un SIG", "collectivity": "09005"}
    asked = programme(needs=[asks("2007-06-01", **weak)], strong_need=100).recommend(ON)["T3"]
    assert (asked.session, asked.needs["workshop", "behind"].rows()) == ("b_geo", [("sig", True)])


def test_the_history_says_when_where_and_who_came() -> None:
    came = {"session": "b_web", "date": "2007-03-01", "held": "h1"}
    more = [
        {"collectivity": "09001", **came, "elected": 2, "technicians": 1, "rating": 3},
        {"collectivity": "09002", **came, "elected": 1, "rating": 4},
        {"collectivity": "09002", "session": "b_geo", "date": "2007-04-01"},
        {"collectivity": "09002", "session": "b_geo", "date": "2007-10-01"},
    ]
    history = programme(attendances=more).recommend(ON)["T1"].history
    assert history.drop("territory").rows() == [
        (dt.date(2007, 4, 1), "b_geo", "Buffet geo", None, None, None, None, None, None, None),
        (dt.date(2007, 3, 1), "b_web", "Buffet web", "T2", "Territoire 2", 3, 1, 4, 3.5, "h1"),
    ]
    assert programme(attendances=()).recommend(ON)["T1"].history.is_empty()


@examples(30)
@given(programmes(texts=need_texts()), DAYS, st.randoms())
def test_what_stands_behind_is_what_the_day_knows_whatever_the_order_of_rows(
    prog: pm.Programme, on: dt.date, random: Any
) -> None:
    rows = {name: list(getattr(prog, name)) for name in ("needs", "attendances")}
    for each in rows.values():
        random.shuffle(each)
    mixed = prog.model_copy(update=rows)
    for rec, other in zip(prog.recommend(on), mixed.recommend(on), strict=True):
        assert rec.needs.equals(other.needs)
        assert rec.history.equals(other.history)
        known = prog.needs_on(on).filter(territory=rec.territory)
        assert sorted(rec.needs["state"]) == sorted(known["state"])
        behind = rec.needs.filter("behind")
        assert set(behind["state"]) <= {"open", "to_confirm"}
        assert rec.history.select((pl.col("date") <= on).all()).item()
        edges = prog.follow_ups(on).edges().filter(source=rec.session or "")
        assert set(behind["workshop"]) <= {rec.session, *edges["target"]}
