"""Follow one need from its cell in a CSV to the sentences of an explanation: ``python scripts/follow_need.py``.

It loads a programme with one need, recommends and explains; it counts the library's modules and functions that run in
each of these steps, and names those that run in more than one, where work is done twice.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prai_match import Programme

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

ON = dt.date(2007, 9, 3)
PACKAGE = "prai_match"
EVERYWHERE = ("errors", "text", "model")
"""The folders of texts and data, whose functions run in each step without repeating work."""

_WRITTEN = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<lambda>", "<module>", "__init__")

Functions = Counter[tuple[str, str]]
"""Number of calls of each function, by module and name."""


def main(arguments: list[str] | None = None) -> None:
    """Print what runs in each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", action="store_true", help="name the functions that run in more than one step")
    asked = parser.parse_args(arguments)
    steps = follow()
    for name, functions in steps.items():
        modules = {module for module, _ in functions}
        print(f"{name:9} {len(modules):4} modules {len(functions):5} functions {functions.total():7} calls")
    every: Functions = Counter()
    for functions in steps.values():
        every.update(functions)
    modules = {module for module, _ in every}
    print(f"{'in all':9} {len(modules):4} modules {len(every):5} functions {every.total():7} calls")
    again = twice(steps)
    print(f"{len(again)} functions outside {', '.join(EVERYWHERE)} run in more than one step")
    if asked.functions:
        for module, function in again:
            print(f"  {module}.{function}")


def follow() -> dict[str, Functions]:
    """Load a programme with one need, recommend and explain; return what ran in each step.

    What a process reads once (the register, the bundled lexicon, the default policy) belongs to no need: it is
    read before.
    """
    whole = Programme.example()
    need = next(need for need in whole.needs if need.text and need.date <= ON)
    asking = next(each.id for each in whole.territories if need.collectivity in each.members)
    with tempfile.TemporaryDirectory() as folder:
        whole.model_copy(update={"needs": whole.needs[:0]}).save(folder)
        header, *_ = Path(folder, "needs.csv").read_text("utf-8-sig").splitlines()
        cells = {"collectivity": need.collectivity, "date": need.date.isoformat(), "text": need.text}
        row = ";".join(cells.get(name, "") for name in header.split(";"))
        Path(folder, "needs.csv").write_text(f"{header}\n{row}\n", "utf-8")
        _steps(folder, asking)
        return _steps(folder, asking)


def _steps(folder: str, asking: str) -> dict[str, Functions]:
    ran: dict[str, Functions] = {}
    programme = _profiled(ran, "load", lambda: Programme.load(folder))
    recs = _profiled(ran, "recommend", lambda: programme.recommend(on=ON, territories=[asking]))
    _profiled(ran, "why", lambda: str(recs[asking].why("fr")))
    return ran


def twice(steps: dict[str, Functions]) -> list[tuple[str, str]]:
    """Return the functions that run in more than one step, by module and name."""
    count = Counter(function for functions in steps.values() for function in functions)
    ours = (function for function, times in count.items() if times > 1)
    return sorted((module, name) for module, name in ours if module.split(".")[1] not in EVERYWHERE)


def _profiled(ran: dict[str, Functions], step: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it gives
    functions = ran[step] = Counter()

    def profile(frame: FrameType, event: str, _: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith(f"{PACKAGE}.") and _is_written(frame.f_code.co_qualname):
            functions[module, frame.f_code.co_qualname] += 1

    sys.setprofile(profile)
    try:
        return work()
    finally:
        sys.setprofile(None)


def _is_written(function: str) -> bool:
    """Return whether a function is written in the source: not a comprehension or a dataclass constructor."""
    return "<" not in function.rpartition(".")[2] and not function.startswith("__create_fn__")


if __name__ == "__main__":
    main()
