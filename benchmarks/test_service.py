"""The memory of a worker of a web service, which keeps the answers of thirteen days: the page on services tells it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from _memory import taken_alone

SERVICES = Path(__file__).parents[1] / "examples" / "services"

MEMORY = """
import datetime as dt
sys.path.insert(0, sys.argv[1])
import answers, fastapi_service  # the second as a worker loads it
def run():
    for week in range(13):
        on = dt.date(2007, 9, 3) + dt.timedelta(weeks=week)
        answers.all_of_them(on, "fr")
        answers.one_of_them("200066231", on, "fr")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_memory() -> None:
    memory = taken_alone(MEMORY, str(SERVICES))
    print(f"\na worker with thirteen days in its cache: {memory.whole:.0f} MB, of which the days {memory.added:.0f} MB")
