"""What happens in the month of the first day, and later, tells a simulation nothing of its numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, strategies as st

import made
from calibrated import numbers
from prai_match import Programme
from thorough import examples


@given(made.crowded(), st.dates(dt.date(2006, 10, 1), dt.date(2008, 3, 1)))
@examples(30)
def test_later_rows_tell_nothing(drawn: dict[str, Any], start: dt.date) -> None:
    known = {name: [row for row in drawn[name] if row["date"] < start.isoformat()] for name in _DATED}
    held = {session["id"] for session in known["sessions"]}
    known["registrations"] = [row for row in drawn["registrations"] if row["session"] in held]
    before = Programme.model_validate({**drawn, **known, "decisions": []})
    assert numbers(before, start) == numbers(Programme.model_validate({**drawn, "decisions": []}), start)


_DATED = ("needs", "sessions", "attendances")
