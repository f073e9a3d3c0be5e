"""Processes forked from one that has imported the libraries and the project, but computed nothing.

A process that has used polars can't be forked: its threads would be missing.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

from hypothesis import Phase, settings

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "_mutants.trial", "_mutants.reach", "click", "click.testing", "hypothesis.strategies", "jinja2", "networkx",
        "numpy", "odfdo", "pandas", "polars.testing", "pyarrow", "python_calamine", "rapidfuzz.process",
        "snowballstemmer", "tomli_w", "xlsxwriter", "prai_match", "prai_match.testing",
    ]
)  # fmt: skip

# Without what tests don't need: plugins, detailed assertions, and garbage collection.
PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception", "--assert=plain")


class Quick:
    """Makes Hypothesis draw fewer examples, the same every time, without shrinking."""

    def __init__(self, examples: int) -> None:
        self._examples = examples

    def pytest_sessionstart(self) -> None:
        """Set the profile before tests are collected."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings(max_examples=self._examples, phases=phases, derandomize=True))
        settings.load_profile("mutants")


def start(root: Path) -> None:
    """Import the whole project of the tree at ``root`` in the process from which others are forked."""
    os.environ["PYTHONPATH"] = os.pathsep.join((f"{root}/src", str(Path(__file__).parents[1])))
    # It imports on its first request for a process, and a fault present then would stay in all later ones.
    first = CONTEXT.Process()
    first.start()
    first.join()


def enter(root: Path) -> None:
    """Make the tree at ``root`` the project of this process and of its children; output goes to a file."""
    os.chdir(root)
    os.environ |= {"PYTHONPATH": f"{root}/src", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    sys.path.insert(0, f"{root}/src")
    output = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    loaded = sys.modules.get("prai_match")
    if loaded and not str(loaded.__file__).startswith(f"{root}/"):
        forget()


def forget() -> None:
    """Make the project's modules be imported again, from the current tree."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "prai_match"]:
        del sys.modules[name]
