"""The script that counts what the definition of follow-ups changes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import compare_follow_ups
from prai_match import Programme

if TYPE_CHECKING:
    import pytest


def test_causes_add_up_and_nobody_waits_where_nobody_attended_anything() -> None:
    days, prog = [dt.date(2007, 6, 4), dt.date(2007, 11, 5)], Programme.example()
    counts = compare_follow_ups.changes(prog, days)
    assert 150 < counts["first offers"] <= 202
    assert 0 < counts["all together"] <= sum(counts[name] for name in compare_follow_ups.CAUSES)
    alone = compare_follow_ups.changes(prog.model_copy(update={"attendances": ()}), days)
    assert (alone["who can follow"], alone["how long it has waited"]) == (0, 0)


def test_it_prints_a_line_a_cause(capsys: pytest.CaptureFixture[str]) -> None:
    compare_follow_ups.main(["--days", "1"])
    said = capsys.readouterr().out
    assert [line.split("  ")[1] for line in said.splitlines() if line.startswith("  ")][:5] == [
        "first offers", *compare_follow_ups.CAUSES, "all together",
    ]  # fmt: skip
