"""How many examples of a law are tried: some while one works, more before a release, and any number in a search."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

MOST = 60
"""Examples of a law that asks for no number, in the profile ``thorough``."""
LEAST = 3


def register_profiles() -> None:
    """Name the profiles, of which ``suite`` is in force where no other is asked for.

    All but ``search`` draw the same examples every time, and nothing depends on the clock. What `find` finds needs no
    explanation, which takes longer than finding it.
    """
    settings.register_profile(
        "thorough",
        max_examples=MOST,
        deadline=None,
        derandomize=True,
        phases=[phase for phase in Phase if phase is not Phase.explain],
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.register_profile("suite", settings.get_profile("thorough"), max_examples=MOST // 3)
    settings.register_profile("quick", settings.get_profile("thorough"), max_examples=MOST // 10)
    # Other examples every time, those that failed once before all: make search.
    settings.register_profile(
        "search",
        max_examples=2 * MOST,
        deadline=None,
        derandomize=False,
        database=DirectoryBasedExampleDatabase(Path(__file__).parents[1] / ".hypothesis" / "examples"),
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("suite")


def examples(number: int, **others: Any) -> settings:
    """Return settings with ``number`` examples in the profile ``thorough``, and in any other in proportion to its own.

    >>> examples(MOST).max_examples == settings().max_examples
    True
    """
    part = number * settings().max_examples // MOST
    return settings(max_examples=max(part, min(number, LEAST)), **others)
