"""Processes that are parted from one that has imported the libraries and the project, but computed nothing.

A process that has used polars can't be parted: its threads would be missing.
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

# Nothing that a test doesn't need: plugins, assertions told at length, and searches of the garbage.
PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception", "--assert=plain")


class Quick:
    """Has Hypothesis draw fewer examples, the same every time, and not look for the smallest that fails."""

    def __init__(self, examples: int) -> None:
        self._examples = examples

    def pytest_sessionstart(self) -> None:
        """Set it before a test is collected."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings(max_examples=self._examples, phases=phases, derandomize=True))
        settings.load_profile("mutants")


def start(root: Path) -> None:
    """Import the project of the tree at ``root``, whole as it is, in the process that those to come are parted from."""
    os.environ["PYTHONPATH"] = os.pathsep.join((f"{root}/src", str(Path(__file__).parents[1])))
    # It imports when it is first asked for a process, and a fault that stood there would stay in all that follow.
    first = CONTEXT.Process()
    first.start()
    first.join()


def enter(root: Path) -> None:
    """Make the tree at ``root`` the project of this process and of those it starts; what it prints goes to a file."""
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
    """Have the project's modules imported anew, as the tree has them now."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "prai_match"]:
        del sys.modules[name]
