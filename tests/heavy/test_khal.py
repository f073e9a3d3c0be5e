"""A plan as a calendar program keeps it: read again, a changed plan updates its sessions instead of doubling them."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from plan import plans

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


KHAL = shutil.which("khal")
_CONFIGURATION = """\
[calendars]
[[sessions]]
path = {folder}/sessions
type = calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Paris
default_timezone = Europe/Paris
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = sessions
"""


@pytest.fixture
def khal(tmp_path: Path) -> Callable[..., str]:
    """Run khal on a calendar of its own."""
    if KHAL is None:
        pytest.skip("no khal on this machine (Debian: apt-get install khal)")
    (tmp_path / "sessions").mkdir()
    configuration = tmp_path / "khal.conf"
    configuration.write_text(_CONFIGURATION.format(folder=tmp_path), "utf-8")

    def run(*arguments: Any) -> str:
        command = [KHAL, "-c", configuration, *arguments]
        return subprocess.run(command, check=True, timeout=60, capture_output=True, text=True).stdout

    return run


def test_a_changed_plan_updates_what_is_there(khal: Callable[..., str], tmp_path: Path) -> None:
    made = plans.planned()
    first = made.to_icalendar()
    moved = made.with_sessions(
        made.sessions.filter(pl.col("session") != "sig").with_columns(
            date=pl.when(session="site_internet").then(pl.lit(dt.date(2007, 11, 15))).otherwise("date")
        )
    )
    listed = []
    for name, data in (("first", first), ("again", first), ("moved", moved.to_icalendar(previous=first))):
        path = tmp_path / f"{name}.ics"
        path.write_bytes(data)
        khal("import", "--batch", "-a", "sessions", path)
        asked = ("list", "2007-09-01", "2008-02-29", "--format", "{start-date}|{title}|{location}|{status}", "-df", "")
        listed.append(sorted(line for line in khal(*asked).splitlines() if line))
        assert len(list((tmp_path / "sessions").glob("*.ics"))) == made.sessions.height
    before, again, after = listed
    assert before == again
    assert len(before) == len(after) == made.sessions.height
    site = "Atelier de projets : Site – Territoire 1|Territoire 1 (Ariège)|TENTATIVE "
    assert f"2007-11-15|{site}" in after
    assert sum("Site" in line for line in after) == 1
    assert [line.split("|")[3] for line in after if "Annulée – Atelier de projets : SIG" in line] == ["CANCELLED "]
