"""Installed packages, from their metadata, and the results of checks, as data and as text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from operator import attrgetter
from typing import Any, Final, Literal

from prai_match.errors import Lang
from prai_match.text import Readable, counted, current_language, messages, number

Status = Literal["passed", "failed", "skipped"]

_texts = partial(messages, "prai_match.doctor", "doctor")
_SIGNS: Final[dict[Status, str]] = {"passed": "✓", "failed": "✗", "skipped": "–"}


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check.

    Attributes:
        id: Identifier of what was checked: ``library``, ``dependencies``, ``files``, ``register``, the name of a
            bundled region, ``recommendation``, ``plan`` or ``viz``.
        status: ``passed``, ``failed``, or ``skipped`` if there was nothing to check.
        found: The result in one word: the identifier of its sentence.
        facts: The values of the sentence.
        remedy: A command, or ``report`` if installing something doesn't help; empty if there is nothing to do.
        extra: The extra that it needs; empty if it is part of the core.

    Example:
        >>> missing = Check("viz", "skipped", "missing", remedy='pip install "prai-match[viz]"', extra="viz")
        >>> print(missing.text("en"))
        – A chart: not tried, because the extra is not installed
        >>> missing.remedy
        'pip install "prai-match[viz]"'
    """

    id: str
    status: Status
    found: str
    facts: Mapping[str, str | int] = field(default_factory=dict, hash=False)
    remedy: str = ""
    extra: str = ""

    @property
    def core(self) -> bool:
        """Whether it is essential to the library."""
        return not self.extra

    def text(self, lang: Lang | None = None) -> str:
        """Return the result as one line.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        texts = _texts(lang := current_language(lang))
        facts = {name: number(fact, 0, lang) if isinstance(fact, int) else fact for name, fact in self.facts.items()}
        line = texts["line"].format(label=texts["checks"][self.id], sentence=texts["found"][self.found].format(**facts))
        return f"{_SIGNS[self.status]} {line}"


@dataclass(frozen=True, slots=True)
class Diagnosis(Readable):
    """What is installed, and whether it works.

    Attributes:
        version: Version of the library.
        python: The interpreter and its version.
        platform: The system, its version and the processor.
        core: The required packages.
        extras: Each extra with its packages, whether they are installed or not.
        checks: The results of checks, in order.

    Example:
        >>> missing = Check("viz", "skipped", "missing", remedy='pip install "prai-match[viz]"', extra="viz")
        >>> found = Diagnosis("0.1.0", "CPython 3.13.5", "Linux 6.12.9 (x86_64)", (), (), (missing,))
        >>> found.ok, found.failed
        (True, ())
    """

    version: str
    python: str
    platform: str
    core: tuple[Package, ...]
    extras: tuple[Extra, ...]
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether everything essential works."""
        return not any(check.core for check in self.failed)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed, including those of extras."""
        return tuple(check for check in self.checks if check.status == "failed")

    def text(self, lang: Lang | None = None) -> str:
        """Return the whole diagnosis as text; it names no folder, user or machine, so that it can be shared.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        texts = _texts(lang := current_language(lang))
        unsound = texts["extra_unsound" if self.ok else "unsound"]
        parts = (
            [f"prai_match {self.version}", f"{self.python}, {self.platform}"],
            [texts["core"], *(f"  {_package(package, texts)}" for package in self.core)],
            [texts["extras"], *(f"  {self._extra(extra, texts)}" for extra in self.extras)],
            [texts["tried"], *self._checks(texts, lang)],
            [counted(len(self.failed), unsound, lang) if self.failed else texts["sound"]],
        )
        return "\n\n".join("\n".join(lines) for lines in parts)

    def _extra(self, extra: Extra, texts: dict[str, Any]) -> str:
        width = max(len(other.name) for other in self.extras)
        if extra.installed:
            return f"✓ {extra.name:<{width}}  " + ", ".join(_package(package, texts) for package in extra.packages)
        lacking = ", ".join(package.name for package in extra.lacking)
        return f"– {extra.name:<{width}}  " + str(texts["lacking"]).format(packages=lacking, command=extra.command)

    def _checks(self, texts: dict[str, Any], lang: Lang) -> Iterator[str]:
        for check in self.checks:
            yield f"  {check.text(lang)}"
            if check.remedy:
                yield f"      {texts['remedy'].format(what=texts['remedies'].get(check.remedy, check.remedy))}"


def _package(package: Package, texts: dict[str, Any]) -> str:
    return f"{package.name} {package.version or texts['absent']}"


PROJECT: Final = "prai-match"
_OURS: Final = {"dev", "docs", "heavy"}  # extras to work on the library itself, which nobody installs with it
_REQUIREMENT: Final = re.compile(
    r"""(?P<name>[\w.-]+) \s* \(? (?:>=\s*(?P<least>[\d.]+))? [^;]* (?:;.*\bextra\s*==\s*['"](?P<extra>[^'"]+)['"])?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Package:
    """A package that the library uses, with its installed version, if any, and the oldest supported one, if any.

    Example:
        >>> Package("polars", "1.30.0", "2.0").fits, Package("polars", "2.1.0", "2.0").fits
        (False, True)
    """

    name: str
    version: str | None
    least: str = ""

    @property
    def fits(self) -> bool:
        """Whether it is installed in a supported version."""
        return self.version is not None and _release(self.version) >= _release(self.least)

    @property
    def wanted(self) -> str:
        """The requirement for pip: ``polars>=2.0``."""
        return f"{self.name}>={self.least}" if self.least else self.name


@dataclass(frozen=True, slots=True)
class Extra:
    """An extra such as ``plan``, and the packages that it installs, by name.

    Example:
        >>> viz = Extra("viz", (Package("altair", "6.0.0", "6.0"), Package("vl-convert-python", None, "1.8")))
        >>> viz.installed, [package.name for package in viz.lacking], viz.command
        (False, ['vl-convert-python'], 'pip install "prai-match[viz]"')
    """

    name: str
    packages: tuple[Package, ...]

    @property
    def installed(self) -> bool:
        """Whether all its packages are installed."""
        return not self.lacking

    @property
    def lacking(self) -> tuple[Package, ...]:
        """The packages that are not installed, or too old."""
        return tuple(package for package in self.packages if not package.fits)

    @property
    def command(self) -> str:
        """The command that installs it."""
        return f'pip install "{PROJECT}[{self.name}]"'


def version_of(name: str) -> str | None:
    """Return the version of a package; None if it isn't installed, or has no version."""
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return None


def core_and_extras() -> tuple[tuple[Package, ...], tuple[Extra, ...]]:
    """Return the required packages and the extras of the library, by name; empty if it isn't installed."""
    requirements: list[str] = []
    with suppress(metadata.PackageNotFoundError):
        requirements += metadata.requires(PROJECT) or []
    lists: dict[str, list[Package]] = defaultdict(list)
    for match in filter(None, map(_REQUIREMENT.match, requirements)):
        name = match["name"].lower()
        if name != PROJECT:  # an extra within another: its packages are told with its own name
            lists[match["extra"] or ""].append(Package(name, version_of(name), match["least"] or ""))
    groups = {name: tuple(sorted(group, key=attrgetter("name"))) for name, group in sorted(lists.items())}
    return groups.pop("", ()), tuple(Extra(name, group) for name, group in groups.items() if name not in _OURS)


def _release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, without trailing zeros, which don't matter."""
    numbers = re.match(r"[\d.]*", version)
    return tuple(int(part) for part in re.sub(r"(\.0*)*$", "", numbers[0] if numbers else "").split(".") if part)
