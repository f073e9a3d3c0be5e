"""Processes that are parted from one that has imported the libraries, but nothing of prai_match."""

from __future__ import annotations

import multiprocessing
import os
import sys
from typing import TYPE_CHECKING

from hypothesis import Phase, settings

if TYPE_CHECKING:
    from pathlib import Path

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "_mutants.trial", "altair", "click", "highspy", "holidays", "hypothesis.strategies", "icalendar", "jinja2",
        "networkx", "numpy", "polars.testing", "pydantic", "python_calamine", "rapidfuzz.process", "snowballstemmer",
    ]
)  # fmt: skip

# Nothing that a test doesn't need: plugins, assertions told at length, and searches of the garbage.
PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception", "--assert=plain")
_EXAMPLES = 20


class Quick:
    """Has Hypothesis draw fewer examples, the same every time, and not look for the smallest that fails."""

    def pytest_sessionstart(self) -> None:
        """Set it before a test is collected."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings(max_examples=_EXAMPLES, phases=phases, derandomize=True))
        settings.load_profile("mutants")


def enter(root: Path) -> None:
    """Make the tree at ``root`` the project of this process and of those it starts; what it prints goes to a file."""
    os.chdir(root)
    os.environ |= {"PYTHONPATH": f"{root}/src", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    sys.path.insert(0, f"{root}/src")
    output = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
