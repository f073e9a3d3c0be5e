"""The files of a simulation: one a scenario and some replications, which says what it belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prai_match._words import catalogue
from prai_match.errors import PraiError
from prai_match.files import put as put_file
from prai_match.io import seal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Owner = Callable[[int, int], str]

PACKAGE: Final = "prai_match.simulate"
"""Whose catalogue has the words."""
_NAME: Final = re.compile(r"(.+)-(\d{6,})-(\d{3,})\.parquet")


def put(folder: Path, scenario: str, first: int, count: int, data: bytes) -> None:
    """Write a part: ``count`` replications of a scenario from the number ``first``."""
    put_file(folder / _name(scenario, first, count), data)


def verified(folder: Path, scenario: str, owner: Owner, part: int) -> dict[int, int]:
    """Return how many replications are written from each number; the most, where a part was written twice.

    Args:
        folder: The folder.
        scenario: Name of the scenario.
        owner: What its parts are of.
        part: The replications that a part has, at the most.
    """
    there = parts(folder, scenario)
    for first, count in there.items():
        path = folder / _name(scenario, first, count)
        if first % part or not 0 < count <= part:
            raise _refused(path, "other")
        _check(path, owner(first, count))
    return there


def parts(folder: Path, scenario: str) -> dict[int, int]:
    """Return the parts of a scenario by their names, unread."""
    written: dict[int, int] = {}
    for name in _names(folder):
        if (found := _NAME.fullmatch(name)) and found[1] == scenario:
            first, count = int(found[2]), int(found[3])
            if name == _name(scenario, first, count):
                written[first] = max(count, written.get(first, 0))
    return written


def files(folder: Path, scenario: str, replications: int, owner: Owner | None) -> list[Path]:
    """Return the files of a scenario that have its first replications, each once, in their order.

    Args:
        folder: The folder.
        scenario: Name of the scenario.
        replications: How many.
        owner: What the parts are of; None: whatever they are.
    """
    there, at = parts(folder, scenario), 0
    found: list[Path] = []
    while at < replications:
        if not there.get(at):
            raise _missing(folder, scenario, at)
        path = folder / _name(scenario, at, there[at])
        if owner is not None:
            _check(path, owner(at, there[at]))
        found.append(path)
        at += there[at]
    return found


def parts_of_any(folder: Path) -> str:
    """Return the name of a part of any simulation; empty where there is none."""
    return next((name for name in _names(folder) if _NAME.fullmatch(name)), "")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _name(scenario: str, first: int, count: int) -> str:
    return f"{scenario}-{first:06}-{count:03}.parquet"


def _check(path: Path, owner: str) -> None:
    if (state := seal(path, owner)) != "whole":
        raise _refused(path, state)


def _refused(path: Path, fault: str) -> PraiError:
    return PraiError.of(PACKAGE, "refused", path=path, fault=catalogue(PACKAGE, "errors")["faults"][fault])


def _missing(folder: Path, scenario: str, first: int) -> PraiError:
    if not folder.is_dir():
        return PraiError.of(PACKAGE, "no_folder", folder=folder)
    return PraiError.of(PACKAGE, "no_replication", folder=folder, first=first, scenario=scenario)
