"""What is installed, as the metadata of the packages say it; nothing is imported to know it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from importlib import metadata
from operator import attrgetter
from typing import Final

PROJECT: Final = "prai-match"
_OURS: Final = {"dev", "docs", "heavy"}  # extras to work on the library itself, which nobody installs with it
_REQUIREMENT: Final = re.compile(
    r"""(?P<name>[\w.-]+) \s* \(? (?:>=\s*(?P<least>[\d.]+))? [^;]* (?:;.*\bextra\s*==\s*['"](?P<extra>[^'"]+)['"])?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Package:
    """A package that the library uses, with the version that is installed, if any, and the oldest that will do, if any.

    Example:
        >>> Package("polars", "1.30.0", "2.0").fits, Package("polars", "2.1.0", "2.0").fits
        (False, True)
    """

    name: str
    version: str | None
    least: str = ""

    @property
    def fits(self) -> bool:
        """Whether it is installed, in a version that will do."""
        return self.version is not None and _release(self.version) >= _release(self.least)

    @property
    def wanted(self) -> str:
        """What to ask pip for: ``polars>=2.0``."""
        return f"{self.name}>={self.least}" if self.least else self.name


@dataclass(frozen=True, slots=True)
class Extra:
    """An extra, as ``plan``, and the packages that it installs, by name.

    Example:
        >>> viz = Extra("viz", (Package("altair", "6.0.0", "6.0"), Package("vl-convert-python", None, "1.8")))
        >>> viz.installed, [package.name for package in viz.lacking], viz.command
        (False, ['vl-convert-python'], 'pip install "prai-match[viz]"')
    """

    name: str
    packages: tuple[Package, ...]

    @property
    def installed(self) -> bool:
        """Whether all of it is installed."""
        return not self.lacking

    @property
    def lacking(self) -> tuple[Package, ...]:
        """The packages that are not installed, or too old."""
        return tuple(package for package in self.packages if not package.fits)

    @property
    def command(self) -> str:
        """What installs it."""
        return f'pip install "{PROJECT}[{self.name}]"'


def version_of(name: str) -> str | None:
    """Return the version of a package; None: it is not installed, or doesn't say."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def core_and_extras() -> tuple[tuple[Package, ...], tuple[Extra, ...]]:
    """Return the packages that the library can't do without, and its extras, by name; none where it isn't installed."""
    try:
        requirements = metadata.requires(PROJECT) or []
    except metadata.PackageNotFoundError:
        requirements = []
    lists: dict[str, list[Package]] = defaultdict(list)
    for match in filter(None, map(_REQUIREMENT.match, requirements)):
        name = match["name"].lower()
        if name != PROJECT:  # an extra within another: its packages are told with its own name
            lists[match["extra"] or ""].append(Package(name, version_of(name), match["least"] or ""))
    groups = {name: tuple(sorted(group, key=attrgetter("name"))) for name, group in sorted(lists.items())}
    return groups.pop("", ()), tuple(Extra(name, group) for name, group in groups.items() if name not in _OURS)


def _release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, without the zeros at its end, which count for nothing."""
    numbers = re.match(r"[\d.]*", version)
    return tuple(int(part) for part in re.sub(r"(\.0*)*$", "", numbers[0] if numbers else "").split(".") if part)
