"""What importing the library and a first answer take in a new process, beside what they are measured against.

Modules are compiled where an installer would have compiled them: elsewhere, the compiling would be measured too.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from functools import partial

import _before
from _measured import in_turns, keep

IMPORT = "from prai_match import Programme"
FIRST_ANSWER = (
    f"{IMPORT}; import datetime; print(Programme.example().recommend(on=datetime.date(2007, 9, 3))['200066231'])"
)
"""A programme imported, loaded, asked and one of its answers printed."""
_DEPENDENCIES = "import polars; from pydantic import BaseModel"  # pydantic alone loads nothing before it is asked


def of_children() -> float:
    """Return the processor seconds that the processes which this one started took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(code: str, python: str = sys.executable) -> None:
    """Run some code in a new process of compiled modules."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"POLARS_MAX_THREADS": "1"}
    subprocess.run([python, "-c", code], check=True, env=environment, stdout=subprocess.DEVNULL)


def test_import() -> None:
    codes = {"needed": _DEPENDENCIES, "ours": IMPORT, "everything": "from prai_match import *"}
    times = in_turns({name: partial(run, code) for name, code in codes.items()}, rounds=3, clock=of_children)
    keep("import", times["ours"], times["needed"], ratio=1.4, everything=min(times["everything"]))


def test_a_first_answer() -> None:
    runs = {"ours": partial(run, FIRST_ANSWER), "before": partial(run, FIRST_ANSWER, _before.interpreter())}
    times = in_turns(runs, rounds=3, clock=of_children)
    keep("first_answer", times["ours"], times["before"], ratio=0.5)
