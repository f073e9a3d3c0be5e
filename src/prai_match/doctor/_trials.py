"""What is tried: each returns what it found, or raises whatever the library raises."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import hashlib
from importlib import metadata
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prai_match import register
from prai_match._front import Programme
from prai_match._version import __version__
from prai_match.doctor._diagnosis import Check
from prai_match.doctor._installed import PROJECT, version_of

if TYPE_CHECKING:
    from prai_match.doctor._installed import Package

REPORT: Final = "report"
"""The remedy where nothing can be installed that would help."""

_COUNTS: Final = {
    "commune": 34_969,
    "arrondissement_municipal": 45,
    "epci": 1_255,
    "departement": 109,
    "region": 26,
    "former_commune": 4_824,
    "dissolved": 18,
    "epci_names": 72,
    "aliases": 4_075,
}
"""Rows of the register by kind, then those of the tables of earlier names."""
_CODES: Final = {"31555": "Toulouse", "243100518": "Toulouse Métropole", "09": "Ariège"}
EXAMPLES: Final = {"midi_pyrenees": 101, "occitanie_2026": 161}
"""Territories of each bundled region."""
_ON: Final = dt.date(2007, 9, 3)
_TERRITORY, _SESSION = "200066231", "dematerialisation"
_SEASON: Final = (dt.date(2027, 1, 11), dt.date(2027, 3, 31))
"""Of the small programme that ``prai-match new`` writes."""


def reinstall() -> str:
    """Return the command that puts back the files of the version that runs."""
    return f"pip install --force-reinstall --no-deps {PROJECT}=={__version__}"


def library() -> Check:
    """Say whether the library is installed, and the same that runs."""
    installed, running = version_of(PROJECT), __version__
    if installed is None:
        return Check("library", "failed", "not_installed", remedy=f"pip install {PROJECT}")
    if installed != running:
        return Check("library", "failed", "other_version", {"installed": installed, "version": running}, reinstall())
    return Check("library", "passed", "library", {"version": running})


def dependencies(core: tuple[Package, ...]) -> Check:
    """Say which packages are missing or too old."""
    lacking = [package for package in core if not package.fits]
    if lacking:
        wanted = " ".join(f'"{package.wanted}"' for package in lacking)
        facts = {"packages": ", ".join(package.name for package in lacking)}
        return Check("dependencies", "failed", "lacking", facts, f"pip install --upgrade {wanted}")
    if not core:
        return Check("dependencies", "skipped", "not_installed")
    return Check("dependencies", "passed", "dependencies", {"count": len(core)})


def installed_files() -> Check:
    """Compare every file with the checksum that the wheel has of it."""
    # The list itself: `metadata.files` leaves out the files that are missing, on some versions of Python.
    try:
        distribution = metadata.distribution(PROJECT)
    except metadata.PackageNotFoundError:
        return Check("files", "skipped", "not_listed")
    listed = csv.reader((distribution.read_text("RECORD") or "").splitlines())
    ours = {path: told for path, told, _ in listed if path.startswith("prai_match/") and told}
    beside = Path(__file__).parents[1] / "__init__.py"
    own = Path(str(distribution.locate_file(f"prai_match/{beside.name}")))
    if not ours or not own.exists() or not own.samefile(beside):
        return Check("files", "skipped", "not_listed")
    changed = sorted(
        path for path, told in ours.items() if not _as_published(Path(str(distribution.locate_file(path))), told)
    )
    if changed:
        return Check("files", "failed", "changed", {"count": len(changed), "name": changed[0]}, reinstall())
    return Check("files", "passed", "files", {"count": len(ours)})


def _as_published(path: Path, told: str) -> bool:
    mode, _, expected = told.partition("=")
    try:
        found = hashlib.new(mode, path.read_bytes()).digest()
    except OSError:
        return False
    return base64.urlsafe_b64encode(found).decode().rstrip("=") == expected


def official_register() -> Check:
    """Count the rows of the register, and look up a few codes."""
    about = register.about()
    for kind, expected in _COUNTS.items():
        found = (about.counts | about.others).get(kind, 0)
        if found != expected:
            facts: dict[str, str | int] = {"kind": kind, "found": found, "expected": expected}
            return Check("register", "failed", "other_count", facts, reinstall())
    for code, name in _CODES.items():
        entry = register.get(code)
        if entry.name != name:
            return Check(
                "register", "failed", "other_entry", {"code": code, "found": entry.name, "expected": name}, reinstall()
            )
    facts = {"communes": about.counts["commune"], "epcis": about.counts["epci"], "vintage": about.vintage}
    return Check("register", "passed", "register", facts)


def example(name: str) -> Check:
    """Load a bundled region."""
    programme = Programme.example(name)
    found = {"territories": len(programme.territories), "sessions": len(programme.sessions)}
    rejected = programme.load_report.rejected if programme.load_report else 0
    if rejected or found["territories"] != EXAMPLES[name]:
        facts = found | {"rejected": rejected, "expected": EXAMPLES[name]}
        return Check(name, "failed", "other_example", facts, reinstall())
    return Check(name, "passed", "example", found)


def recommendation() -> Check:
    """Recommend for a territory of a bundled region."""
    rec = Programme.example().recommend(on=_ON, territories=_TERRITORY)[_TERRITORY]
    found = {"session": str(rec.session or rec.reason), "territory": rec.name}
    if rec.session != _SESSION:
        return Check("recommendation", "failed", "other_answer", found | {"expected": _SESSION}, REPORT)
    return Check("recommendation", "passed", "recommendation", found)


def plan() -> Check:
    """Plan a season of the small programme that ``prai-match new`` writes."""
    with as_file(files("prai_match.io").joinpath("templates", "fr")) as folder:
        made = Programme.load(folder).plan(*_SEASON, progress=lambda _: None)
    found: dict[str, str | int] = {"sessions": made.sessions.height, "status": made.status}
    if made.status != "optimal" or not made.sessions.height or made.check().height:
        return Check("plan", "failed", "other_plan", found, REPORT, "plan")
    return Check("plan", "passed", "plan", found, extra="plan")


def chart() -> Check:
    """Draw the needs of a bundled region."""
    from prai_match import charts  # noqa: PLC0415 - it takes what most programmes never need

    drawn = charts.svg(charts.need_counts(Programme.example()))
    if not drawn.startswith("<svg"):
        return Check("viz", "failed", "other_chart", remedy=REPORT, extra="viz")
    return Check("viz", "passed", "viz", extra="viz")
