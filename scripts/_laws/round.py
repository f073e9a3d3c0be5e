"""One round of the laws, in a separate process: pytest, with a seed, over one share of them."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest
from hypothesis import Phase, is_hypothesis_test, settings
from hypothesis.statistics import collector, describe_statistics

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

_PYTEST = (
    "-q", "--tb=short", "--no-header", "-p", "no:cacheprovider", "--benchmark-disable",
    "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning",
)  # fmt: skip


class Tried(NamedTuple):
    """The result of a law in a round: its node id, the seed, the examples drawn, the seconds, and the outcome."""

    law: str
    seed: int
    examples: int
    seconds: float
    outcome: str


class Asked(NamedTuple):
    """The request of a round: the seed, where to look, which share of how many, until when, and the file of results.

    ``until`` is in seconds since the epoch; no law begins after it. ``first`` stops at the first example that breaks a
    law, without looking for a smaller one.
    """

    seed: int
    paths: Sequence[str]
    share: int
    shares: int
    until: float
    kept: str
    first: bool = False


class Round:
    """Runs the laws of a share, in an order that the seed decides, and records the result of each."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._outcome = ""

    def pytest_sessionstart(self) -> None:
        """Set the profile before tests are collected, since laws take their settings from it."""
        if self._asked.first:
            phases = (Phase.explicit, Phase.generate)
            settings.register_profile("first", settings.get_profile("search"), phases=phases)
            settings.load_profile("first")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        laws = sorted((item for item in items if _is_law(item)), key=lambda item: item.nodeid)
        mine = laws[self._asked.share :: self._asked.shares]
        items[:] = Random(self._asked.seed).sample(mine, len(mine))  # noqa: S311 - an order, not a secret

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        described: list[str] = []

        def collect(statistics: Any) -> None:  # noqa: ANN401 - Hypothesis names its type nowhere
            described.append(describe_statistics(statistics))

        self._outcome, start = "skipped", time.perf_counter()
        with collector.with_value(cast("None", collect)):
            result = yield
        # Of its own laws Hypothesis's plugin keeps the description itself.
        described.append(getattr(item, "hypothesis_statistics", ""))
        examples = sum(int(number) for number in re.findall(r"(\d+) (?:passing|failing)", "".join(described)))
        found = Tried(item.nodeid, self._asked.seed, examples, round(time.perf_counter() - start, 2), self._outcome)
        with Path(self._asked.kept).open("a", encoding="utf-8") as file:
            file.write(json.dumps(found._asdict()) + "\n")
        if time.time() > self._asked.until or (self._asked.first and self._outcome == "failed"):
            item.session.shouldstop = "enough"
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed or report.when == "call":
            self._outcome = report.outcome


def _is_law(item: pytest.Item) -> bool:
    return is_hypothesis_test(getattr(item, "obj", None)) or item.get_closest_marker("law") is not None


def tried(path: Path) -> list[Tried]:
    """Read the recorded results of rounds."""
    return [Tried(**json.loads(line)) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def main(text: str) -> int:
    """Run the round requested as JSON."""
    asked = Asked(*json.loads(text))
    options = ("--hypothesis-profile=search", f"--hypothesis-seed={asked.seed}")
    return pytest.main([*_PYTEST, *options, *asked.paths], plugins=[Round(asked)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
