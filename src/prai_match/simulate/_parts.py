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


def verify(folder: Path, scenario: str, owner: Owner, part: int) -> dict[int, int]:
    """Return how many replications, ``part`` at most, are written from each number; refuse what isn't of ``owner``."""
    there = parts(folder, scenario)
    for first, count in there.items():
        path = folder / _name(scenario, first, count)
        if first % part or not 0 < count <= part:
            raise _refusal(path, "other")
        _check(path, owner(first, count))
    return there


def parts(folder: Path, scenario: str) -> dict[int, int]:
    """Return the parts of a scenario by their names, unread; the most, where one was written twice."""
    counts: dict[int, int] = {}
    for name in _names(folder):
        if (match := _NAME.fullmatch(name)) and match[1] == scenario:
            first, count = int(match[2]), int(match[3])
            if name == _name(scenario, first, count):
                counts[first] = max(count, counts.get(first, 0))
    return counts


def files(folder: Path, scenario: str, replications: int, owner: Owner | None) -> list[Path]:
    """Return the files of a scenario that have its first replications, each once, in their order.

    Without an ``owner``, they may be whatever they are.
    """
    there, at = parts(folder, scenario), 0
    paths: list[Path] = []
    while at < replications:
        if not there.get(at):
            raise _missing(folder, scenario, at)
        paths.append(folder / _name(scenario, at, there[at]))
        if owner is not None:
            _check(paths[-1], owner(at, there[at]))
        at += there[at]
    return paths


def parts_of_any(folder: Path) -> str:
    """Return the name of a part of any simulation; empty where there is none."""
    return next((name for name in _names(folder) if _NAME.fullmatch(name)), "")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _name(scenario: str, first: int, count: int) -> str:
    return f"{scenario}-{first:06}-{count:03}.parquet"


def _check(path: Path, owner: str) -> None:
    if (state := seal(path, owner)) != "whole":
        raise _refusal(path, state)


def _refusal(path: Path, fault: str) -> PraiError:
    return PraiError.of(PACKAGE, "refused", path=path, fault=catalogue(PACKAGE, "errors")["faults"][fault])


def _missing(folder: Path, scenario: str, first: int) -> PraiError:
    if not folder.is_dir():
        return PraiError.of(PACKAGE, "no_folder", folder=folder)
    return PraiError.of(PACKAGE, "no_replication", folder=folder, first=first, scenario=scenario)
