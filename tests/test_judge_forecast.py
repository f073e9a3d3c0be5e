"""The script that judges forecasts on a log that somebody has."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

import judge_forecast

if TYPE_CHECKING:
    from pathlib import Path

STEPS = "pqrstu"


def written(path: Path, head: str = "organisation,day,type", steps: str = STEPS) -> Path:
    """Organisations that take steps in their order, some weeks one after the other."""
    dice, lines = np.random.default_rng(1), [head]
    for number in range(120):
        day = dt.date(2015, 1, 1) + dt.timedelta(days=int(dice.integers(0, 1500)))
        for step in steps:
            lines.append(f"o{number},{day},{step}")
            day += dt.timedelta(days=int(dice.integers(10, 90)))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_strict_order_is_forecast_step_by_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = written(tmp_path / "log.csv", "who,when,what")
    judge_forecast.main([str(log), "--organisation=who", "--day=when", "--type=what", "--days=4", "--replications=20"])
    said = capsys.readouterr().out
    assert said.startswith("120 organisations, 6 types, 720 events from 2015-02-12")
    ours = next(line.split() for line in said.splitlines() if line.startswith("  ours"))
    assert (ours[0], ours[1], ours[3]) == ("ours", "1.0000", "1.0000")
    popularity = next(line.split() for line in said.splitlines() if line.startswith("  popularity"))
    assert float(popularity[1]) < 0.5
    assert popularity[3] == "-"
    assert "repeat: 0 cases" in said


def test_intervals_are_those_of_organisations_drawn_again() -> None:
    sums, weights = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [2.0, 0.0]])
    assert judge_forecast.measured(sums, weights).tolist() == [0.5, 1.0]


def test_other_separators_and_times_of_day_are_read(tmp_path: Path) -> None:
    log = written(tmp_path / "log.csv")
    plain = judge_forecast.read(log, "organisation", "day", "type")
    lines = [
        line.replace(",", " 08:30:00;", 2).replace(" 08:30:00;", ";", 1) for line in log.read_text("utf-8").splitlines()
    ]
    lines[0] = "organisation;day;type"
    log.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    assert judge_forecast.read(log, "organisation", "day", "type").events.equals(plain.events)


def test_what_is_no_log_is_told_where(tmp_path: Path) -> None:
    log = written(tmp_path / "log.csv")
    with pytest.raises(SystemExit, match="no column who; it has organisation, day, type"):
        judge_forecast.main([str(log), "--organisation=who"])
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_text("\n".join([*lines[:4], "o9,31/05/2015,p", *lines[4:]]), encoding="utf-8")
    with pytest.raises(SystemExit, match="line 5: an organisation, a day such as 2024-05-31 and a type"):
        judge_forecast.main([str(log)])
    with pytest.raises(SystemExit, match="No such file"):
        judge_forecast.main([str(tmp_path / "none.csv")])
    with pytest.raises(SystemExit, match=r"too few to judge by: 1 types \(2 at least\)"):
        judge_forecast.main([str(written(log, steps="p"))])
