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
    programme = Programme.model_validate({**drawn, "decisions": []})
    assert numbers(_before(programme, start), start) == numbers(programme, start)


def test_later_rows_of_the_bundled_region_tell_nothing(example: Programme) -> None:
    start = dt.date(2007, 7, 1)  # by then there is enough to be told by
    programme = example.model_copy(update={"decisions": ()})
    told = numbers(programme, start)
    assert numbers(_before(programme, start), start) == told
    assert numbers(programme, dt.date(2008, 7, 1)) != told


def _before(programme: Programme, start: dt.date) -> Programme:
    known = {name: [row for row in getattr(programme, name) if row.date < start] for name in _DATED}
    held = {session.id for session in known["sessions"]}
    rows = [row for row in programme.registrations if row.session in held]
    return programme.model_copy(update={**known, "registrations": rows})


_DATED = ("needs", "sessions", "attendances")
